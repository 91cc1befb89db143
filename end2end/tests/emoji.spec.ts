// The emoji panel: its search in two languages, its recent emoji and its skin tone.
import { audit } from "../audit.ts";
import { befriend, expect, type Person, test } from "../people.ts";

/** Opens the panel and returns it. */
async function openPanel(person: Person) {
  await person.page.getByRole("button", { name: "Emoji", exact: true }).click();
  const panel = person.page.getByRole("group", { name: "Emoji" });
  await expect(panel).toBeVisible();
  return panel;
}

test("a search finds emoji by words of both languages", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const panel = await openPanel(ann);
  const search = panel.getByRole("searchbox", { name: "Search emoji" });
  const found = panel.getByRole("tabpanel", { name: "Emoji found" }).getByRole("button");
  await search.fill("Panda");
  await expect(found).toHaveText(["🐼"]);
  await search.fill("月饼");
  await expect(found).toHaveText(["🥮"]);
  await search.fill("xyzzy");
  await expect(panel.getByText("No emoji found.")).toBeVisible();
  await expect(found).toHaveCount(0);
  await panel.getByRole("tab", { name: "Travel" }).click();
  await expect(search).toHaveValue("");
  await expect(
    panel.getByRole("tabpanel", { name: "Travel" }).getByRole("button").first(),
  ).toHaveText("🚗");
  await panel.getByRole("tab", { name: "Recently used" }).click();
  await expect(panel.getByText("You have not used any emoji yet.")).toBeVisible();
});

test("by keyboard, a letter starts the search and Enter chooses the first emoji", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const { page } = ann;
  const panel = await openPanel(ann);
  await expect(panel.getByRole("tabpanel").getByRole("button").first()).toBeFocused();
  await page.keyboard.type("rocket");
  await expect(panel.getByRole("searchbox")).toHaveValue("rocket");
  await page.keyboard.press("Enter");
  await expect(ann.box).toHaveValue("🚀");
  await panel.getByRole("searchbox").fill("fruit");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(ann.box).toHaveValue("🚀🍐");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(ann.box).toBeFocused();
  await expect(ann.texts).toHaveCount(0);
});

test("the last emoji come first, after a reload as well, until the user signs out", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 401.*receive/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  let panel = await openPanel(ann);
  await panel.getByRole("button", { name: "😀", exact: true }).click();
  await panel.getByRole("button", { name: "😎", exact: true }).click();
  await ann.page.reload();
  await ann.talkTo(bob);
  panel = await openPanel(ann);
  const recent = panel.getByRole("tabpanel", { name: "Recently used" }).getByRole("button");
  await expect(recent).toHaveText(["😎", "😀"]);
  await recent.nth(1).click();
  await expect(recent, "a choice moves nothing under the pointer").toHaveText(["😎", "😀"]);
  await panel.getByRole("tab", { name: "Recently used" }).click();
  await expect(recent).toHaveText(["😀", "😎"]);
  const stored = () =>
    ann.page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith("kith.emoji.")),
    );
  expect(await stored()).toHaveLength(1);
  await ann.page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await ann.page.waitForURL("**/sign-in");
  expect(await stored()).toHaveLength(0);
});

test("a skin tone is chosen once and kept", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  let panel = await openPanel(ann);
  await panel.getByRole("combobox", { name: "Skin tone" }).selectOption("4");
  await panel.getByRole("tab", { name: "People" }).click();
  await panel.getByRole("button", { name: "👋🏾", exact: true }).click();
  await panel.getByRole("button", { name: "👀", exact: true }).click();
  await expect(ann.box).toHaveValue("👋🏾👀");
  await ann.talkTo(bob);
  panel = await openPanel(ann);
  await expect(panel.getByRole("combobox", { name: "Skin tone" })).toHaveValue("4");
  const recent = panel.getByRole("tabpanel", { name: "Recently used" }).getByRole("button");
  await expect(recent).toHaveText(["👀", "👋🏾"]);
});

test("the panel is accessible in both themes and fits a phone", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.page.setViewportSize({ width: 320, height: 640 });
  const panel = await openPanel(ann);
  await audit(ann.page, "the emoji panel");
  await panel.getByRole("searchbox").fill("heart");
  await audit(ann.page, "a search in the emoji panel");
  await panel.getByRole("searchbox").fill("xyzzy");
  await audit(ann.page, "a search without results");
  const width = await ann.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});
