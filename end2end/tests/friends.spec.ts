// Becoming friends takes two people and no reload: whatever one does, the other sees at once.
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

async function find(page: Page, username: string): Promise<void> {
  const form = page.getByRole("form", { name: "Add a friend" });
  await form.getByLabel("Username").fill(username);
  await form.getByRole("button", { name: "Find" }).click();
}

async function ask(page: Page, username: string, note: string): Promise<void> {
  await find(page, username);
  await page.getByLabel("Note").fill(note);
  await page.getByRole("button", { name: "Send request" }).click();
}

/** Both look at their friends; the first asks the second. */
async function askedBy(ann: Person, bob: Person): Promise<void> {
  await ann.visit("/friends");
  await bob.visit("/friends");
  await ask(ann.page, bob.username, "It is me");
  await expect(bob.page.getByRole("region", { name: "Requests", exact: true })).toContainText("It is me");
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
  await ask(ann, "BOB", "From school");
  await expect(ann.getByText("You have asked.")).toBeVisible();
  await bob.getByRole("img", { name: "1 waiting" }).click();
  await expect(bob.getByText("From school")).toBeVisible();
  await bob.getByRole("button", { name: "Accept" }).click();
  await expect(ann.getByText("You are friends.")).toBeVisible();
  await expect(bob.getByRole("img", { name: "1 waiting" })).toBeHidden();

  await entryOf(ann, "Bob").click();
  await ann.getByLabel("Message", { exact: true }).fill("Hello, Bob");
  await ann.getByRole("button", { name: "Send", exact: true }).click();
  await entryOf(bob, "Ann").click();
  await expect(bob.getByRole("log")).toContainText("Hello, Bob");
  await bob.getByLabel("Message", { exact: true }).fill("Hello, Ann");
  await bob.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ann.getByRole("log").locator(".message-text")).toHaveText(["Hello, Bob", "Hello, Ann"]);
});

test("a declined request vanishes on both sides", async ({ ann, bob }) => {
  await askedBy(ann, bob);
  await bob.page.getByRole("button", { name: "Decline" }).click();
  await expect(bob.page.getByText("It is me")).toBeHidden();
  await expect(ann.page.getByRole("button", { name: "Send request" })).toBeVisible();
  await expect(ann.page.getByRole("region", { name: "Sent requests" })).toBeHidden();
});

test("a request that was taken back vanishes on both sides", async ({ ann, bob }) => {
  await askedBy(ann, bob);
  await ann.page.getByRole("button", { name: "Take back" }).click();
  await expect(bob.page.getByText("It is me")).toBeHidden();
  await expect(bob.page.getByRole("img", { name: /waiting/ })).toBeHidden();
  await expect(ann.page.getByRole("region", { name: "Sent requests" })).toBeHidden();
});

test("the finder says who is nobody, oneself and a friend already", async ({ ann, bob, troubles }) => {
  troubles.expect(/status of 404.*find_person/);
  await befriend(ann, bob);
  await ann.visit("/friends");
  await find(ann.page, "nobody");
  await expect(ann.page.getByText("Nobody has this username.")).toBeVisible();
  await find(ann.page, "ann");
  await expect(ann.page.getByText("This is you.")).toBeVisible();
  await find(ann.page, "bob");
  await expect(ann.page.getByText("You are friends.")).toBeVisible();
});
