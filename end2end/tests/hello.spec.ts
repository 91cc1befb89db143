// Proves that a page hydrates and that a test may kill its server: the ground for all other browser tests.
import { expect, test } from "../server.ts";

test("a button counts once the page is hydrated", async ({ page }) => {
  await page.goto("/");
  await page.locator("[data-hydrated]").waitFor();
  const button = page.getByRole("button", { name: /Clicked/ });
  await button.click();
  await expect(button).toHaveText("Clicked 1 times");
});

test("the server comes back on the same address", async ({ kith, page }) => {
  await kith.restart();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Kith" })).toBeVisible();
});
