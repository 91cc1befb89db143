// Nobody is shut out: an audit of every page in light and dark, and the whole way by keyboard alone.
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { alive, befriend, entryOf, expect, password, signIn, test, visit } from "../people.ts";

/** Looks for serious and critical faults, in light, and again for the colours in dark. */
async function audit(page: Page, what: string): Promise<void> {
  // "Legacy" is for pages without frames, and spares a page of its own for each audit.
  const axe = () => new AxeBuilder({ page }).setLegacyMode();
  const inLight = await axe().analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const inDark = await axe().withRules("color-contrast").analyze();
  await page.emulateMedia({ colorScheme: "light" });
  const faults = [...inLight.violations, ...inDark.violations];
  const grave = faults.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  expect.soft(found, what).toEqual([]);
}

test("the pages for everybody have no serious or critical fault", async ({ ann, browse, troubles }) => {
  troubles.expect(/status of 404.*nowhere/);
  const page = await (await browse()).newPage();
  await visit(page, "/sign-in");
  await audit(page, "sign-in");
  const answered = page.waitForEvent("load");
  await signIn(page, ann.username, "wrong horse");
  await answered;
  await alive(page);
  await expect(page.getByRole("alert")).toBeVisible();
  await audit(page, "sign-in, refused");
  await visit(page, "/register");
  await audit(page, "register");
  await visit(page, "/nowhere");
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await audit(page, "not found");
});

test("the pages of a signed-in person have no serious or critical fault", async ({ ann, bob, carol }) => {
  await befriend(ann, bob);
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
