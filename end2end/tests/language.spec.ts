// Kith speaks English and Chinese, from the first byte of a page and on the whole way to a message.
import { alive, befriend, entryOf, expect, password, type Person, test, visit } from "../people.ts";
import type { Page } from "@playwright/test";

/** From the sign-in page that is open to a message, by Chinese words alone. */
async function walk(page: Page, person: Person, other: Person): Promise<void> {
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL("**/chats");
  await alive(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  await page.getByRole("navigation", { name: "联系人" }).getByRole("link", { name: "好友" }).click();
  await entryOf(page, other.displayName).click();
  await expect(page.getByRole("heading", { name: `与 ${other.displayName} 聊天` })).toBeVisible();
  await page.getByRole("textbox", { name: "消息" }).fill("你好！");
  await page.getByRole("button", { name: "发送" }).click();
  await expect(page.getByRole("log", { name: "消息" }).getByRole("article")).toContainText("你好！");
}

test.describe("a browser that asks for Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("gets it from the first byte on, and from sign-in to a message", async ({ ann, bob, browse }) => {
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

test("a browser that asks for English gets it from the first byte on", async ({ page }) => {
  const document = await visit(page, "/sign-in");
  const html = await document.text();
  expect(html).toMatch(/<html[^>]* lang="en"/);
  expect(html).toContain("Sign in");
  expect(html).not.toContain("登录");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the switch changes the page at once, and the next ones from their first byte on", async ({ ann, bob, browse }) => {
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
