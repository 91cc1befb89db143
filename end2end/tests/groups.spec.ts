// Groups of three people in three browsers: created, joined, handed over, left, disbanded.
import { befriend, expect, type Person, test } from "../people.ts";

/** A member's row in the pane of the open group. */
function member(person: Person, other: Person) {
  return person.page
    .getByRole("list", { name: "Members" })
    .getByRole("listitem")
    .filter({ hasText: other.displayName });
}

/** Opens the group's pane beside its conversation. */
async function openPane(person: Person, name: string) {
  await person.page.getByRole("heading", { name: `Chatting with ${name}` }).click();
  const pane = person.page.getByRole("complementary", { name });
  await expect(pane).toBeVisible();
  return pane;
}

/** Chooses an entry of a member's menu, and confirms it if asked. */
async function act(person: Person, other: Person, what: string, sure = false): Promise<void> {
  const acts = member(person, other).locator("details");
  if (!(await acts.evaluate((details: HTMLDetailsElement) => details.open)))
    await acts.locator("summary").click();
  const button = member(person, other).getByRole("button", { name: what });
  await button.click();
  if (sure) await person.page.getByRole("alertdialog").getByRole("button", { name: what }).click();
}

/** Ann creates a group, and the others join it. */
async function found(ann: Person, others: Person[], name: string): Promise<void> {
  for (const other of others) await befriend(ann, other);
  await ann.visit("/groups");
  await ann.page.getByRole("button", { name: "New group" }).click();
  const form = ann.page.getByRole("form", { name: "New group" });
  await form.getByLabel("Name of the group").fill(name);
  for (const other of others) await form.getByRole("checkbox", { name: other.displayName }).check();
  await form.getByRole("button", { name: "Create group" }).click();
  await expect(ann.page.getByRole("heading", { name: `Chatting with ${name}` })).toBeVisible();
  await expect(ann.log.getByText("You made this group")).toBeVisible();
}

async function accept(person: Person, name: string): Promise<void> {
  await person.visit("/groups");
  await person.page.getByRole("button", { name: `Accept: ${name}` }).click();
  await person.page.getByRole("listitem").getByRole("link", { name }).click();
  await expect(person.log.getByText("You joined, invited by Ann")).toBeVisible();
}

test("a group of three lives from its creation to its end", async ({ ann, bob, carol }) => {
  await found(ann, [bob, carol], "Walkers");
  await accept(bob, "Walkers");
  await accept(carol, "Walkers");
  await expect(ann.log.getByText("Carol joined, invited by you")).toBeVisible();
  await expect(ann.page.getByText("Members: 3")).toBeVisible();

  // Each member sees all messages, with the names of their senders.
  await ann.write("Sunday?");
  for (const person of [bob, carol]) {
    await expect(person.bubble("Sunday?").getByText("Ann", { exact: true })).toBeVisible();
  }
  await bob.write("Gladly");
  await carol.write("Me too");
  for (const person of [ann, bob, carol]) {
    await expect(person.texts).toHaveText(["Sunday?", "Gladly", "Me too"]);
  }
  await expect(ann.page.getByRole("listitem").getByRole("link", { name: "Walkers" })).toContainText(
    "Carol: Me too",
  );

  // Messages in another conversation raise the badge; system lines do not.
  await bob.page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Chats" })
    .click();
  await expect(bob.box).toBeHidden();
  await ann.write("At ten");
  const badge = bob.page.getByRole("img", { name: "1 unread" });
  await expect(badge.first()).toBeVisible();
  const pane = await openPane(ann, "Walkers");
  await act(ann, carol, "Make admin");
  await expect(member(ann, carol)).toContainText("Admin");
  await pane.getByText("Edit group").click();
  await pane.getByLabel("Name of the group").fill("Hikers");
  await pane.getByRole("button", { name: "Save" }).click();
  await expect(bob.page.getByRole("listitem").getByRole("link", { name: "Hikers" })).toContainText(
    "Ann named the group",
  );
  await expect(badge.first()).toBeVisible();

  // Carol is an admin now and removes Bob, who sees it and keeps his copy.
  await bob.page.getByRole("listitem").getByRole("link", { name: "Hikers" }).click();
  await openPane(carol, "Hikers");
  await act(carol, bob, "Remove from group", true);
  await expect(bob.page.getByText("You are no longer in this group.").first()).toBeVisible();
  await expect(bob.log.getByText("Carol removed you")).toBeVisible();
  await expect(bob.box).toBeHidden();
  await carol.write("Now we are two");
  await expect(ann.bubble("Now we are two")).toBeVisible();
  await expect(bob.bubble("Now we are two")).toBeHidden();
  await bob.page.reload();
  await expect(bob.texts.last()).toHaveText("At ten");

  // The group is handed over, left, and disbanded.
  await act(ann, carol, "Hand the group over", true);
  await expect(member(ann, carol)).toContainText("Owner");
  const own = ann.page.getByRole("complementary", { name: "Hikers" });
  await own.getByRole("button", { name: "Leave group" }).click();
  await own.getByRole("alertdialog").getByRole("button", { name: "Leave group" }).click();
  await expect(ann.page.getByText("You are no longer in this group.").first()).toBeVisible();
  await expect(carol.log.getByText("Ann left the group")).toBeVisible();
  const hers = carol.page.getByRole("complementary", { name: "Hikers" });
  await hers.getByRole("button", { name: "Disband group" }).click();
  await hers.getByRole("alertdialog").getByRole("button", { name: "Disband group" }).click();
  await expect(carol.page.getByText("You are no longer in this group.").first()).toBeVisible();
  await expect(carol.log.getByText("You ended the group")).toBeVisible();
});

test("an invitation arrives at once, can be declined, and sent again", async ({ ann, bob }) => {
  await found(ann, [bob], "Walkers");
  await bob.visit("/chats");
  await expect(bob.contactTab("Groups").getByRole("img", { name: "1 waiting" })).toBeVisible();
  await bob.contactTab("Groups").click();
  await bob.page.getByRole("button", { name: "Decline: Walkers" }).click();
  await expect(bob.page.getByText("Invitations to groups")).toBeHidden();
  const pane = await openPane(ann, "Walkers");
  await ann.page.reload();
  await pane.getByText("Invite people").click();
  await pane.getByRole("checkbox", { name: "Bob" }).check();
  await pane.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(pane.getByText("Invited by Ann")).toBeVisible();
  await expect(bob.page.getByRole("button", { name: "Accept: Walkers" })).toBeVisible();
  await pane.getByRole("button", { name: "Take back: Bob" }).click();
  await expect(bob.page.getByText("Invitations to groups")).toBeHidden();
});

test("a taken group name shows the reason and keeps the fields", async ({ ann, bob, troubles }) => {
  troubles.allow(/status of 409.*create_group/);
  await found(ann, [bob], "Walkers");
  await bob.visit("/groups");
  await bob.page.getByRole("button", { name: "New group" }).click();
  const form = bob.page.getByRole("form", { name: "New group" });
  await form.getByLabel("Name of the group").fill("walkers");
  await form.getByRole("button", { name: "Create group" }).click();
  await expect(form.getByText("Another group has this name already.")).toBeVisible();
  await expect(form.getByLabel("Name of the group")).toHaveValue("walkers");
});
