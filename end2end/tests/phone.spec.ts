// On a phone: one pane at a time, the back button, no sideways scrolling, and controls large enough
// for a finger.
import type { Page } from "@playwright/test";
import { alive, befriend, entryOf, expect, tellMany, test, visit } from "../people.ts";

test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

/** Finds elements wider than the screen, or than the pane in which they scroll. */
async function expectNoOverflow(page: Page, what = page.url()): Promise<void> {
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll("html, html *")]
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
      .filter(
        (element) =>
          element.matches("html") || /auto|scroll/.test(getComputedStyle(element).overflowX),
      )
      .map(({ tagName, className, scrollWidth }) => `${tagName} ${className}: ${scrollWidth}`),
  );
  expect.soft(wide, `wider than the screen: ${what}`).toEqual([]);
}

/** Finds controls too small for a finger. Links within a sentence are as high as their line. */
async function expectFingersFit(page: Page, what = page.url()): Promise<void> {
  const small = await page.evaluate(() => {
    const primary =
      ".primary, .icon-button, .nav-link, .contact-tab, .contact-entry, textarea, " +
      "input:not([type=search])";
    const targets = document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), textarea, summary",
    );
    return [...targets].flatMap((target) => {
      // The whole label of a choice is clickable.
      const { width, height } = (target.closest("label") ?? target).getBoundingClientRect();
      const least = target.matches(primary) ? 40 : 24;
      const hidden = !target.checkVisibility() || width * height === 0;
      const inSentence = target.matches("p > a, .message-text a");
      if (hidden || inSentence || (width >= least && height >= least)) return [];
      return `${Math.round(width)}x${Math.round(height)}: ${target.outerHTML.slice(0, 120)}`;
    });
  });
  expect.soft(small, `too small for a finger: ${what}`).toEqual([]);
}

async function expectToFit(page: Page, what?: string): Promise<void> {
  await expectNoOverflow(page, what);
  await expectFingersFit(page, what);
}

test("a conversation opens from the list, and Back returns to the list", async ({ ann, bob }) => {
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

test("Enter starts a new line and the button sends", async ({ ann, bob }) => {
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

test("no view scrolls sideways or has a control smaller than a fingertip", async ({
  browse,
  join,
  troubles,
}) => {
  test.slow();
  troubles.allow(/status of 404.*nowhere/);
  const ann = await join("ann".repeat(10), "W".repeat(32));
  const bob = await join("bob".repeat(10), "名".repeat(32));
  const carol = await join("carol", "M".repeat(32));
  await befriend(ann, bob);
  await carol.call("request_friend", { for_user: carol.id, user: ann.id, note: "n".repeat(100) });
  await bob.tell(ann, `https://example.org/${"long".repeat(50)}`);
  await ann.tell(bob, "W".repeat(300));
  const profile = `/friends/${bob.contact}/profile`;
  const strangers = `/friends/${carol.contact}`;
  for (const path of [
    "/chats",
    "/friends",
    "/groups",
    "/settings",
    "/nowhere",
    strangers,
    profile,
  ]) {
    await ann.visit(path);
    await expectToFit(ann.page, path);
  }
  await ann.page.getByRole("button", { name: "Block" }).tap();
  await expectToFit(ann.page, "a question");
  await ann.visit("/friends");
  await ann.page.getByRole("searchbox").fill("carol");
  await expect(entryOf(ann.page, carol.displayName)).toBeVisible();
  await expectToFit(ann.page, "people found");
  await ann.talkTo(bob);
  await expectToFit(ann.page, "a conversation");
  await ann.page.getByRole("button", { name: "Emoji" }).tap();
  await expect(ann.page.getByRole("tablist")).toBeVisible();
  await expectToFit(ann.page, "emoji");
  await ann.visit("/groups");
  await ann.page.getByRole("button", { name: "New group" }).tap();
  await ann.page.getByLabel("Name of the group").fill("G".repeat(64));
  await ann.page.getByLabel("Description").fill("d".repeat(255));
  await ann.page.getByRole("checkbox").check();
  await expectToFit(ann.page, "a new group");
  await ann.page.getByRole("button", { name: "Create group" }).tap();
  await expect(ann.box).toBeVisible();
  await bob.visit("/groups");
  await bob.page.getByRole("button", { name: /^Accept/ }).click();
  await bob.page.getByRole("listitem").getByRole("link", { name: /^GGG/ }).click();
  await bob.box.fill("W".repeat(300));
  await bob.page.getByRole("button", { name: "Send", exact: true }).tap();
  await expect(ann.bubble("W".repeat(300))).toBeVisible();
  await expectToFit(ann.page, "a group");
  await ann.page.getByRole("heading", { name: /^Chatting with GGG/ }).tap();
  await ann.page.getByText("Edit group").tap();
  await ann.page.getByText("Invite people").tap();
  await ann.page.getByRole("list", { name: "Members" }).locator("summary").tap();
  await expectToFit(ann.page, "a group's pane");
  const stranger = await (await browse()).newPage();
  for (const path of ["/sign-in", "/register"]) {
    await visit(stranger, path);
    await expectToFit(stranger);
  }
  await alive(stranger);
});

test("joining by link, answering, chat settings and member management work by touch", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 401/);
  const group = (await ann.ask("create_group", {
    name: "Walkers",
    description: "",
    invited: [],
  })) as { id: number };
  await ann.visit(`/groups/group-${group.id}/profile`);
  await ann.page.getByText("Link to join").tap();
  await ann.page.getByRole("button", { name: "Make a link" }).tap();
  const link = await ann.page.getByRole("textbox", { name: "Link to join" }).inputValue();
  await expectToFit(ann.page, "a link to join");
  await bob.page.goto(link);
  await expectToFit(bob.page, "what a link leads to");
  await bob.page.getByRole("button", { name: "Join" }).tap();
  await alive(bob.page);
  await bob.box.fill("Hello!");
  await bob.page.getByRole("button", { name: "Send", exact: true }).tap();

  await ann.visit(`/chats/group-${group.id}`);
  await ann.log.getByText("Hello!", { exact: true }).tap();
  await expectToFit(ann.page, "what to do with a message");
  await ann.page.getByRole("menuitem", { name: "Reply", exact: true }).tap();
  await ann.box.fill("Welcome");
  await ann.page.getByRole("button", { name: "Send", exact: true }).tap();
  await expect(bob.bubble("Welcome")).toContainText("Hello!");
  await ann.page.getByRole("button", { name: /^What to do with this chat/ }).tap();
  await ann.page.getByRole("menuitem", { name: "Pin", exact: true }).tap();
  await ann.visit("/chats");
  await expect(entryOf(ann.page, "Walkers")).toContainText("Pinned");

  await ann.page.getByRole("link", { name: "Admin" }).tap();
  await ann.page.getByRole("link", { name: "People" }).tap();
  await ann.page.getByRole("link", { name: "Bob" }).tap();
  await expect(ann.page.getByRole("heading", { name: "Bob", level: 1 })).toBeVisible();
  await expectToFit(ann.page, "an account");
  await ann.page.getByRole("button", { name: "Disable account" }).tap();
  await expect(ann.page.getByRole("status")).toHaveText("The account is disabled.");
  await expect(bob.page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("profile and settings return to the chat by the page's button and by browser Back", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  const { page } = ann;
  const heading = page.getByRole("link", { name: /Chatting with Bob/ });
  const profile = page.getByRole("complementary", { name: "Bob" });
  const onChats = async () => {
    await expect(ann.contactTab("Chats")).toHaveAttribute("aria-current", "page");
    await expect(ann.box).toBeHidden();
  };
  await ann.visit("/friends");
  await ann.entry(bob).tap();
  await heading.tap();
  await expect(profile).toBeVisible();
  await expect(ann.box).toBeHidden();
  await page.goBack();
  await expect(profile).toBeHidden();
  await expect(ann.box).toBeVisible();
  await heading.tap();
  await profile.getByRole("link", { name: "Close" }).tap();
  await expect(profile).toBeHidden();
  await expect(ann.box).toBeVisible();
  await page.getByRole("link", { name: "Back" }).tap();
  await expect(ann.contactTab("Friends")).toHaveAttribute("aria-current", "page");
  // Neither way has left an entry in the browser's history.
  await page.goForward();
  await expect(ann.box).toBeVisible();
  await page.goForward();
  await expect(profile).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(ann.contactTab("Friends")).toBeVisible();

  // A visitor by address has no earlier page of Kith in the history.
  await ann.talkTo(bob);
  await page.getByRole("link", { name: "Back" }).tap();
  await onChats();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await navigation.getByRole("link", { name: "Settings" }).tap();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.goBack();
  await onChats();
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await navigation.getByRole("link", { name: "Chats" }).tap();
  await onChats();
});

test("the composer and the newest message stay visible above an open keyboard", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await tellMany(bob, ann, 20);
  await ann.hasRead(bob, 20);
  await ann.talkTo(bob);
  const { page } = ann;
  await expect(ann.bubble("line 20")).toBeInViewport();
  await ann.box.tap();
  const inSight = async (text: string) => {
    await expect(ann.box).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeInViewport({
      ratio: 1,
    });
    await expect(ann.bubble(text)).toBeInViewport({ ratio: 1 });
  };
  await page.setViewportSize({ width: 360, height: 320 });
  await inSight("line 20");
  await bob.tell(ann, "one more");
  await inSight("one more");
  await ann.box.fill("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight");
  await expect(ann.box).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  await ann.box.fill("short");
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  await inSight("short");
  await page.setViewportSize({ width: 360, height: 640 });
  await inSight("short");
});
