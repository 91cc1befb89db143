// Watches for errors in the browsers of a test that the test did not allow.
import { expect, test as base } from "./server.ts";

/** The errors in the browsers of a test: of scripts, of loading, and of the content policy. */
export class Troubles {
  #seen: string[] = [];
  // A WebSocket may open when the sign-in has just ended; the page's calls notice that too.
  #allowed: RegExp[] = [/WebSocket connection to .* failed: HTTP Authentication/];

  /** Allows errors that the test itself causes. They need not occur. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  /** Records an error. */
  saw(text: string): void {
    this.#seen.push(text);
  }

  /** The errors that the test did not allow. */
  unexpected(): string[] {
    return this.#seen.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }
}

export const test = base.extend<{ troubles: Troubles }>({
  troubles: [
    async ({}, use) => {
      const troubles = new Troubles();
      await use(troubles);
      expect(troubles.unexpected(), "errors in the browsers").toEqual([]);
    },
    { auto: true },
  ],
});
