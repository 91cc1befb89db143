// Unread messages: the line above them, the title, notifications; and the settings of the device.
import type { Page } from "@playwright/test";
import { befriend, expect, tellMany, test, wheel } from "../people.ts";

test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

test("a conversation opens at its first unread message", async ({ ann, bob, carol }) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await carol.tell(ann, "from Carol");
  await tellMany(bob, ann, 70);
  await ann.hasRead(bob, 5);
  await ann.visit("/chats");
  await ann.entry(bob).click();
  const line = ann.page.getByText("Unread from here");
  await expect(line).toBeInViewport();
  await expect(ann.bubble("line 6")).toBeInViewport();
  await expect(ann.bubble("line 70")).not.toBeInViewport();
  await expect(ann.badge(bob)).toHaveAccessibleName("65 unread");
  const button = ann.page.getByRole("button", { name: /New messages/ });
  const below = async () => Number((await button.innerText()).match(/\d+/)?.[0]);
  const first = await below();
  expect(first).toBeGreaterThan(30);
  expect(first).toBeLessThan(65);
  await wheel(ann, 400);
  expect(await below()).toBeLessThan(first);
  await button.click();
  await expect(ann.bubble("line 70")).toBeInViewport();
  await expect(ann.badge(bob)).toBeHidden();
  await expect(line).toHaveCount(1);
  await ann.entry(carol).click();
  await ann.entry(bob).click();
  await expect(ann.bubble("line 70")).toBeInViewport();
  await expect(line).toHaveCount(0);
});

test("a few unread messages fit on the screen and are marked as read", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await tellMany(bob, ann, 3);
  await ann.hasRead(bob, 1);
  await ann.talkTo(bob);
  await expect(ann.page.getByText("Unread from here")).toBeInViewport();
  await expect(ann.bubble("line 3")).toBeInViewport();
  await expect(ann.badge(bob)).toBeHidden();
  await expect(ann.bubble("line 1")).toHaveClass(/first/);
  await expect(ann.bubble("line 2")).toHaveClass(/first/);
  await expect(ann.bubble("line 2")).not.toHaveClass(/last/);
  await expect(ann.bubble("line 3")).toHaveClass(/last/);
  await bob.tell(ann, "line 4");
  await expect(ann.bubble("line 3")).not.toHaveClass(/last/);
  await expect(ann.bubble("line 4")).toHaveClass(/last/);
});

type Shown = { title: string; body: string; tag: string; click: () => void };
declare global {
  interface Window {
    shown: Shown[];
  }
}

/** Replaces the page's `Notification` by one that only records. */
async function recordNotifications(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shown = [];
    class Recorder {
      static permission = "default";
      static requestPermission(answered?: (permission: string) => void) {
        Recorder.permission = "granted";
        answered?.("granted");
        return Promise.resolve("granted");
      }
      onclick: (() => void) | null = null;
      close() {}
      constructor(title: string, { body = "", tag = "" }: NotificationOptions) {
        window.shown.push({ title, body, tag, click: () => this.onclick?.() });
      }
    }
    Object.defineProperty(window, "Notification", { value: Recorder });
  });
}

test("a message in a hidden tab raises a notification, and a click opens it", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await recordNotifications(ann.page);
  await ann.visit("/settings");
  await ann.page.getByLabel("Show new messages of other conversations").check();
  await ann.page.getByRole("link", { name: "Chats" }).first().click();
  await ann.contactTab("Friends").click();
  await ann.entry(bob).click();
  const shown = () =>
    ann.page.evaluate(() => window.shown.map(({ title, body, tag }) => ({ title, body, tag })));
  await carol.tell(ann, "x".repeat(150));
  await expect
    .poll(shown)
    .toEqual([{ title: "Carol", body: "x".repeat(100), tag: `kith-${carol.contact}` }]);
  await bob.tell(ann, "in view");
  await expect(ann.texts).toHaveText(["in view"]);
  await ann.write("mine");
  await expect(ann.bubble("mine")).toHaveAttribute("data-state", "sent");
  expect(await shown()).toHaveLength(1);
  await ann.page.evaluate(() => window.shown[0]?.click());
  await expect(ann.page.getByRole("heading", { name: "Chatting with Carol" })).toBeVisible();
});

test('the setting "Enter starts a new line" changes the composer', async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.visit("/settings");
  await ann.page.getByLabel("Enter starts a new line, Ctrl+Enter sends").check();
  await ann.talkTo(bob);
  await ann.box.pressSequentially("one");
  await ann.box.press("Enter");
  await ann.box.pressSequentially("two");
  await expect(ann.box).toHaveValue("one\ntwo");
  await ann.box.press("Control+Enter");
  await expect(ann.bubble("one two")).toHaveAttribute("data-state", "sent");
});
