// The conversation: writing, showing, counting and keeping messages.
import type { Page } from "@playwright/test";
import { befriend, callsOf, expect, hold, tellMany, test, wheel } from "../people.ts";

// These tests send long histories at once.
test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

test("a message for another conversation raises its badge, and opening it clears it", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await ann.talkTo(bob);
  await carol.tell(ann, "first");
  await carol.tell(ann, "second");
  await expect(ann.badge(carol)).toHaveAccessibleName("2 unread");
  await expect(ann.contactTab("Chats").getByRole("img")).toHaveAccessibleName("2 unread");
  await expect(ann.texts).toHaveCount(0);

  const read = ann.page.waitForResponse("**/api/mark_read");
  await ann.entry(carol).click();
  await expect(ann.texts).toHaveText(["first", "second"]);
  await expect(ann.badge(carol)).toBeHidden();
  await read;
  await ann.page.reload();
  await expect(ann.entry(carol)).toBeVisible();
  await expect(ann.badge(carol)).toBeHidden();
});

test("reading in one tab marks as read in the other", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.visit("/chats");
  await other.visit("/friends");
  await bob.tell(ann, "read me");
  await expect(other.badge(bob)).toHaveAccessibleName("1 unread");
  await ann.entry(bob).click();
  await expect(other.badge(bob)).toBeHidden();
});

test("the title counts the conversations with unread messages", async ({ ann, bob, carol }) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await ann.visit("/chats");
  await expect(ann.page).toHaveTitle("Kith");
  await bob.tell(ann, "one");
  await bob.tell(ann, "two");
  await expect(ann.page).toHaveTitle("(1) Kith");
  await carol.tell(ann, "three");
  await expect(ann.page).toHaveTitle("(2) Kith");
  await ann.entry(bob).click();
  await expect(ann.page).toHaveTitle("(1) Kith");
});

test("the open conversation is highlighted in every list, and the title names it", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await bob.tell(ann, "hello");
  await ann.visit("/friends");
  const highlighted = ann.page.locator('.contact-entry[aria-current="true"]');
  await expect(highlighted).toHaveCount(0);
  await ann.entry(carol).click();
  await expect(ann.page.getByRole("heading", { name: "Chatting with Carol" })).toBeVisible();
  await ann.entry(bob).click();
  await expect(ann.page.getByRole("heading", { name: "Chatting with Bob" })).toBeVisible();
  await expect(highlighted).toHaveAccessibleName(/^Bob/);
  await ann.contactTab("Chats").click();
  await expect(ann.contactTab("Chats")).toHaveAttribute("aria-current", "page");
  await expect(highlighted).toHaveAccessibleName(/^Bob/);
  await expect(highlighted).toHaveCount(1);
});

test("Enter sends, Shift+Enter starts a new line, white space alone is not sent", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.box.press("Enter");
  await ann.write(" ");
  await ann.box.press("Shift+Enter");
  await ann.box.press("Enter");
  await ann.box.fill("one");
  await ann.box.press("Shift+Enter");
  await ann.box.pressSequentially("two");
  await expect(ann.box).toHaveValue("one\ntwo");
  await ann.box.press("Enter");
  await expect(ann.box).toHaveValue("");
  await expect(ann.bubble("one two")).toHaveAttribute("data-state", "sent");
  await expect(ann.texts).toHaveText(["one two"]);
  expect(await ann.texts.innerText()).toBe("one\ntwo");
});

test("Enter during text composition (IME) does not send", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const inputMethod = await ann.page.context().newCDPSession(ann.page);
  const enter = (code: number) =>
    inputMethod.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      windowsVirtualKeyCode: code,
    });
  await ann.box.focus();
  await inputMethod.send("Input.imeSetComposition", {
    text: "nihao",
    selectionStart: 5,
    selectionEnd: 5,
  });
  await enter(13);
  await inputMethod.send("Input.insertText", { text: "你好" });
  // Safari reports key code 229 after the end of the composition.
  await enter(229);
  await expect(ann.box).toHaveValue("你好");
  await expect(ann.texts).toHaveCount(0);
  await enter(13);
  await expect(ann.texts).toHaveText(["你好"]);
});

test("an own message appears before the server has answered", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const release = await hold(ann.page, "send_message");
  await ann.write("quick");
  await expect(ann.bubble("quick")).toHaveAttribute("data-state", "sending");
  await expect(ann.box).toHaveValue("");
  release();
  await expect(ann.bubble("quick")).toHaveAttribute("data-state", "sent");
  await expect(ann.bubble("quick")).toHaveAttribute("data-seq", "1");
});

test("a rejected message shows the reason and can be sent again or discarded", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 403.*send_message/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const refuse = (page: Page) =>
    page.route("**/api/send_message", (route) =>
      route.fulfill({
        status: 403,
        headers: { serverfnerror: "/api/send_message", "content-type": "application/json" },
        body: JSON.stringify({ error: "not_a_contact" }),
      }),
    );
  await refuse(ann.page);
  await ann.write("give up");
  await ann.write("try again");
  const failed = ann.bubble("try again");
  await expect(failed).toHaveAttribute("data-state", "failed");
  await expect(failed).toContainText("You cannot write to this contact.");
  await ann.bubble("give up").getByRole("button", { name: "Discard" }).click();
  await expect(ann.texts).toHaveText(["try again"]);
  await ann.page.unroute("**/api/send_message");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(failed).toHaveAttribute("data-state", "sent");
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["try again"]);
});

test("markup in messages and names is shown as text", async ({ ann, join }) => {
  const mallory = await join("mallory", "<img src=x onerror=1>");
  const script = `<script>document.title = "gone"</script>`;
  const text = `<b>bold</b> ${script} &amp; https://example.org/?a="><i>`;
  await befriend(ann, mallory);
  await mallory.tell(ann, text);
  await ann.talkTo(mallory);
  await expect(ann.texts).toHaveText([text]);
  await expect(ann.page.getByRole("heading", { name: mallory.displayName })).toBeVisible();
  await expect(ann.page.locator("b, i, img[src=x]")).toHaveCount(0);
  await mallory.tell(ann, `${text} again`);
  await expect(ann.texts).toHaveText([text, `${text} again`]);
  await expect(ann.entry(mallory)).toContainText("<b>bold</b>");
  await expect(ann.page.locator("b, i, img[src=x]")).toHaveCount(0);
});

test("scrolling up loads older messages and leaves the visible ones in place", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await tellMany(bob, ann, 120);
  await ann.hasRead(bob, 120);
  await ann.talkTo(bob);
  await expect(ann.bubble("line 120")).toBeInViewport();

  const release = await hold(ann.page, "history");
  const scrollUpTo = (text: string) =>
    expect(async () => {
      await wheel(ann, -20_000);
      await expect(ann.bubble(text)).toBeInViewport({ timeout: 300 });
    }).toPass();
  await scrollUpTo("line 71");
  await expect(ann.page.getByText("Loading older messages")).toBeVisible();
  const top = async () => (await ann.bubble("line 71").boundingBox())?.y ?? NaN;
  const before = await top();
  release();
  await expect(ann.bubble("line 70")).toBeAttached();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await scrollUpTo("line 1");
  await expect(ann.texts).toHaveText(Array.from({ length: 120 }, (_, n) => `line ${n + 1}`));
});

test("a new message does not scroll a reader who is further up, and a button leads to it", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await tellMany(bob, ann, 40);
  await ann.hasRead(bob, 40);
  await ann.talkTo(bob);
  await expect(ann.bubble("line 40")).toBeInViewport();
  await wheel(ann, -600);
  await expect(ann.page.getByRole("button", { name: "To the newest message" })).toBeVisible();
  const top = async () => (await ann.bubble("line 30").boundingBox())?.y ?? NaN;
  const before = await top();
  await bob.tell(ann, "news");
  const button = ann.page.getByRole("button", { name: "New messages (1)" });
  await expect(button).toBeVisible();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await button.click();
  await expect(ann.bubble("news")).toBeInViewport();
  await expect(button).toBeHidden();

  await wheel(ann, -600);
  await expect(ann.bubble("news")).not.toBeInViewport();
  await ann.write("mine");
  await expect(ann.bubble("mine")).toBeInViewport();
});

test("messages that arrived meanwhile stay unread until the newest is visible", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await tellMany(bob, ann, 40);
  await ann.hasRead(bob, 40);
  await carol.tell(ann, "from Carol");
  await ann.talkTo(bob);
  await expect(ann.bubble("line 40")).toBeInViewport();
  await wheel(ann, -600);
  await expect(ann.page.getByRole("button", { name: "To the newest message" })).toBeVisible();
  await expect(ann.bubble("line 40")).not.toBeInViewport();
  await ann.entry(carol).click();
  await expect(ann.texts).toHaveText(["from Carol"]);
  await bob.tell(ann, "news");
  await expect(ann.badge(bob)).toHaveAccessibleName("1 unread");

  await ann.entry(bob).click();
  const button = ann.page.getByRole("button", { name: "New messages (1)" });
  await expect(button).toBeVisible();
  await expect(ann.bubble("news")).not.toBeInViewport();
  // A reader further up does not mark them as read.
  await wheel(ann, -100);
  await expect(button).toBeVisible();
  await expect(ann.badge(bob)).toHaveAccessibleName("1 unread");

  const read = ann.page.waitForRequest(
    (request) =>
      request.url().endsWith("/mark_read") && !!request.postData()?.includes(bob.contact),
  );
  await button.click();
  await expect(ann.bubble("news")).toBeInViewport();
  await expect(button).toBeHidden();
  await expect(ann.badge(bob)).toBeHidden();
  await read;
});

test("switching conversations restores messages and drafts without requests", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await bob.tell(ann, "from Bob");
  await carol.tell(ann, "from Carol");
  await ann.talkTo(bob);
  await ann.box.fill("half a word");
  await ann.entry(carol).click();
  await expect(ann.texts).toHaveText(["from Carol"]);
  await expect(ann.box).toHaveValue("");

  const calls = callsOf(ann.page);
  await bob.tell(ann, "while away");
  await expect(ann.badge(bob)).toBeVisible();
  await ann.entry(bob).click();
  await expect(ann.texts).toHaveText(["from Bob", "while away"]);
  await expect(ann.box).toHaveValue("half a word");
  await ann.entry(carol).click();
  await expect(ann.texts).toHaveText(["from Carol"]);
  expect(calls).toEqual([]);

  await ann.entry(bob).click();
  await ann.page.reload();
  await expect(ann.box).toHaveValue("half a word");
});

test("rapid switching while messages arrive shows the right conversation", async ({
  ann,
  bob,
  carol,
}) => {
  await befriend(ann, bob);
  await befriend(ann, carol);
  await tellMany(bob, ann, 30);
  await tellMany(carol, ann, 30);
  await ann.talkTo(bob);
  const messages = Promise.all([tellMany(bob, ann, 20), tellMany(carol, ann, 20)]);
  await ann.page.evaluate(async () => {
    for (let n = 0; n < 80; n++) {
      document.querySelectorAll<HTMLElement>(".contact-entry")[n % 2]?.click();
      document.querySelector(".message-list")?.scrollTo(0, -50 * (n % 7));
      if (n % 3 > 0) await new Promise(requestAnimationFrame);
    }
  });
  await messages;
  const said = [...Array(30).keys(), ...Array(20).keys()].map((n) => `line ${n + 1}`);
  for (const other of [bob, carol]) {
    await ann.entry(other).click();
    await expect(async () => {
      // Messages far below are rendered when the reader gets there.
      const newest = ann.page.getByRole("button", { name: /newest message|new messages/i });
      if (await newest.isVisible()) await newest.click();
      const shown = await ann.texts.allInnerTexts();
      expect(shown.length).toBeGreaterThan(10);
      expect(shown).toEqual(said.slice(-shown.length));
    }).toPass();
  }
  await ann.write("still here");
  await expect(ann.bubble("still here")).toHaveAttribute("data-state", "sent");
});
