// Nobody is shut out: an audit of every page in light and dark, and the whole way by keyboard alone.
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { alive, befriend, entryOf, expect, password, test, visit } from "../people.ts";

async function audit(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  expect.soft(found, what).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("no page has a serious or critical fault", async ({ ann, bob, carol, browse, troubles }) => {
      troubles.expect(/status of (401|404)/);
      await befriend(ann, bob);
      const stranger = await (await browse()).newPage();
      await visit(stranger, "/sign-in");
      await audit(stranger, "sign-in");
      await visit(stranger, "/sign-in?back=/settings");
      await stranger.getByLabel("Username").fill("ann");
      await stranger.getByLabel("Password").fill("wrong horse");
      await stranger.getByRole("button", { name: "Sign in" }).click();
      await expect(stranger.getByRole("alert")).toBeVisible();
      await alive(stranger);
      await audit(stranger, "sign-in, refused");
      await visit(stranger, "/register");
      await audit(stranger, "register");
      await visit(stranger, "/nowhere");
      await expect(stranger.getByRole("heading", { name: "Page not found" })).toBeVisible();
      await audit(stranger, "not found");

      await ann.visit("/chats");
      await audit(ann.page, "no conversation");
      await ann.talkTo(bob);
      await audit(ann.page, "an empty conversation");
      await bob.tell(ann, "hello");
      await ann.write("hello, see https://example.org/");
      await expect(ann.bubble("hello")).toBeVisible();
      await audit(ann.page, "a conversation");
      await carol.call("request_friend", { for_user: carol.id, user: ann.id, note: "It is me" });
      await ann.contactTab("Friends").click();
      await expect(ann.page.getByText("It is me")).toBeVisible();
      await audit(ann.page, "friends");
      await ann.page.getByRole("link", { name: "Settings" }).click();
      await expect(ann.page.getByText("This device")).toBeVisible();
      await audit(ann.page, "settings");
    });
  });
}

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${target}`);
}

test("the keyboard alone is enough from signing in to a message", async ({ ann, bob, browse }) => {
  await befriend(ann, bob);
  await bob.tell(ann, "come in");
  const page = await (await browse()).newPage();
  await visit(page, "/sign-in");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type("ann");
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/chats");
  await alive(page);
  await tabTo(page, entryOf(page, "Bob"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Message", exact: true })).toBeFocused();
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").locator(".message-text")).toHaveText(["come in", "by keyboard"]);
});
