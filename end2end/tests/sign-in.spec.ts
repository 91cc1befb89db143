// Signing in and out, with redirects to the requested page.
import { alive, befriend, expect, password, signIn, test, visit } from "../people.ts";

test("a visitor is redirected to sign in and back to the requested page", async ({
  ann,
  bob,
  browse,
}) => {
  await befriend(ann, bob);
  await ann.tell(bob, "are you there?");
  const page = await (await browse()).newPage();
  await visit(page, `/chats/${ann.contact}`);
  await expect(page).toHaveURL(/\/sign-in\?back=/);
  await signIn(page, "Bob");
  await page.waitForURL(`**/chats/${ann.contact}`);
  await expect(page.getByRole("log")).toContainText("are you there?");
});

test("the redirect after signing in never leads to another site", async ({ ann, browse, kith }) => {
  const page = await (await browse()).newPage();
  await visit(page, "/sign-in?back=//example.org/");
  await signIn(page, ann.username);
  await page.waitForURL(`${kith.url}/chats`);
});

test("text typed before hydration is kept", async ({ ann, browse }) => {
  const page = await (await browse()).newPage();
  let release = () => {};
  const typed = new Promise<void>((done) => (release = done));
  await page.route("**/pkg/*.wasm", async (route) => {
    await typed;
    await route.continue();
  });
  await page.goto("/sign-in", { waitUntil: "commit" });
  await page.getByLabel("Username").fill("ann");
  await page.getByLabel("Password").fill(password);
  release();
  await alive(page);
  await expect(page.getByLabel("Username")).toHaveValue("ann");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/chats");
  await alive(page);
  await expect(page.getByRole("banner")).toContainText(ann.displayName);
});

test("signing out hides everything, also from browser Back", async ({ ann, bob, troubles }) => {
  troubles.allow(/status of 401.*receive/);
  await befriend(ann, bob);
  await bob.tell(ann, "a secret");
  await ann.talkTo(bob);
  await ann.box.fill("a draft");
  await ann.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await ann.page.waitForURL("**/sign-in");
  await alive(ann.page);
  expect(await ann.page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await ann.page.goBack();
  await expect(ann.page).toHaveURL(/\/sign-in/);
  await expect(ann.page.getByText("a secret")).toBeHidden();
});

test.describe("with a limit of three attempts a minute", () => {
  test.use({ kithEnv: { KITH_ATTEMPTS_PER_MINUTE: "3" } });

  test("repeated wrong passwords are answered with a wait", async ({ ann, browse }) => {
    const page = await (await browse()).newPage();
    await visit(page, "/sign-in");
    for (let guess = 1; guess <= 2; guess++) {
      const answered = page.waitForEvent("load");
      await signIn(page, ann.username, `guess ${guess}`);
      await answered;
      await expect(page.getByRole("alert")).toHaveText("The username or the password is wrong.");
    }
    await signIn(page, ann.username);
    await expect(page.getByRole("alert")).toContainText(
      /Too many attempts. Try again in \d+ seconds./,
    );
  });
});

test.describe("with closed registration", () => {
  test.use({ kithEnv: { KITH_REGISTRATION: "closed" } });

  test("the registration page shows a notice instead of a form", async ({ ann, browse }) => {
    expect(ann.id).toBeGreaterThan(0);
    const page = await (await browse()).newPage();
    await visit(page, "/register");
    await expect(page.getByText("Registration is closed on this server.")).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
  });
});
