// The second WASM file: fetched when it is needed, and retried after a failure.
import { befriend, expect, test } from "../people.ts";

const file = "**/split_later.wasm";

test("the second WASM file is fetched only when it is needed", async ({ ann, bob }) => {
  await befriend(ann, bob);
  let asked = 0;
  await ann.page.route(file, (route) => {
    asked++;
    return route.continue();
  });
  await ann.talkTo(bob);
  await ann.box.fill("hello");
  expect(asked).toBe(0);
  await ann.page.getByRole("button", { name: "Emoji" }).click();
  await ann.page.getByRole("button", { name: "😀", exact: true }).click();
  await expect(ann.box).toHaveValue("hello😀");
  await ann.contactTab("Friends").click();
  await expect(ann.page.getByRole("region", { name: "Friends" })).toBeVisible();
  expect(asked).toBe(1);
});

test("a failed fetch of the second WASM file shows an error and can be retried", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/ERR_FAILED|Failed to fetch/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.page.route(file, (route) => route.abort());
  await ann.contactTab("Friends").click();
  const failure = ann.page.getByRole("alert").filter({ hasText: "could not be loaded" });
  await expect(failure).toBeVisible();
  await ann.page.unroute(file);
  await failure.getByRole("button", { name: "Try again" }).click();
  await expect(ann.page.getByRole("region", { name: "Friends" })).toBeVisible();
  await expect(failure).toBeHidden();
});
