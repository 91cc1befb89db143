// Watches for errors in the browsers of a test that the test did not expect.
import { expect, test as base } from "./server.ts";

/** The errors in the browsers of a test: of scripts, of loading, and of the content policy. */
export class Troubles {
  #seen: string[] = [];
  // A WebSocket may open when the sign-in has just ended; the page's calls notice that too.
  #expected: RegExp[] = [/WebSocket connection to .* failed: HTTP Authentication/];

  /** Names errors that the test itself causes, by a killed server or a refused call. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Takes down an error. */
  saw(text: string): void {
    this.#seen.push(text);
  }

  /** The errors that the test did not name. */
  unexpected(): string[] {
    return this.#seen.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
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
