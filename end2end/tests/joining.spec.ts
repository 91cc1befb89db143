// Join links: created, followed with and without scripts, with and without approval, and ended.
import { audit } from "../audit.ts";
import { alive, expect, type Person, signIn, test } from "../people.ts";

/** Makes a group without the page and opens its pane. */
async function openGroup(owner: Person, name: string) {
  const group = (await owner.ask("create_group", {
    name,
    description: "On Sundays",
    invited: [],
  })) as { id: number };
  await owner.visit(`/groups/group-${group.id}/profile`);
  const pane = owner.page.getByRole("complementary", { name });
  await expect(pane).toBeVisible();
  return { pane, id: group.id };
}

test("a join link works signed in or out, until it is ended", async ({
  ann,
  bob,
  browse,
  troubles,
}) => {
  troubles.allow(/status of 404.*\/join\//);
  const { pane } = await openGroup(ann, "Walkers");
  await pane.getByText("Link to join").click();
  await pane.getByLabel("It holds for").selectOption("30 days");
  await pane.getByRole("button", { name: "Make a link" }).click();
  const link = await pane.getByRole("textbox", { name: "Link to join" }).inputValue();

  // A person who has to sign in first, in a browser without scripts.
  const plain = await browse({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(link);
  await signIn(page, "bob");
  await expect(page.getByRole("heading", { name: "Walkers" })).toBeVisible();
  await expect(page.getByText("On Sundays")).toBeVisible();
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("heading", { name: "Chatting with Walkers" })).toBeVisible();
  await expect(page.getByRole("log").getByText("You joined the group")).toBeVisible();
  await expect(ann.log.getByText("Bob joined the group")).toBeVisible();

  // Bob's other page shows the group at once, and the link now leads into it.
  await bob.page.goto(link);
  await bob.page.getByRole("link", { name: "Open the chat" }).click();
  await alive(bob.page);
  await bob.write("Hello!");
  await expect(ann.bubble("Hello!")).toBeVisible();

  await pane.getByRole("button", { name: "End the link" }).click();
  await expect(pane.getByRole("textbox", { name: "Link to join" })).toBeHidden();
  const answer = await page.goto(link);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("alert")).toContainText("does not lead to a group any more");
});

test("people who join by link wait for approval where the group requires it", async ({
  ann,
  bob,
  carol,
}) => {
  const { pane } = await openGroup(ann, "Walkers");
  await pane.getByText("Link to join").click();
  await pane.getByRole("checkbox", { name: /lets in each/ }).check();
  await pane.getByRole("button", { name: "Make a link" }).click();
  const path = new URL(await pane.getByRole("textbox", { name: "Link to join" }).inputValue())
    .pathname;

  for (const person of [bob, carol]) {
    await person.page.goto(path);
    await person.page.getByRole("button", { name: "Ask to join" }).click();
    await expect(person.page.getByText("You have asked to join.")).toBeVisible();
  }
  await expect(ann.contactTab("Groups").getByRole("img", { name: "2 waiting" })).toBeVisible();
  await audit(ann.page, "a group with a link and people who wait");
  await audit(carol.page, "a group that one has asked to join");
  await carol.page.getByRole("button", { name: "Take it back" }).click();
  await expect(carol.page.getByRole("button", { name: "Ask to join" })).toBeVisible();
  await carol.page.setViewportSize({ width: 360, height: 640 });
  await audit(carol.page, "a group to join, on a phone");
  await expect(pane.getByRole("button", { name: "Let in: Carol" })).toBeHidden();

  await bob.visit("/chats");
  await pane.getByRole("button", { name: "Let in: Bob" }).click();
  await expect(bob.page.getByRole("listitem").getByRole("link", { name: "Walkers" })).toContainText(
    "Ann let you in",
  );
  await expect(ann.log.getByText("You let Bob in")).toBeVisible();
  await expect(ann.contactTab("Groups").getByRole("img", { name: /waiting/ })).toBeHidden();
});

test("group members who are no friends show whether they are online", async ({ ann, bob }) => {
  const { id } = await openGroup(ann, "Walkers");
  const { token } = (await ann.ask("make_join_link", { group: id, days: 1 })) as { token: string };
  await bob.call("join_by_link", { for_user: bob.id, token });
  await bob.visit("/chats");
  await ann.page.reload();
  const row = ann.page
    .getByRole("list", { name: "Members" })
    .getByRole("listitem")
    .filter({ hasText: "Bob" });
  await expect(row.getByRole("img", { name: "online" })).toBeVisible();
});
