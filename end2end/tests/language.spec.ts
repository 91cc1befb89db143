// English and Chinese, from the first HTML of a page to a message.
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import type { Page } from "@playwright/test";
import { alive, befriend, entryOf, expect, password, type Person, test, visit } from "../people.ts";

/** From the open sign-in page to a message, by Chinese words alone. */
async function walk(page: Page, person: Person, other: Person): Promise<void> {
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL("**/chats");
  await alive(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  await page
    .getByRole("navigation", { name: "联系人" })
    .getByRole("link", { name: "好友" })
    .click();
  await entryOf(page, other.displayName).click();
  await expect(page.getByRole("heading", { name: `与 ${other.displayName} 聊天` })).toBeVisible();
  await page.getByRole("textbox", { name: "消息" }).fill("你好！");
  await page.getByRole("button", { name: "发送" }).click();
  await expect(page.getByRole("log", { name: "消息" }).getByRole("article")).toContainText(
    "你好！",
  );
}

test.describe("a browser that asks for Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("gets Chinese in the first HTML and from sign-in to a message", async ({
    ann,
    bob,
    browse,
  }) => {
    await befriend(ann, bob);
    const page = await (await browse()).newPage();
    const document = await visit(page, "/sign-in");
    const html = await document.text();
    expect(html).toMatch(/<html[^>]* lang="zh"/);
    expect(html).toContain("登录");
    expect(html).not.toContain("Sign in");
    await walk(page, ann, bob);
  });
});

test("a browser that asks for English gets it in the first HTML", async ({ page }) => {
  const document = await visit(page, "/sign-in");
  const html = await document.text();
  expect(html).toMatch(/<html[^>]* lang="en"/);
  expect(html).toContain("Sign in");
  expect(html).not.toContain("登录");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the language switch changes the page at once and the HTML of later pages", async ({
  ann,
  bob,
  browse,
}) => {
  await befriend(ann, bob);
  const page = await (await browse()).newPage();
  await visit(page, "/sign-in");
  await page.getByRole("radio", { name: "中文" }).check();
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  const document = await visit(page, "/sign-in");
  expect(await document.text()).toMatch(/<html[^>]* lang="zh"/);
  await walk(page, ann, bob);

  await page.getByRole("link", { name: "设置" }).click();
  await page.getByRole("radio", { name: "English" }).check();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

/** Names of people, keys and devices, which are the same in every language. */
const foreign = /Kith|WebSocket|English|中文|@\w+|Enter|Shift|Ctrl|Chrome|Windows/g;

/** Words of another language on the page, except names and messages. */
async function strayWords(page: Page, locale: string): Promise<string[]> {
  const stray = locale === "zh" ? /[A-Za-z]{2,}/ : /\p{Script=Han}/u;
  const lines = (await page.locator("body").innerText()).split("\n");
  const labels = await page
    .locator("[aria-label], [placeholder], [title]")
    .evaluateAll((all) =>
      all.flatMap((one) =>
        ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name) ?? ""),
      ),
    );
  return [...lines, ...labels].filter((text) => stray.test(text.replace(foreign, "")));
}

for (const locale of ["en", "zh"]) {
  test.describe(`all the words of ${locale}`, () => {
    test.use({ locale });

    test("are enough from registration through a friendship to signing out", async ({
      browse,
      join,
      troubles,
    }) => {
      test.slow();
      // The receive that was under way.
      troubles.allow(/status of 401.*receive/);
      const file = path(import.meta.dirname, `../../locales/${locale}.json`);
      const words = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
      const say = (key: string, name = "") => {
        const word = words[key];
        if (word === undefined) throw new Error(`there is no ${key} in ${file}`);
        return word.replace("{{ name }}", name);
      };
      const exact = (key: string) => ({ name: say(key), exact: true });
      const other = await join("o01", "22", { locale });
      await other.visit("/friends");
      const page = await (await browse()).newPage();
      const clean = async (what: string) =>
        expect.soft(await strayWords(page, locale), what).toEqual([]);

      await visit(page, "/sign-in");
      await clean("sign-in");
      await page.getByRole("link", exact("create_account_link")).click();
      await page.waitForURL("**/register");
      await alive(page);
      await page.getByLabel(say("username")).fill("p01");
      await page.getByLabel(say("display_name")).fill("11");
      await page.getByLabel(say("password")).fill("short");
      const refused = page.waitForEvent("load");
      await page.getByRole("button", exact("create_account")).click();
      await refused;
      await alive(page);
      await expect(page.getByRole("alert")).toHaveText(say("invalid_password_length"));
      await clean("register");
      await page.getByLabel(say("password")).fill(password);
      await page.getByRole("button", exact("create_account")).click();
      await page.waitForURL("**/chats");
      await alive(page);
      await expect(page.getByText(say("chats_empty"))).toBeVisible();
      await clean("chats");

      const tabs = page.getByRole("navigation", { name: say("nav_contacts") });
      await tabs.getByRole("link", exact("groups")).click();
      await expect(page.getByText(say("groups_empty"))).toBeVisible();
      await clean("groups");
      await tabs.getByRole("link", exact("friends")).click();
      await expect(page.getByText(say("friends_empty"))).toBeVisible();
      await page.getByRole("searchbox", { name: say("find_people") }).fill("99");
      await expect(page.getByText(say("nobody_found"))).toBeVisible();
      await page.getByRole("searchbox", { name: say("find_people") }).fill("22");
      await entryOf(page, "22").click();
      await expect(page.getByText(say("standing_stranger", "22"))).toBeVisible();
      await clean("no friend yet");
      await page.getByRole("button", exact("send_request")).click();
      await expect(page.getByText(say("relation_asked")).first()).toBeVisible();
      await clean("asked");
      await other.page.getByRole("button", { name: say("accept") }).click();
      await page.getByRole("textbox", exact("message")).fill("1");
      await page.getByRole("button", exact("send")).click();
      await expect(
        page.getByRole("log", { name: say("messages") }).getByRole("article"),
      ).toContainText("1");
      await page.getByRole("button", exact("emoji")).click();
      await expect(page.getByRole("tab", exact("emoji_signs"))).toBeVisible();
      await clean("a conversation");

      await page.getByRole("heading", { name: say("chatting_with", "22") }).click();
      await page.getByRole("button", exact("block")).click();
      await expect(
        page.getByRole("alertdialog", { name: say("block_question", "22") }),
      ).toBeVisible();
      await clean("a question");
      await page.getByRole("alertdialog").getByRole("button", exact("block")).click();
      await expect(page.getByText(say("standing_blocked", "22"))).toBeVisible();
      await clean("blocked");
      await tabs.getByRole("link", exact("groups")).click();
      await page.getByRole("button", exact("new_group")).click();
      await page.getByLabel(say("group_name")).fill("33");
      await clean("a new group");
      await page.getByRole("button", exact("create_group")).click();
      await expect(
        page.getByText(`${say("line_created").replace("{{ name }}", say("you"))}`).last(),
      ).toBeVisible();
      await page.getByRole("heading", { name: say("chatting_with", "33") }).click();
      await page.getByText(say("edit_group")).click();
      await page.getByText(say("invite_people")).click();
      await clean("a group");
      await page.getByRole("button", exact("disband_group")).click();
      await page.getByRole("alertdialog").getByRole("button", exact("disband_group")).click();
      await expect(page.getByText(say("standing_left")).first()).toBeVisible();
      await clean("a group that has ended");
      await page.getByRole("link", exact("settings")).click();
      await expect(page.getByRole("heading", exact("devices"))).toBeVisible();
      await expect(page.getByText(say("this_device"))).toBeVisible();
      await page.getByText(say("delete_account"), { exact: true }).click();
      await clean("settings");
      await page.getByRole("banner").getByRole("button", exact("sign_out")).click();
      await page.waitForURL("**/sign-in");
      await expect(page.getByRole("heading", exact("sign_in"))).toBeVisible();
    });
  });
}
