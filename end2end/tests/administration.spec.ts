// The administration: plain pages for administrators, by keyboard, on a phone and without
// JavaScript. Ann has the first account of each test's server, so she is the administrator.
import type { Page } from "@playwright/test";
import { audit } from "../audit.ts";
import { befriend, expect, password, type Person, signIn, test, visit } from "../people.ts";

const phone = { width: 360, height: 640 };

/** Makes a group without a page, and returns its id. */
async function groupOf(owner: Person, name: string): Promise<number> {
  const group = (await owner.ask("create_group", {
    name,
    description: "On Sundays",
    invited: [],
  })) as { id: number };
  return group.id;
}

/** The paths of all administration pages, for an existing account and group. */
function pages(user: Person, group: number): string[] {
  const rest = [
    "",
    "/people",
    "/people/new",
    `/people/${user.id}`,
    "/groups",
    "/groups/new",
    `/groups/${group}`,
  ];
  return [...rest, "/registration", "/log"].map((path) => `/admin${path}`);
}

/** The notice of the last action. */
function notice(page: Page) {
  return page.getByRole("status");
}

/** The page's navigation. */
function navigation(page: Page) {
  return page.getByRole("navigation", { name: "Administration" });
}

test("the administration is reached from the settings and leads back to the chats", async ({
  ann,
}) => {
  await ann.visit("/settings");
  await ann.page.getByRole("link", { name: "Administration" }).click();
  await expect(ann.page.getByRole("heading", { name: "Overview" })).toBeVisible();
  for (const name of ["People", "Groups", "Registration", "Audit log", "Overview"]) {
    await navigation(ann.page).getByRole("link", { name }).click();
    await expect(ann.page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(navigation(ann.page).locator('[aria-current="page"]')).toHaveText(name);
  }
  await ann.page.getByRole("link", { name: "Chats" }).click();
  await expect(ann.page).toHaveURL(/\/chats$/);
});

test("the administration is not found by plain users and redirects visitors to sign in", async ({
  ann,
  bob,
  browse,
  troubles,
}) => {
  troubles.allow(/status of 404.*admin/);
  await bob.visit("/settings");
  await expect(bob.page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  await bob.visit("/admin/people");
  await expect(bob.page.getByRole("heading", { name: "Page not found" })).toBeVisible();

  const page = await (await browse()).newPage();
  await visit(page, `/admin/people/${bob.id}`);
  await expect(page).toHaveURL(/\/sign-in\?back=/);
  await signIn(page, ann.username);
  await expect(page.getByRole("heading", { level: 1, name: "Bob" })).toBeVisible();
});

test("an account is found, disabled and enabled by keyboard alone", async ({
  ann,
  bob,
  browse,
}) => {
  const { page } = ann;
  await page.goto("/admin");
  /** Presses Tab until the element with this name has the focus. `search` is the search field. */
  const tabTo = async (name: string | RegExp) => {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      const words =
        (await focused.getAttribute("aria-label")) ?? (await focused.innerText()).trim();
      if (typeof name === "string" ? words === name : name.test(words)) return;
      if ((await focused.getAttribute("type")) === "search" && name === "search") return;
    }
    throw new Error(`${name} is not reached`);
  };
  await tabTo("People");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/people");
  await tabTo("search");
  await page.keyboard.type("bo");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/people?search=bo");
  await expect(page.getByRole("row")).toHaveCount(2);
  await tabTo("Bob");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/admin/people/${bob.id}`);
  await tabTo("Disable account");
  await page.keyboard.press("Enter");
  await expect(notice(page)).toHaveText("The account is disabled.");

  const theirs = await (await browse()).newPage();
  await visit(theirs, "/sign-in");
  await signIn(theirs, "bob");
  await expect(theirs.getByRole("alert")).toHaveText("This account is disabled.");

  await tabTo("Enable account");
  await page.keyboard.press("Enter");
  await expect(notice(page)).toHaveText("The account is enabled.");
  await theirs.getByLabel("Password").fill(password);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await theirs.waitForURL("**/chats");
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a new account's one-time password is replaced at the first sign-in", async ({
      ann,
      browse,
    }) => {
      const { page } = ann;
      await page.goto("/admin/people");
      await page.getByRole("link", { name: "New account" }).click();
      await page.getByLabel("Username").fill("ANN");
      await page.getByLabel("Display name").fill("伊芙");
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByRole("alert")).toHaveText("This username is taken.");
      await expect(page.getByLabel("Display name")).toHaveValue("伊芙");

      await page.getByLabel("Username").fill("eve");
      const given = await page.getByLabel("One-time password").inputValue();
      expect(given).toMatch(/^[a-z]{4}(-[a-z]{4}){3}$/);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(notice(page)).toHaveText("Created.");
      await expect(page.getByRole("heading", { level: 1, name: "伊芙" })).toBeVisible();
      expect(await page.content()).not.toContain(given);
      expect(page.url()).not.toContain(given);

      const theirs = await (await browse({ javaScriptEnabled })).newPage();
      await theirs.goto("/settings");
      await signIn(theirs, "eve", given);
      await expect(theirs.getByRole("heading", { name: "Choose a password" })).toBeVisible();
      await expect(theirs.getByLabel("Username")).toHaveValue("eve");
      await theirs.getByLabel("One-time password").fill(given);
      await theirs.getByLabel("New password").fill(given);
      await theirs.getByRole("button", { name: "Set password and sign in" }).click();
      await expect(theirs.getByRole("alert")).toHaveText(
        "Choose a password that differs from the present one.",
      );
      await theirs.getByLabel("One-time password").fill(given);
      await theirs.getByLabel("New password").fill("my own horse");
      await theirs.getByRole("button", { name: "Set password and sign in" }).click();
      await expect(theirs).toHaveURL(/\/settings$/);
      await expect(theirs.getByRole("heading", { name: "Settings" })).toBeVisible();
    });

    test("a registration link works until it is used up or revoked", async ({ ann, browse }) => {
      const { page } = ann;
      await page.goto("/admin/registration");
      await page.getByLabel("By link").check();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(notice(page)).toHaveText("Saved.");
      await expect(page.getByLabel("By link")).toBeChecked();
      await page.getByRole("button", { name: "Make link" }).click();
      await expect(notice(page)).toHaveText("The link is made.");
      const link = await page.getByLabel("Address of the link").inputValue();

      const theirs = await (await browse({ javaScriptEnabled })).newPage();
      await theirs.goto("/register");
      await expect(theirs.getByText("needs an invitation link")).toBeVisible();
      await theirs.goto(link);
      await theirs.getByLabel("Username").fill("eve");
      await theirs.getByLabel("Display name").fill("Eve");
      await theirs.getByLabel("Password").fill(password);
      await theirs.getByRole("button", { name: "Create account" }).click();
      await expect(theirs).toHaveURL(/\/chats$/);

      const late = await (await browse({ javaScriptEnabled })).newPage();
      await late.goto(link);
      await expect(late.getByText("does not hold any more")).toBeVisible();
      await expect(late.getByRole("textbox")).toHaveCount(0);

      await page.getByLabel("How many accounts").fill("5");
      await page.getByRole("button", { name: "Make link" }).click();
      await page.getByRole("button", { name: "Revoke" }).click();
      await expect(notice(page)).toHaveText("The link is revoked.");
      await expect(page.getByText("There is none.")).toBeVisible();
    });

    test("a group is created, filled, handed over and disbanded", async ({ ann, bob, carol }) => {
      const { page } = ann;
      await page.goto("/admin/groups");
      await page.getByRole("link", { name: "New group" }).click();
      await page.getByLabel("Name of the group").fill("Walkers");
      await page.getByLabel("Username of the owner").fill("nobody");
      await page.getByRole("button", { name: "Create group" }).click();
      await expect(page.getByRole("alert")).toHaveText("Nobody has this username.");
      await page.getByLabel("Username of the owner").fill(bob.username);
      await page.getByRole("button", { name: "Create group" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Walkers" })).toBeVisible();

      await page.getByLabel("Username").fill(carol.username);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await expect(notice(page)).toHaveText("They are a member now.");
      await page.getByRole("combobox", { name: "Role: Carol" }).selectOption("owner");
      await page.getByRole("button", { name: "Set: Carol" }).click();
      await expect(notice(page)).toHaveText("The role is set.");
      await page.getByRole("button", { name: "Remove from group: Bob" }).click();
      await expect(notice(page)).toHaveText("They are no member any more.");
      await expect(page.getByRole("list").getByRole("link", { name: "Bob" })).toHaveCount(0);

      await page.getByText("Disband group").click();
      await page.getByRole("button", { name: "Disband for good" }).click();
      await expect(page).toHaveURL(/\/admin\/groups\?/);
      await expect(page.getByRole("link", { name: "Walkers" })).toHaveCount(0);
      await page.goto("/admin/log");
      await expect(page.getByRole("row").nth(1)).toContainText("Disbanded the group “Walkers”");
    });
  });
}

test("an account is edited, made an administrator and deleted", async ({ ann, bob, carol }) => {
  await befriend(bob, carol);
  const { page } = ann;
  await page.goto(`/admin/people/${bob.id}`);
  await page.getByLabel("Display name").fill("Robert");
  await page.getByLabel("Username").fill("robert");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Robert" })).toBeVisible();
  await page.getByRole("button", { name: "Make administrator" }).click();
  await expect(notice(page)).toHaveText("They are an administrator now.");
  await page.getByRole("button", { name: "No longer administrator" }).click();
  await page.getByRole("button", { name: "End friendship: Carol" }).click();
  await expect(page.getByText("No friends.")).toBeVisible();
  await page.getByText("Delete account").click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await expect(notice(page)).toHaveText("The account is deleted.");
  await expect(page.getByRole("link", { name: "Robert" })).toHaveCount(0);

  await page.goto(`/admin/people/${ann.id}`);
  await page.getByRole("button", { name: "No longer administrator" }).click();
  await expect(page.getByRole("alert")).toHaveText(
    "Kith needs an administrator, and this is the last one.",
  );
});

test("no administration page has a serious or critical accessibility violation", async ({
  ann,
  bob,
  carol,
  browse,
}) => {
  test.slow();
  await befriend(bob, carol);
  const group = await groupOf(bob, "A group with quite a long name, as people will give to theirs");
  await ann.call("admin_add_member", { for_user: ann.id, group, username: "carol" });
  await ann.call("admin_create_link", { for_user: ann.id, uses: 3, days: 7 });
  await bob.ask("make_join_link", { group, days: 7 });
  const { page } = ann;
  for (const path of pages(bob, group)) {
    await page.goto(path);
    await audit(page, path);
    await page.setViewportSize(phone);
    await audit(page, `${path}, on a phone`, false);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(wide, `${path} scrolls sideways`).toBeLessThanOrEqual(phone.width);
    await page.setViewportSize({ width: 1280, height: 720 });
  }
  const entrance = await (await browse()).newPage();
  await entrance.goto("/new-password?username=bob");
  await audit(entrance, "a new password");
});
