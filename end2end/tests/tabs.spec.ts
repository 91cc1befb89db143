// Several tabs of one browser: they share one receive, and agree on everything.
import type { Page } from "@playwright/test";
import { alive, befriend, expect, password, type Person, test, visit } from "../people.ts";

/** Makes the page believe that it is hidden or visible: in these tests every page is visible. */
async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((visible) => {
    Object.defineProperty(document, "visibilityState", {
      configurable: true,
      get: () => (visible ? "visible" : "hidden"),
    });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, visible);
}

/** Counts the held receives and WebSockets of a page. */
function held(page: Page): () => number {
  let count = 0;
  const change = (by: number) => (request: { url(): string }) => {
    if (request.url().endsWith("/api/receive")) count += by;
  };
  page.on("request", change(1));
  page.on("requestfinished", change(-1));
  page.on("requestfailed", change(-1));
  page.on("websocket", (socket) => {
    count++;
    socket.on("close", () => count--);
  });
  return () => count;
}

test("a draft written in one tab appears in the other", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  await other.box.blur();
  await ann.box.fill("half a word");
  await expect(other.box).toHaveValue("half a word");
  await ann.box.fill("");
  await expect(other.box).toHaveValue("");
});

test("a pending message is pending in both tabs, and later stored in both", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  let sends = 0;
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await ann.page.context().route("**/api/send_message", async (route) => {
    sends++;
    await released;
    await route.continue();
  });
  await ann.write("slow");
  await expect(other.bubble("slow")).toHaveAttribute("data-state", "sending");
  release();
  await expect(ann.bubble("slow")).toHaveAttribute("data-state", "sent");
  await expect(other.bubble("slow")).toHaveAttribute("data-state", "sent");
  expect(sends).toBe(1);
});

test("a message that a closed tab had not sent is sent by another tab", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  await ann.page.route("**/api/send_message", () => {});
  await ann.write("left behind");
  await expect(other.bubble("left behind")).toHaveAttribute("data-state", "sending");
  await ann.page.close({ runBeforeUnload: true });
  await expect(other.bubble("left behind")).toHaveAttribute("data-state", "sent");
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["left behind"]);
});

test("a message discarded in one tab disappears from all", async ({ ann, bob, troubles }) => {
  troubles.allow(/status of 403.*send_message/);
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  await ann.page.route("**/api/send_message", (route) =>
    route.fulfill({
      status: 403,
      headers: { serverfnerror: "/api/send_message", "content-type": "application/json" },
      body: JSON.stringify({ error: "not_a_contact" }),
    }),
  );
  await ann.write("refused");
  await expect(other.bubble("refused")).toHaveAttribute("data-state", "failed");
  await other.bubble("refused").getByRole("button", { name: "Discard" }).click();
  await expect(ann.texts).toHaveCount(0);
  await expect(other.texts).toHaveCount(0);
});

test("ten tabs hold one receive, show every message, and each can send", async ({ ann, bob }) => {
  test.slow();
  await befriend(ann, bob);
  const tabs: Person[] = [];
  const receives: (() => number)[] = [];
  for (let n = 0; n < 10; n++) {
    const tab = await ann.tab();
    receives.push(held(tab.page));
    await tab.visit("/chats");
    tabs.push(tab);
    if (n > 0) await show(tab.page, false);
  }
  const [first, ...others] = tabs as [Person, ...Person[]];
  const last = others.at(-1) ?? first;
  await expect.poll(() => receives.map((count) => count())).toEqual([1, ...others.map(() => 0)]);
  await bob.tell(ann, "to all of you");
  for (const tab of tabs) {
    await expect(tab.page).toHaveTitle("(1) Kith");
    await expect(tab.badge(bob)).toHaveAccessibleName("1 unread");
  }

  // The visible tab becomes hidden, and another one becomes visible and writes.
  await show(first.page, false);
  await show(last.page, true);
  await expect.poll(() => receives.map((count) => count())).toEqual([...others.map(() => 0), 1]);
  await last.entry(bob).click();
  await last.write("from the tenth");
  await expect(last.bubble("from the tenth")).toHaveAttribute("data-state", "sent");
  for (const tab of tabs) await expect(tab.page).toHaveTitle("Kith");

  // Without a visible tab, a hidden one receives for all.
  await show(last.page, false);
  const total = () => receives.reduce((sum, count) => sum + count(), 0);
  await expect.poll(total).toBe(1);

  // When it is closed, another one takes over.
  const gone = receives.findIndex((count) => count() === 1);
  await tabs[gone]?.page.close({ runBeforeUnload: true });
  const left = tabs.filter((_, n) => n !== gone);
  await bob.tell(ann, "still there?");
  for (const tab of left) await expect(tab.page).toHaveTitle("(1) Kith");
});

/** A browser on plain HTTP, which has no Web Locks. */
async function withoutLocks(page: Page): Promise<void> {
  await page
    .context()
    .addInitScript(() =>
      Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined }),
    );
}

/** Opens `count` visible tabs on the list of chats, and counts the held receives of each. */
async function open(
  person: Person,
  count: number,
): Promise<{ tabs: Person[]; receives: (() => number)[] }> {
  const tabs: Person[] = [];
  const receives: (() => number)[] = [];
  for (let n = 0; n < count; n++) {
    const tab = await person.tab();
    receives.push(held(tab.page));
    await tab.visit("/chats");
    tabs.push(tab);
  }
  return { tabs, receives };
}

const one = (count: () => number) => count() === 1;

test("ten visible tabs hold one receive and agree", async ({ ann, bob }) => {
  test.slow();
  await befriend(ann, bob);
  const { tabs, receives } = await open(ann, 10);
  const total = () => receives.reduce((sum, count) => sum + count(), 0);
  await expect.poll(total).toBe(1);
  for (const text of ["one", "two"]) await bob.tell(ann, text);
  for (const tab of tabs) {
    await expect(tab.page).toHaveTitle("(1) Kith");
    await expect(tab.badge(bob)).toHaveAccessibleName("2 unread");
  }
  await expect.poll(total).toBe(1);

  const [follower] = tabs.filter((_, n) => receives[n]?.() === 0) as [Person];
  await follower.page.getByRole("link", { name: "Settings" }).click();
  await expect(follower.page.getByRole("region", { name: "Connection" })).toContainText(
    "Another tab",
  );
});

test("another tab receives within a second after the leading tab was closed", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  const { tabs, receives } = await open(ann, 3);
  for (let open = 3; open > 1; open--) {
    await expect.poll(() => receives.filter(one).length).toBe(1);
    const leads = receives.findIndex(one);
    const [leader] = tabs.splice(leads, 1);
    receives.splice(leads, 1);
    await leader?.page.close();
    const closed = Date.now();
    await bob.tell(ann, `${open}`);
    await expect.poll(() => receives.filter(one).length, { intervals: [20] }).toBe(1);
    // One second, and one more for a busy machine.
    expect(Date.now() - closed).toBeLessThan(2_000);
    for (const tab of tabs) await expect(tab.badge(bob)).toHaveAccessibleName(`${4 - open} unread`);
  }
});

test("another tab receives within a second after the leading tab hangs", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const { tabs, receives } = await open(ann, 2);
  await expect.poll(() => receives.filter(one).length).toBe(1);
  const leads = receives.findIndex(one);
  const [leader, other] = [tabs[leads], tabs[1 - leads]];
  if (!leader || !other) throw new Error("two tabs are open");
  const hung = Date.now();
  const hangs = leader.page.evaluate(() => {
    const end = Date.now() + 5_000;
    while (Date.now() < end);
  });
  await expect.poll(() => receives[1 - leads]?.(), { intervals: [20] }).toBe(1);
  // One second, and more for a busy machine.
  expect(Date.now() - hung).toBeLessThan(3_000);
  await bob.tell(ann, "meanwhile");
  await expect(other.badge(bob)).toHaveAccessibleName("1 unread");

  // The resumed tab no longer leads, and shows everything.
  await hangs;
  await expect(leader.badge(bob)).toHaveAccessibleName("1 unread");
  await expect.poll(() => receives.filter(one).length).toBe(1);
  await bob.tell(ann, "while both are well");
  for (const tab of tabs) await expect(tab.badge(bob)).toHaveAccessibleName("2 unread");
});

test("without Web Locks, visible tabs receive for themselves and hidden tabs rest", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await withoutLocks(ann.page);
  const { tabs, receives } = await open(ann, 3);
  const [first, , third] = tabs;
  if (!first || !third) throw new Error("three tabs are open");
  await expect.poll(() => receives.map((count) => count())).toEqual([1, 1, 1]);
  await show(third.page, false);
  await expect.poll(() => receives.map((count) => count())).toEqual([1, 1, 0]);
  await bob.tell(ann, "to all of you");
  for (const tab of tabs) await expect(tab.badge(bob)).toHaveAccessibleName("1 unread");
});

test("a tab that becomes visible shows everything", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.visit("/chats");
  await other.talkTo(bob);
  await show(other.page, false);
  // This tab gets no broadcasts, like a frozen tab.
  await other.page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await bob.tell(ann, "while away");
  await show(other.page, true);
  await expect(other.texts).toHaveText(["while away"]);
});

test("signing out in one tab signs out all tabs and removes drafts and outbox", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 401/);
  await befriend(ann, bob);
  const other = await ann.tab();
  const hidden = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  await hidden.visit("/chats");
  await show(hidden.page, false);
  await ann.box.fill("a secret");
  await ann.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await other.page.waitForURL("**/sign-in?back=*");
  await hidden.page.waitForURL("**/sign-in?back=*");
  const kept = await other.page.evaluate(() =>
    Object.keys(localStorage).filter((key) => /draft|outbox/.test(key)),
  );
  expect(kept).toEqual([]);
});

test("a page notices at once that somebody else signed in", async ({ ann, bob, troubles }) => {
  troubles.allow(/status of 409/);
  await befriend(ann, bob);
  await ann.visit("/chats");
  const hidden = await ann.tab();
  await hidden.visit("/chats");
  await show(hidden.page, false);
  await ann.call("sign_in", { username: "bob", password });
  const newcomer = await ann.page.context().newPage();
  await visit(newcomer, "/chats");
  for (const page of [newcomer, ann.page, hidden.page]) {
    await expect(page.getByRole("banner")).toContainText("Bob");
    await alive(page);
  }
});
