// Accessibility audits of every page in the light and dark themes, and of some at the width of a
// phone.
import { audit } from "../audit.ts";
import { alive, befriend, entryOf, expect, type Person, signIn, test, visit } from "../people.ts";

test("the signed-out pages have no serious or critical accessibility violation", async ({
  ann,
  browse,
  troubles,
}) => {
  troubles.allow(/status of 404.*nowhere/);
  const page = await (await browse({ reducedMotion: "reduce" })).newPage();
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

/**
 * Bob is a friend, Carol has sent a request, Dave has got one, Eve is blocked, and Frank is a
 * stranger.
 */
type Scene = Record<"ann" | "bob" | "carol" | "dave" | "eve" | "frank", Person>;

/**
 * The signed-in views, in the order in which the test visits them. Each function starts from the
 * state that the one before it left.
 */
const views: Record<string, (scene: Scene) => Promise<void>> = {
  "no conversation open": async ({ ann }) => {
    await ann.visit("/chats");
  },
  "an empty conversation": async ({ ann, bob }) => {
    await ann.talkTo(bob);
    await expect(ann.page.getByText("No messages yet.")).toBeVisible();
  },
  "a conversation": async ({ ann, bob }) => {
    await bob.tell(ann, "hello");
    await ann.write("hello, see https://example.org/");
    await expect(ann.bubble("hello")).toBeVisible();
    await expect(ann.log.locator('[data-state="sent"]')).toHaveCount(2);
  },
  "what to do with a message": async ({ ann }) => {
    await ann.log.focus();
    await ann.page.keyboard.press("Enter");
    await ann.page.keyboard.press("Enter");
    await expect(ann.page.getByRole("menuitem", { name: "Copy" })).toBeVisible();
  },
  "a reply that is being written": async ({ ann }) => {
    await ann.page.getByRole("menuitem", { name: "Reply" }).click();
    await expect(ann.page.getByText(/^Reply to/)).toBeVisible();
  },
  "what to do with a chat": async ({ ann }) => {
    await ann.box.press("Escape");
    await expect(ann.page.getByText(/^Reply to/)).toBeHidden();
    await ann.page.getByRole("button", { name: "What to do with this chat", exact: true }).click();
    await ann.page.getByRole("menuitem", { name: "Clear for me" }).click();
    await expect(ann.page.getByText("It cannot be brought back.")).toBeVisible();
  },
  "the emoji panel": async ({ ann }) => {
    await ann.page.keyboard.press("Escape");
    await expect(ann.page.getByRole("menu")).toBeHidden();
    await ann.page.getByRole("button", { name: "Emoji" }).click();
    await expect(ann.page.getByRole("tablist")).toBeVisible();
  },
  "a refused message": async ({ ann }) => {
    await ann.page.getByRole("button", { name: "Emoji" }).click();
    await ann.page.route("**/api/send_message", (route) =>
      route.fulfill({
        status: 403,
        headers: { serverfnerror: "/api/send_message", "content-type": "application/json" },
        body: JSON.stringify({ error: "not_a_contact" }),
      }),
    );
    await ann.write("refused");
    await expect(ann.page.getByRole("button", { name: "Discard" })).toBeVisible();
  },
  "a profile": async ({ ann, bob }) => {
    await ann.page.unroute("**/api/send_message");
    await ann.page.getByRole("link", { name: /Chatting with Bob/ }).click();
    await expect(ann.page.getByRole("complementary", { name: bob.displayName })).toBeVisible();
  },
  "a question": async ({ ann }) => {
    await ann.page.getByRole("button", { name: "Block" }).click();
    await expect(ann.page.getByRole("alertdialog")).toBeVisible();
  },
  "friends, with requests": async ({ ann }) => {
    await ann.visit("/friends");
    await expect(ann.page.getByText("It is me")).toBeVisible();
    await expect(ann.page.getByRole("button", { name: "Cancel request" })).toBeVisible();
  },
  "people found": async ({ ann, frank }) => {
    await ann.page.getByRole("searchbox").fill("fra");
    await expect(entryOf(ann.page, frank.displayName)).toBeVisible();
  },
  "somebody who is no friend": async ({ ann, frank }) => {
    await entryOf(ann.page, frank.displayName).click();
    await expect(ann.page.getByRole("button", { name: "Send request" })).toBeVisible();
  },
  "nobody found": async ({ ann }) => {
    await ann.visit("/friends");
    await ann.page.getByRole("searchbox").fill("zzz");
    await expect(ann.page.getByText("Nobody found.")).toBeVisible();
  },
  "somebody who has asked": async ({ ann, carol }) => {
    await ann.talkTo(carol);
    await expect(ann.page.getByText("Carol would like to be friends.")).toBeVisible();
  },
  "somebody who was asked": async ({ ann, dave }) => {
    await ann.talkTo(dave);
    await expect(ann.page.getByText("You have asked.")).toBeVisible();
  },
  "somebody who is blocked": async ({ ann, eve }) => {
    await ann.talkTo(eve);
    await expect(ann.page.getByText("You have blocked Eve.")).toBeVisible();
  },
  groups: async ({ ann }) => {
    await ann.visit("/groups");
    await expect(ann.page.getByText("No groups yet.")).toBeVisible();
  },
  "a new group": async ({ ann }) => {
    await ann.page.getByRole("button", { name: "New group" }).click();
    await ann.page.getByLabel("Name of the group").fill("Walkers");
    await expect(ann.page.getByRole("checkbox", { name: "Bob" })).toBeVisible();
  },
  "a group": async ({ ann, bob }) => {
    await ann.page.getByRole("checkbox", { name: "Bob" }).check();
    await ann.page.getByRole("button", { name: "Create group" }).click();
    await bob.visit("/groups");
    await bob.page.getByRole("button", { name: "Accept: Walkers" }).click();
    await bob.page.getByRole("listitem").getByRole("link", { name: "Walkers" }).click();
    await bob.write("hello");
    await expect(ann.bubble("hello")).toBeVisible();
  },
  "a group's pane": async ({ ann }) => {
    await ann.page.getByRole("heading", { name: "Chatting with Walkers" }).click();
    await ann.page.getByText("Edit group").click();
    await ann.page.getByText("Invite people").click();
    await ann.page.getByRole("list", { name: "Members" }).locator("summary").click();
    await expect(ann.page.getByRole("button", { name: "Make admin" })).toBeVisible();
  },
  settings: async ({ ann }) => {
    await ann.visit("/settings");
    await expect(ann.page.getByText("This device")).toBeVisible();
    await ann.page.getByText("Delete my account").click();
    await expect(ann.page.getByRole("button", { name: "Unblock" })).toBeVisible();
  },
};

/** The views that a phone shows in another layout. */
const onPhone = [
  "a conversation",
  "the emoji panel",
  "a profile",
  "friends, with requests",
  "a new group",
  "a group",
  "a group's pane",
  "settings",
];

const desk = { width: 1280, height: 720 };
const phone = { width: 360, height: 640 };

test("no signed-in view has a serious accessibility violation, on desktop or phone", async ({
  join,
  troubles,
}) => {
  troubles.allow(/status of 403.*send_message/);
  test.slow();
  // Elements that fade in do not have their final colour yet.
  const ann = await join("ann", "Ann", { viewport: desk, reducedMotion: "reduce" });
  await ann.visit("/chats");
  await expect(ann.page.getByText("No conversations yet.")).toBeVisible();
  await audit(ann.page, "no conversations");
  await ann.visit("/friends");
  await expect(ann.page.getByText("No friends yet.")).toBeVisible();
  await audit(ann.page, "no friends");

  const [bob, carol, dave, eve, frank] = [
    await join("bob", "Bob"),
    await join("carol", "Carol"),
    await join("dave", "Dave"),
    await join("eve", "Eve"),
    await join("frank", "Frank"),
  ];
  await befriend(ann, bob);
  await carol.call("request_friend", { for_user: carol.id, user: ann.id, note: "It is me" });
  await ann.call("request_friend", { for_user: ann.id, user: dave.id, note: "And me" });
  await ann.call("set_blocked", { for_user: ann.id, user: eve.id, blocked: "true" });
  for (const [what, go] of Object.entries(views)) {
    await test.step(what, async () => {
      await go({ ann, bob, carol, dave, eve, frank });
      await audit(ann.page, what);
      if (!onPhone.includes(what)) return;
      await ann.page.setViewportSize(phone);
      await audit(ann.page, `${what}, on a phone`, false);
      await ann.page.setViewportSize(desk);
    });
  }
});
