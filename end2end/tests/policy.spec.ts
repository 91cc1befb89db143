// A page runs only scripts of the server, and the tests notice blocked ones.
import { expect, test, visit } from "../people.ts";

test("an injected script is blocked and reported", async ({ page, troubles }) => {
  await visit(page, "/sign-in");
  expect(troubles.unexpected()).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.text = "document.title = 'taken over'";
    document.body.append(script);
  });
  await expect(page).toHaveTitle("Kith");
  await expect
    .poll(() => troubles.unexpected())
    .toEqual([expect.stringContaining("Content Security Policy")]);
  troubles.allow(/Content Security Policy/);
});
