// Friendships from the first search to the end, without a reload: each sees at once what the other
// does.
import { alive, befriend, entryOf, expect, password, type Person, test, visit } from "../people.ts";
import type { Page } from "@playwright/test";

async function register(page: Page, username: string, displayName: string): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Display name").fill(displayName);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/chats");
  await alive(page);
}

/** Searches on the open Friends tab. */
async function find(page: Page, text: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Find people" }).fill(text);
}

/** Finds a person, opens their profile, and sends a request. */
async function ask(page: Page, text: string, displayName: string, note: string): Promise<void> {
  await find(page, text);
  await entryOf(page, displayName).click();
  await page.getByLabel("Note").fill(note);
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByText("You have asked.")).toBeVisible();
}

/** Both open their friends; the first sends a request to the second. */
async function askedBy(ann: Person, bob: Person): Promise<void> {
  await ann.visit("/friends");
  await bob.visit("/friends");
  await ask(ann.page, bob.username, bob.displayName, "It is me");
  await expect(bob.page.getByRole("region", { name: "Requests", exact: true })).toContainText(
    "It is me",
  );
}

async function openProfile(person: Person, other: Person): Promise<void> {
  await person.visit(`/friends/${other.contact}`);
  await person.page.getByRole("heading", { name: `Chatting with ${other.displayName}` }).click();
  await expect(person.page.getByRole("complementary", { name: other.displayName })).toBeVisible();
}

test("two people register, become friends and talk both ways", async ({ browse, kith }) => {
  const ann = await (await browse()).newPage();
  const bob = await (await browse()).newPage();
  await visit(bob, "/register");
  await expect(bob.getByText("open the set-up link")).toBeVisible();
  await visit(ann, kith.setupPath());
  await register(ann, "ann", "Ann");
  await visit(bob, "/sign-in");
  await bob.getByRole("link", { name: "Create an account" }).click();
  await bob.waitForURL("**/register");
  await alive(bob);
  await register(bob, "bob", "Bob");

  await ann.getByRole("link", { name: "Friends" }).click();
  await ask(ann, "BO", "Bob", "From school");
  await bob.getByRole("img", { name: "1 waiting" }).click();
  await expect(bob.getByText("From school")).toBeVisible();
  await bob.getByRole("button", { name: "Accept" }).click();
  await expect(bob.getByRole("img", { name: "1 waiting" })).toBeHidden();

  await ann.getByLabel("Message", { exact: true }).fill("Hello, Bob");
  await ann.getByRole("button", { name: "Send", exact: true }).click();
  await entryOf(bob, "Ann").click();
  await expect(bob.getByRole("log")).toContainText("Hello, Bob");
  await bob.getByLabel("Message", { exact: true }).fill("Hello, Ann");
  await bob.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ann.getByRole("log").locator(".message-text")).toHaveText([
    "Hello, Bob",
    "Hello, Ann",
  ]);
});

test("a declined friend request disappears on both sides", async ({ ann, bob }) => {
  await askedBy(ann, bob);
  await bob.page.getByRole("button", { name: "Decline" }).click();
  await expect(bob.page.getByText("It is me")).toBeHidden();
  await expect(ann.page.getByRole("button", { name: "Send request" })).toBeVisible();
});

test("a withdrawn friend request disappears on both sides", async ({ ann, bob }) => {
  await askedBy(ann, bob);
  await ann.page.getByRole("button", { name: "Cancel request" }).click();
  await expect(bob.page.getByText("It is me")).toBeHidden();
  await expect(bob.page.getByRole("img", { name: /waiting/ })).toBeHidden();
});

test("search finds beginnings of names in any script, and says when there is no match", async ({
  ann,
  join,
}) => {
  await join("lilei", "李雷");
  await join("lily", "Lily Ångström");
  await ann.visit("/friends");
  await find(ann.page, "li");
  await expect(entryOf(ann.page, "李雷")).toBeVisible();
  await expect(entryOf(ann.page, "Lily")).toBeVisible();
  await find(ann.page, "李");
  await expect(entryOf(ann.page, "Lily")).toBeHidden();
  await expect(entryOf(ann.page, "李雷")).toBeVisible();
  await find(ann.page, "ÅNG");
  await expect(entryOf(ann.page, "Lily")).toBeVisible();
  await find(ann.page, "nobody");
  await expect(ann.page.getByText("Nobody found.")).toBeVisible();
});

test("a remark is shown to its author alone, in every tab", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const tab = await ann.tab();
  await tab.visit("/friends");
  await openProfile(ann, bob);
  await ann.page.getByLabel("Remark").fill("小鲍");
  await ann.page.getByRole("button", { name: "Save" }).click();
  await expect(entryOf(ann.page, "小鲍")).toBeVisible();
  await expect(entryOf(tab.page, "小鲍")).toBeVisible();
  await ann.page.reload();
  await expect(entryOf(ann.page, "小鲍")).toBeVisible();
  await bob.visit("/friends");
  await expect(entryOf(bob.page, "Ann")).toBeVisible();
});

test("removing a friend keeps the history and closes the conversation for both", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await bob.tell(ann, "before");
  await bob.talkTo(ann);
  await openProfile(ann, bob);
  await ann.page.getByRole("button", { name: "Remove friend" }).click();
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Remove friend" }).click();
  for (const { page } of [ann, bob]) {
    await expect(page.getByRole("button", { name: "Send request" })).toBeVisible();
    await expect(page.getByRole("log")).toContainText("before");
  }
  await expect(bob.box).toBeHidden();
});

test("a blocked person's messages are rejected without saying why, until the block ends", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 403.*(send_message|typing)/);
  await befriend(ann, bob);
  await bob.talkTo(ann);
  await openProfile(ann, bob);
  await ann.page.getByRole("button", { name: "Block" }).click();
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Block" }).click();
  await expect(ann.page.getByText("You have blocked Bob.")).toBeVisible();
  await bob.write("are you there?");
  await expect(bob.bubble("are you there?")).toContainText("You cannot write to this contact.");
  await ann.page
    .getByRole("region", { name: /Chatting/ })
    .getByRole("button", { name: "Unblock" })
    .click();
  await expect(ann.box).toBeVisible();
  await bob.page.getByRole("button", { name: "Try again" }).click();
  await expect(ann.bubble("are you there?")).toBeVisible();
});

test("a new display name appears on all open pages", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await bob.visit("/friends");
  await ann.visit("/settings");
  await ann.page.getByLabel("Display name").fill("安妮");
  await ann.page.getByLabel("About me").fill("Reads on trains.\n爱坐火车。");
  await ann.page
    .getByRole("region", { name: "Profile" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(ann.page.getByText("Saved.")).toBeVisible();
  await expect(entryOf(bob.page, "安妮")).toBeVisible();
  await bob.visit(`/friends/${ann.contact}/profile`);
  await expect(bob.page.getByText("爱坐火车。")).toBeVisible();
});

test("an online friend has a dot, and typing is shown", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await expect(ann.entry(bob).getByRole("img", { name: "Online" })).toBeHidden();
  await bob.talkTo(ann);
  const header = ann.page.getByRole("link", { name: /Chatting with Bob/ });
  await expect(header.getByText("Online", { exact: true })).toBeVisible();
  await bob.box.pressSequentially("thinking");
  await expect(header).toContainText("typing…");
  await bob.box.press("Enter");
  await expect(ann.bubble("thinking")).toBeVisible();
  await expect(header).not.toContainText("typing…");
});

test('messages of a deleted account stay under "Deleted account"', async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 401/);
  await befriend(ann, bob);
  await bob.tell(ann, "remember me");
  await ann.talkTo(bob);
  await bob.visit("/settings");
  await bob.page.getByText("Delete my account").click();
  const end = bob.page.getByRole("group").filter({ hasText: "Delete my account" });
  await end.getByLabel("Password").fill("wrong horse");
  await end.getByRole("button", { name: "Delete for good" }).click();
  await expect(end.getByRole("alert")).toHaveText("The current password is wrong.");
  await end.getByLabel("Password").fill(password);
  await end.getByRole("button", { name: "Delete for good" }).click();
  await bob.page.waitForURL("**/sign-in*");
  await expect(ann.page.getByText("This account was deleted.")).toBeVisible();
  await expect(
    ann.page.getByRole("heading", { name: "Chatting with Deleted account" }),
  ).toBeVisible();
  await expect(ann.bubble("remember me")).toBeVisible();
});

test("changing the password signs out other devices at once", async ({ ann, browse, troubles }) => {
  troubles.allow(/status of 401.*receive/);
  const other = await (await browse()).newPage();
  await visit(other, "/sign-in");
  await other.getByLabel("Username").fill("ann");
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL("**/chats");
  await alive(other);
  await ann.visit("/settings");
  await ann.page.getByLabel("Current password").fill(password);
  await ann.page.getByLabel("New password").fill("correct horse battery");
  await ann.page.getByRole("button", { name: "Change password" }).click();
  await expect(ann.page.getByText("Saved.")).toBeVisible();
  await other.waitForURL("**/sign-in*");
});

test.describe("with contacts open to everyone", () => {
  test.use({ kithEnv: { KITH_CONTACTS: "everyone", KITH_ATTEMPTS_PER_MINUTE: "0" } });

  test("anybody can be found, opened and written to without a request", async ({ ann, bob }) => {
    await bob.visit("/chats");
    await ann.visit("/friends");
    await expect(entryOf(ann.page, "Bob")).toBeVisible();
    await find(ann.page, "bo");
    await entryOf(ann.page, "Bob").click();
    await ann.write("no need to ask");
    await expect(ann.bubble("no need to ask")).toHaveAttribute("data-state", "sent");
    await bob.entry(ann).click();
    await expect(bob.bubble("no need to ask")).toBeVisible();
    await bob.write("nor to accept");
    await expect(ann.texts).toHaveText(["no need to ask", "nor to accept"]);
    await expect(ann.page.getByRole("button", { name: "Send request" })).toBeHidden();
  });

  test("the directory and search results list each person once, page by page", async ({
    ann,
    bob,
  }) => {
    const others = Array.from({ length: 60 }, (_, n) => `Person ${String(n).padStart(2, "0")}`);
    // Bob's browser is signed in as the last of them.
    for (const [n, display_name] of others.entries()) {
      await bob.call("register", { username: `person${n}`, display_name, password });
    }
    await ann.visit("/friends");
    const names = ann.page.locator(".people .contact-name");
    const more = ann.page.getByRole("button", { name: "Show more" });
    await expect(names).toHaveCount(50);
    await more.click();
    await expect(names).toHaveText(["Bob", ...others]);
    await expect(more).toBeHidden();

    await find(ann.page, "PERS");
    await expect(names).toHaveText(others.slice(0, 20));
    await more.click();
    await expect(names).toHaveText(others.slice(0, 40));
    await more.click();
    await expect(names).toHaveText(others);
    await expect(more).toBeHidden();
    await find(ann.page, "");
    await expect(names).toHaveCount(50);
  });
});

test.describe("in Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("a friendship begins and ends with only Chinese on the screen", async ({ join }) => {
    const options = { locale: "zh-CN" };
    const li = await join("lilei", "李雷", options);
    const han = await join("hanmeimei", "韩梅梅", options);
    await li.visit("/friends");
    await han.visit("/friends");
    await li.page.getByRole("searchbox", { name: "查找用户" }).fill("韩");
    await entryOf(li.page, "韩梅梅").click();
    await li.page.getByLabel("附言").fill("我是李雷");
    await li.page.getByRole("button", { name: "发送申请" }).click();
    await expect(han.page.getByText("我是李雷")).toBeVisible();
    await han.page.getByRole("button", { name: "接受" }).click();
    await expect(li.page.getByRole("textbox", { name: "消息" })).toBeVisible();
    await li.page.getByRole("heading", { name: "与 韩梅梅 聊天" }).click();
    await li.page.getByRole("button", { name: "删除好友" }).click();
    await li.page.getByRole("alertdialog").getByRole("button", { name: "删除好友" }).click();
    await expect(li.page.getByRole("button", { name: "发送申请" })).toBeVisible();
    await expect(han.page.getByRole("link", { name: "李雷" })).toBeHidden();
  });
});
