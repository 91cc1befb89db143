// On a phone there is one pane at a time, the back button goes back, and nothing is wider than the screen.
import type { Page } from "@playwright/test";
import { alive, befriend, expect, test, visit } from "../people.ts";

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

async function expectNoOverflow(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `the width of ${page.url()}`).toBeLessThanOrEqual(360);
}

test("one goes from the list to a conversation and back", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await bob.tell(ann, "hello");
  await ann.visit("/chats");
  await expect(ann.box).toBeHidden();
  await ann.entry(bob).tap();
  await expect(ann.bubble("hello")).toBeVisible();
  await expect(ann.contactTab("Friends")).toBeHidden();
  await ann.page.goBack();
  await expect(ann.entry(bob)).toBeVisible();
  await expect(ann.box).toBeHidden();
  await ann.entry(bob).tap();
  await ann.page.getByRole("link", { name: "Back" }).tap();
  await expect(ann.entry(bob)).toBeVisible();
});

test("Enter makes a line and the button sends", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.box.tap();
  await ann.box.pressSequentially("one");
  await ann.box.press("Enter");
  await ann.box.pressSequentially("two");
  await expect(ann.box).toHaveValue("one\ntwo");
  await ann.page.getByRole("button", { name: "Send", exact: true }).tap();
  await expect(ann.bubble("one two")).toHaveAttribute("data-state", "sent");
});

test("nothing is wider than the screen", async ({ browse, join, troubles }) => {
  troubles.expect(/status of 404.*nowhere/);
  const ann = await join("ann".repeat(10), "W".repeat(32));
  const bob = await join("bob".repeat(10), "名".repeat(32));
  const carol = await join("carol", "Carol");
  await befriend(ann, bob);
  await carol.call("request_friend", { for_user: carol.id, user: ann.id, note: "n".repeat(100) });
  await bob.tell(ann, `https://example.org/${"long".repeat(50)}`);
  await ann.tell(bob, "W".repeat(300));
  for (const path of ["/chats", "/friends", "/groups", "/settings", "/nowhere", `/chats/${bob.contact}`]) {
    await ann.visit(path);
    await expectNoOverflow(ann.page);
  }
  const stranger = await (await browse()).newPage();
  for (const path of ["/sign-in", "/register"]) {
    await visit(stranger, path);
    await expectNoOverflow(stranger);
  }
  await alive(stranger);
});
