// Accessibility audits of pages, by axe.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Finds serious and critical violations in the light theme, and colour violations in the dark theme too. */
export async function audit(page: Page, what: string, alsoInDark = true): Promise<void> {
  // "Legacy" mode suits pages without frames, and saves opening a page for each audit.
  const axe = () => new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  // The colours change within a frame or two.
  const paint = async (colorScheme: "light" | "dark") => {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  };
  await paint("light");
  const faults = (await axe().analyze()).violations;
  if (alsoInDark) {
    await paint("dark");
    faults.push(...(await axe().withRules("color-contrast").analyze()).violations);
    await paint("light");
  }
  const grave = faults.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = grave.flatMap(({ nodes }) => nodes.map(({ html, any, all, none }) => {
    const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
    return `${html}: ${why}`;
  }));
  expect.soft(found, what).toEqual([]);
}
