// The user's list of chats on two devices: pinned, muted, marked, cleared, deleted, filtered.
import { seed, visitor } from "../demo.ts";
import { befriend, expect, type Person, password, signIn, test, visit } from "../people.ts";
import { freePort, Kith } from "../server.ts";

/** Number of chats in the test of a long list. */
const many = 150;

/** Chooses entries of a chat's menu, one after the other. */
async function keep(person: Person, name: string, ...steps: string[]): Promise<void> {
  const row = person.page.getByRole("listitem").filter({ hasText: name });
  await row.hover();
  await row.getByRole("button", { name: `What to do with this chat: ${name}` }).click();
  for (const step of steps)
    await person.page.getByRole("menuitem", { name: step, exact: true }).click();
  await expect(person.page.getByRole("menu")).toBeHidden();
}

const names = (person: Person) =>
  person.page.getByRole("region", { name: "Chats" }).locator(".contact-row .contact-name");

test("chat settings are the same on every device", async ({ ann, bob, carol, browse }) => {
  for (const other of [bob, carol]) await befriend(ann, other);
  await bob.tell(ann, "from Bob");
  await carol.tell(ann, "from Carol");
  await ann.visit("/chats");
  const phone = await (await browse()).newPage();
  await phone.goto("/sign-in");
  await signIn(phone, "ann", password);
  await phone.waitForURL("**/chats");
  const list = phone.getByRole("region", { name: "Chats" }).locator(".contact-row .contact-name");
  await expect(list).toHaveText(["Carol", "Bob"]);

  await keep(ann, "Bob", "Pin");
  await expect(list).toHaveText([/^Bob/, /^Carol/]);
  await carol.tell(ann, "again");
  await expect(phone.getByRole("img", { name: "2 unread" }).first()).toBeVisible();
  await expect(list).toHaveText([/^Bob/, /^Carol/]);

  await keep(ann, "Carol", "Mute", "For a week");
  await expect(phone).toHaveTitle(/^\(1\)/);
  await keep(ann, "Carol", "Unmute");
  await expect(phone).toHaveTitle(/^\(2\)/);

  await keep(ann, "Carol", "Mark as read");
  await expect(phone.getByRole("img", { name: "2 unread" })).toHaveCount(0);
  await keep(ann, "Carol", "Mark as unread");
  await expect(phone.getByRole("img", { name: "Marked as unread" })).toBeVisible();
  await ann.entry(carol).click();
  await expect(phone.getByRole("img", { name: "Marked as unread" })).toBeHidden();

  await keep(ann, "Carol", "Clear for me", "Clear for me");
  await expect(ann.texts).toHaveCount(0);
  await expect(list).toHaveText([/^Bob/, /^Carol/]);
  await keep(ann, "Carol", "Delete for me", "Delete for me");
  await expect(list).toHaveText([/^Bob/]);
  await expect(names(ann)).toHaveText([/^Bob/]);
  await carol.tell(ann, "anew");
  await expect(list).toHaveText([/^Bob/, /^Carol/]);
  await expect(ann.texts).toHaveText(["anew"]);
  await carol.talkTo(ann);
  await expect(carol.texts).toHaveText(["from Carol", "again", "anew"]);
});

test("a draft alone brings a chat into the list, and its menu opens by keyboard", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await expect(names(ann)).toHaveCount(0);
  await ann.box.fill("not yet");
  await expect(names(ann)).toHaveText([/^Bob/]);
  await ann.visit("/chats");
  await expect(ann.page.getByRole("listitem")).toContainText("not yet");
  await ann.talkTo(bob);
  await ann.box.press("Enter");
  await expect(ann.bubble("not yet")).toHaveAttribute("data-state", "sent");
  await ann.page.getByRole("button", { name: "What to do with this chat", exact: true }).focus();
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("menuitem", { name: "Pin" })).toBeFocused();
  await ann.page.keyboard.press("ArrowDown");
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("menuitem", { name: "For an hour" })).toBeFocused();
  await ann.page.keyboard.press("Escape");
  await expect(ann.page.getByRole("menu")).toBeHidden();
});

/** A server on which many friends have written to Ann. */
const crowded = test.extend({
  kith: async ({}, use) => {
    const kith = new Kith(await freePort(), {});
    seed(kith.dataDir, "--people", String(many + 12), "--friends", String(many));
    try {
      await kith.start();
      await use(kith);
    } finally {
      await kith.remove();
    }
  },
});

crowded(
  "of very many chats only those near the view are in the document, and a name finds any",
  async ({ context }) => {
    crowded.slow();
    expect((await context.request.post("/api/sign_in", { form: visitor })).ok()).toBe(true);
    const page = await context.newPage();
    await visit(page, "/chats");
    const list = page.getByRole("region", { name: "Chats" });
    const names = list.locator(".contact-row .contact-name");
    await expect(names.first()).toBeVisible();
    expect(await names.count()).toBeLessThan(60);
    const height = await list.evaluate((pane) => pane.scrollHeight);
    expect(height, "the others keep their room").toBeGreaterThan(many * 50);
    const seen = new Set<string>();
    for (let at = 0; at < height; at += 500) {
      await list.evaluate((pane, at) => pane.scrollTo(0, at), at);
      await page.waitForTimeout(30);
      for (const name of await names.allTextContents()) seen.add(name.trim());
      expect(await names.count()).toBeLessThan(60);
    }
    expect(seen.size).toBeGreaterThanOrEqual(many);
    await page.getByRole("searchbox", { name: "Filter chats" }).fill("person 0149");
    await expect(names).toHaveText([/Person 0149/]);
    await page.getByRole("searchbox", { name: "Filter chats" }).fill("nobody is called so");
    await expect(page.getByText("No chat is called so.")).toBeVisible();
  },
);
