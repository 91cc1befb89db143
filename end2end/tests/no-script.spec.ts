// Signing in and sending without JavaScript; rejected forms keep the typed text.
import { befriend, expect, password, signIn, test } from "../people.ts";

// Playwright applies this to every new context of the tests, those of `browse` included.
test.use({ javaScriptEnabled: false });

test("a wrong password shows the reason and keeps the username", async ({ ann, browse }) => {
  const page = await (await browse()).newPage();
  await page.goto("/settings");
  await signIn(page, ann.username, "wrong horse");
  await expect(page.getByRole("alert")).toHaveText("The username or the password is wrong.");
  await expect(page.getByLabel("Username")).toHaveValue("ann");
  await expect(page.getByLabel("Password")).toHaveValue("");
  expect(page.url()).not.toContain("horse");
  await signIn(page, ann.username);
  await expect(page).toHaveURL(/\/settings$/);
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();

  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/chats");
  await expect(page).toHaveURL(/\/sign-in\?back=/);
});

test("a rejected registration shows the reason and keeps the fields", async ({ ann, browse }) => {
  const page = await (await browse()).newPage();
  await page.goto("/register");
  await page.getByLabel("Username").fill("ANN");
  await page.getByLabel("Display name").fill("另一个 Ann");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toHaveText("This username is taken.");
  await expect(page.getByLabel("Username")).toHaveValue("ANN");
  await expect(page.getByLabel("Display name")).toHaveValue("另一个 Ann");
  await expect(page.getByLabel("Password")).toHaveValue("");

  await page.getByLabel("Username").fill(`${ann.username}2`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await expect(page.getByRole("banner")).toContainText("另一个 Ann");
});

test("a message is sent by the plain form and shown on the page it returns", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await bob.tell(ann, "can you read me?");
  await ann.page.goto("/chats");
  await ann.entry(bob).click();
  await expect(ann.texts).toHaveText(["can you read me?"]);
  await ann.box.fill("yes, <b>without</b> a script");
  await ann.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ann.texts).toHaveText(["can you read me?", "yes, <b>without</b> a script"]);
  await expect(ann.box).toHaveValue("");
  await ann.page.reload();
  await expect(ann.texts).toHaveCount(2);
});

test("a rejected message shows the reason and keeps its text", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.page.goto(`/chats/${bob.contact}`);
  const long = "长".repeat(4001);
  await ann.box.fill(long);
  await ann.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ann.page.getByRole("alert")).toHaveText("A message has at most 4,000 characters.");
  await expect(ann.box).toHaveValue(long);
  await ann.box.fill("short");
  await ann.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ann.texts).toHaveText(["short"]);
});
