// Actions on a message: replying, recalling, deleting for oneself, copying; and mentions in a
// group.
import { befriend, expect, type Person, test } from "../people.ts";

/** The message with this text, not a quote of it. */
function said(person: Person, text: string) {
  return person.log
    .getByRole("article")
    .filter({ has: person.page.locator(".message-text", { hasText: text }) });
}

/** Chooses an entry of a message's menu. */
async function act(person: Person, text: string, action: string): Promise<void> {
  const bubble = said(person, text);
  await bubble.hover();
  await bubble.getByRole("button", { name: "What to do with this message" }).click();
  await person.page.getByRole("menuitem", { name: action, exact: true }).click();
  await expect(person.page.getByRole("menu")).toBeHidden();
}

test("a reply quotes its message and scrolls to it", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await bob.tell(ann, "the first question");
  for (let n = 0; n < 70; n++) await bob.tell(ann, `line ${n}`);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  const question = said(ann, "the first question");
  while (!(await question.isVisible())) {
    await ann.log.evaluate((pane) => pane.scrollTo(0, -pane.scrollHeight));
    await ann.page.waitForTimeout(50);
  }
  await act(ann, "the first question", "Reply");
  await expect(ann.page.getByText("Reply to Bob")).toBeVisible();
  await expect(ann.box).toBeFocused();
  await ann.write("the first answer");
  await expect(ann.page.getByText("Reply to Bob")).toBeHidden();
  for (const person of [ann, bob]) {
    await expect(person.bubble("the first answer")).toContainText("the first question");
  }
  // A newly loaded page has only the newest messages, and fetches the quoted one.
  await bob.page.reload();
  await expect(bob.bubble("the first answer")).toBeInViewport();
  await bob
    .bubble("the first answer")
    .getByRole("button", { name: /the first question/ })
    .click();
  await expect(said(bob, "the first question")).toBeInViewport();
  await expect(bob.page.getByRole("button", { name: "To the newest message" })).toBeVisible();
  await bob.page.getByRole("button", { name: "To the newest message" }).click();
  await expect(bob.bubble("the first answer")).toBeInViewport();
});

test("a recalled message disappears for both, and so do its quotes", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await ann.write("a secret");
  await act(bob, "a secret", "Reply");
  await bob.write("really?");
  await expect(ann.bubble("really?")).toContainText("a secret");
  await act(ann, "a secret", "Recall");
  await expect(ann.log.getByText("You recalled a message")).toBeVisible();
  await expect(bob.log.getByText("Ann recalled a message")).toBeVisible();
  for (const person of [ann, bob]) {
    await expect(person.log.getByText("a secret")).toHaveCount(0);
    await expect(person.bubble("really?")).toContainText("Recalled message");
  }
  await bob.page.reload();
  await expect(bob.log.getByText("Ann recalled a message")).toBeVisible();
});

test("a message deleted for oneself disappears only on one's own devices", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.tell(bob, "keep");
  await ann.tell(bob, "forget");
  const other = await bob.tab();
  for (const person of [bob, other]) await person.talkTo(ann);
  await ann.talkTo(bob);
  await act(bob, "forget", "Delete for me");
  for (const person of [bob, other]) await expect(person.texts).toHaveText(["keep"]);
  await bob.page.reload();
  await expect(bob.texts).toHaveText(["keep"]);
  await expect(ann.texts).toHaveText(["keep", "forget"]);
});

test("a message is copied and answered by keyboard alone", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await bob.tell(ann, "to be copied");
  await ann.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ann.talkTo(bob);
  await act(ann, "to be copied", "Copy");
  expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toBe("to be copied");
  await ann.log.focus();
  await ann.page.keyboard.press("Enter");
  await expect(
    ann.bubble("to be copied").getByRole("button", { name: /What to do/ }),
  ).toBeFocused();
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("menuitem", { name: "Reply" })).toBeFocused();
  await ann.page.keyboard.press("Escape");
  await expect(ann.page.getByRole("menu")).toBeHidden();
  await expect(
    ann.bubble("to be copied").getByRole("button", { name: /What to do/ }),
  ).toBeFocused();
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.press("Enter");
  await expect(ann.box).toBeFocused();
  await ann.page.keyboard.type("done");
  await ann.page.keyboard.press("Enter");
  await expect(ann.bubble("done")).toContainText("to be copied");
});

test("a mention marks the conversation and shows the present name", async ({ ann, bob, carol }) => {
  for (const other of [bob, carol]) await befriend(ann, other);
  const group = (await ann.ask("create_group", {
    name: "Walkers",
    description: "",
    invited: [bob.id, carol.id],
  })) as {
    id: number;
  };
  for (const other of [bob, carol]) await other.ask("accept_group", { group: group.id });
  await ann.visit(`/chats/group-${group.id}`);
  for (const other of [bob, carol]) await other.visit("/chats");

  // By keyboard: @ opens a list, arrows move in it, Enter chooses.
  await ann.box.pressSequentially("hey @");
  const list = ann.page.getByRole("listbox", { name: "Members to mention" });
  await expect(list.getByRole("option")).toHaveText(["all", /Bob/, /Carol/]);
  await ann.box.pressSequentially("bo");
  await expect(list.getByRole("option")).toHaveText([/Bob/]);
  await ann.page.keyboard.press("Enter");
  await expect(ann.box).toHaveValue("hey @Bob ");
  await ann.box.pressSequentially("come");
  await ann.page.keyboard.press("Enter");
  await expect(ann.bubble("@Bob")).toContainText("hey @Bob come");
  const entry = (person: Person) =>
    person.page.getByRole("listitem").filter({ hasText: "Walkers" });
  await expect(entry(bob).getByRole("img", { name: "You are mentioned" })).toBeVisible();
  await expect(entry(bob)).toContainText("Ann: hey @Bob come");
  await expect(entry(carol)).toContainText("Ann: hey @Bob come");
  await expect(entry(carol).getByRole("img", { name: "You are mentioned" })).toBeHidden();

  // By pointer; and a mention of everybody, in a muted conversation too.
  await carol.ask("set_chat", { contact: `group-${group.id}`, muted_until: 9_999_999_999_999 });
  await ann.box.pressSequentially("@");
  await list.getByRole("option", { name: "all" }).click();
  await ann.page.keyboard.press("Enter");
  await expect(entry(carol).getByRole("img", { name: "You are mentioned" })).toBeVisible();
  await expect(carol.page).toHaveTitle(/^\(1\)/);

  // A mention shows the new name.
  await bob.call("set_profile", { for_user: bob.id, display_name: "Robert", bio: "" });
  await expect(ann.bubble("@Robert")).toBeVisible();
  await entry(bob).getByRole("link").click();
  await expect(entry(bob).getByRole("img", { name: "You are mentioned" })).toBeHidden();
});

test("a chosen mention survives the emoji panel", async ({ ann, bob, carol }) => {
  for (const other of [bob, carol]) await befriend(ann, other);
  const group = (await ann.ask("create_group", {
    name: "Walkers",
    description: "",
    invited: [bob.id, carol.id],
  })) as {
    id: number;
  };
  for (const other of [bob, carol]) await other.ask("accept_group", { group: group.id });
  // Two members have the same name: only the choice tells which one is meant.
  await carol.call("set_profile", {
    for_user: carol.id,
    display_name: bob.displayName,
    bio: "",
  });
  await ann.visit(`/chats/group-${group.id}`);
  for (const other of [bob, carol]) await other.visit(`/chats/group-${group.id}`);
  const list = ann.page.getByRole("listbox", { name: "Members to mention" });
  const panel = ann.page.getByRole("group", { name: "Emoji" });
  const toggle = ann.page.getByRole("button", { name: "Emoji", exact: true });
  const chooseCarol = async () => {
    await ann.box.pressSequentially(`hey @${carol.username}`);
    await expect(list.getByRole("option")).toHaveCount(1);
    await ann.page.keyboard.press("Enter");
    await expect(ann.box).toHaveValue(`hey @${bob.displayName} `);
    await expect(list).toBeHidden();
  };
  const toMe = (person: Person) => person.log.locator(".mention.to-me");

  // The panel is still open when the message is sent.
  await chooseCarol();
  await toggle.click();
  await panel.getByRole("tabpanel").getByRole("button").first().click();
  await ann.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(toMe(carol)).toHaveCount(1);
  await expect(bob.texts).toHaveCount(1);
  await expect(toMe(bob)).toHaveCount(0);
  await toggle.click();
  await expect(panel).toBeHidden();

  // The panel was open in between: Enter sends, because the name is complete.
  await chooseCarol();
  await toggle.click();
  await expect(panel).toBeVisible();
  await toggle.click();
  await expect(panel).toBeHidden();
  await ann.page.keyboard.press("Enter");
  await expect(toMe(carol)).toHaveCount(2);
  await expect(toMe(bob)).toHaveCount(0);

  // Names are offered again once the panel is closed, and not before.
  await ann.box.pressSequentially("@");
  await expect(list).toBeVisible();
  await toggle.click();
  await expect(list).toBeHidden();
  await toggle.click();
  await expect(list).toBeVisible();
});
