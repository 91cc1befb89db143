// Everything works by keyboard alone, with a visible focus that is never lost.
import type { Locator, Page } from "@playwright/test";
import { alive, befriend, entryOf, expect, password, test, visit } from "../people.ts";

/** Waits until an element has the focus, is visible, and has a focus ring. */
async function expectToSeeFocus(page: Page): Promise<void> {
  const seen = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "nothing has the focus";
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight)
        return `out of sight: ${element.outerHTML.slice(0, 200)}`;
      // The ring of a radio button is around its label.
      const ringed = [element, element.closest("label")].some((around) => {
        const { outlineStyle, outlineWidth } = around
          ? getComputedStyle(around)
          : { outlineStyle: "none", outlineWidth: "" };
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      });
      return ringed ? "seen" : `no ring: ${element.outerHTML.slice(0, 200)}`;
    });
  await expect.poll(seen).toBe("seen");
}

/** Presses Tab, or Shift+Tab, until this element has the focus. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await target.evaluate((element) => element === document.activeElement))
      return expectToSeeFocus(page);
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never reaches ${target.toString()}`);
}

/** Moves the focus to an element and presses Enter, and checks the focus afterwards. */
async function enter(page: Page, target: Locator, key?: "Tab" | "Shift+Tab"): Promise<void> {
  await tabTo(page, target, key);
  await page.keyboard.press("Enter");
}

test("signing in, sending an emoji and signing out work by keyboard", async ({
  ann,
  bob,
  browse,
  troubles,
}) => {
  // The receive that was under way.
  troubles.allow(/status of 401.*receive/);
  await befriend(ann, bob);
  await bob.tell(ann, "come in");
  const page = await (await browse()).newPage();
  await visit(page, "/sign-in");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type("ann");
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/chats");
  await alive(page);

  await enter(page, entryOf(page, "Bob"));
  const box = page.getByRole("textbox", { name: "Message", exact: true });
  const texts = page.getByRole("log").locator(".message-text");
  await expect(box).toBeFocused();
  await page.keyboard.type("by keyboard ");
  await enter(page, page.getByRole("button", { name: "Emoji" }), "Shift+Tab");
  const panel = page.getByRole("group", { name: "Emoji" });
  const faces = panel.getByRole("tabpanel").getByRole("button");
  await expect(faces.first()).toBeFocused();
  await expectToSeeFocus(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await expect(faces.nth(1)).toBeFocused();
  const emoji = await faces.nth(1).innerText();
  await page.keyboard.press("Enter");
  await expect(box).toHaveValue(`by keyboard ${emoji}`);
  await expect(faces.nth(1)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(box).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(texts).toHaveText(["come in", `by keyboard ${emoji}`]);
  await expect(box).toBeFocused();

  const navigation = page.getByRole("banner");
  await enter(page, navigation.getByRole("link", { name: "Settings" }));
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await tabTo(page, page.getByRole("radio", { name: "System" }));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expectToSeeFocus(page);
  await enter(page, navigation.getByRole("button", { name: "Sign out" }), "Shift+Tab");
  await page.waitForURL("**/sign-in");
  await expect(page.getByLabel("Username")).toBeFocused();
});

test("Tab passes the emoji panel in one step, and arrow keys reach every category", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  const { page } = ann;
  await ann.talkTo(bob);
  const button = page.getByRole("button", { name: "Emoji" });
  await enter(page, button);
  const shown = page.getByRole("tabpanel").getByRole("button");
  await expect(shown.first()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(button).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(shown.first()).toBeFocused();
  await enter(page, page.getByRole("tab", { name: "Signs" }), "Shift+Tab");
  await expect(page.getByRole("tabpanel", { name: "Signs" })).toBeVisible();
  await tabTo(page, shown.first());
  const emoji = await shown.first().innerText();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(ann.box).toHaveValue(emoji);
  await expect(ann.box).toBeFocused();
});

test("finding a person, requesting and accepting friendship work by keyboard", async ({
  ann,
  bob,
}) => {
  const { page } = ann;
  await bob.visit("/friends");
  await ann.visit("/chats");
  await enter(page, ann.contactTab("Friends"));
  await expectToSeeFocus(page);
  await tabTo(page, page.getByRole("searchbox", { name: "Find people" }));
  await page.keyboard.type("bo");
  await expect(ann.entry(bob)).toBeVisible();
  await enter(page, ann.entry(bob));
  await tabTo(page, page.getByLabel("Note"));
  await page.keyboard.type("From school");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You have asked.")).toBeVisible();
  await expectToSeeFocus(page);

  await enter(bob.page, bob.page.getByRole("button", { name: "Accept" }));
  await expect(bob.page.getByRole("button", { name: "Accept" })).toBeHidden();
  await expectToSeeFocus(bob.page);
  await expect(ann.box).toBeVisible();
  await expectToSeeFocus(page);
});

test("opening and closing a profile work by keyboard", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const { page } = ann;
  await ann.talkTo(bob);
  const heading = page
    .getByRole("region", { name: "Chatting with Bob" })
    .getByRole("link", { name: /Chatting with Bob/ });
  for (const width of [1280, 800]) {
    await page.setViewportSize({ width, height: 720 });
    await enter(page, heading, "Shift+Tab");
    const profile = page.getByRole("complementary", { name: "Bob" });
    await expect(profile).toBeVisible();
    await expectToSeeFocus(page);
    await enter(page, profile.getByRole("link", { name: "Close" }));
    await expect(profile).toBeHidden();
    await expectToSeeFocus(page);
  }
});

test("a confirmation returns the focus to where it was", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const { page } = ann;
  await ann.visit(`/chats/${bob.contact}/profile`);
  const block = page
    .getByRole("complementary", { name: "Bob" })
    .getByRole("button", { name: "Block" });
  const question = page.getByRole("alertdialog");
  await enter(page, block);
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(question).toBeHidden();
  await expect(block).toBeFocused();
  await page.keyboard.press("Enter");
  await enter(page, question.getByRole("button", { name: "Block" }), "Shift+Tab");
  await expect(page.getByText("You have blocked Bob.")).toBeVisible();
  await expectToSeeFocus(page);
});

test("a rejected message is discarded or sent again by keyboard", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 403.*(send_message|typing)/);
  await befriend(ann, bob);
  const { page } = ann;
  await ann.talkTo(bob);
  const blocks = (blocked: boolean) =>
    bob.call("set_blocked", { for_user: bob.id, user: ann.id, blocked: String(blocked) });
  await blocks(true);
  await ann.write("give up");
  await ann.write("try again");
  await expect(ann.bubble("try again")).toHaveAttribute("data-state", "failed");
  await enter(page, ann.bubble("give up").getByRole("button", { name: "Discard" }), "Shift+Tab");
  await expect(ann.texts).toHaveText(["try again"]);
  await expectToSeeFocus(page);
  await blocks(false);
  await enter(
    page,
    ann.bubble("try again").getByRole("button", { name: "Try again" }),
    "Shift+Tab",
  );
  await expect(ann.bubble("try again")).toHaveAttribute("data-state", "sent");
  await expectToSeeFocus(page);
});
