// The people of the smoke: each has an account and a browser of the project's engine.
import type { APIRequestContext } from "@playwright/test";
import { Account, password, registration } from "../accounts.ts";
import { test as base } from "../troubles.ts";
import type { Browser, Engine } from "./driver.ts";
import { Firefox } from "./firefox.ts";
import { Page, shows } from "./page.ts";
import { WebKit } from "./webkit.ts";

/** A person with an account, signed in, in front of one page. */
export class Person extends Account {
  constructor(
    readonly browser: Browser,
    readonly page: Page,
    { request, id, username, displayName }: Account,
  ) {
    super(request, id, username, displayName);
  }

  /** The same person in another tab of the same browser. */
  async tab(): Promise<Person> {
    const page = new Page(await this.browser.open(), this.page.site);
    return new Person(this.browser, page, this);
  }

  /** Opens the conversation with another person by its address. */
  async talkTo(other: Account): Promise<void> {
    await this.page.visit(`/chats/${other.contact}`);
  }

  /** Opens a contact by its entry in the list. */
  async open(contact: string): Promise<void> {
    await this.page.click(entry(contact));
  }

  /** Waits until an entry's badge says so many unread messages; none if there are none. */
  async hasUnread(contact: string, count: number): Promise<void> {
    const badges = () => this.page.things(`${entry(contact)} .unread-badge`);
    const expected = count === 0 ? [] : [`${count} unread`];
    await shows(async () => (await badges()).map(({ name }) => name), expected);
  }

  /** Waits until the texts of the open conversation are these. */
  async reads(...texts: string[]): Promise<void> {
    await shows(() => this.page.texts("[role=log] .message-text"), texts);
  }

  /** Types a message into the open conversation and presses Enter. */
  async write(text: string): Promise<void> {
    await this.page.fill(box, text);
    await this.page.press("Enter");
  }

  /** Waits until the bubble of a message is in a state. */
  async hasBubble(text: string, state: "sending" | "sent"): Promise<void> {
    await this.page.sees(`[role=log] [data-state=${state}] .message-text`, text);
  }
}

/** The message box. */
export const box = 'textarea[aria-label="Message"]';

/** A contact's entry in the list beside the conversation. */
export const entry = (contact: string) => `li a[href$="/${contact}"]`;

/** Fills the sign-in page that is open and sends it off. */
export async function signIn(page: Page, username: string, secret = password): Promise<void> {
  await page.fill("input", username, "Username");
  await page.fill("input", secret, "Password");
  await page.click("button", "Sign in");
}

declare global {
  interface Window {
    release?: () => void;
  }
}

/** Holds every call of this name until the returned function lets them go. */
export async function hold(page: Page, call: string): Promise<() => Promise<void>> {
  await page.tab.run((call) => {
    const fetch = window.fetch.bind(window);
    const released = new Promise<void>((done) => (window.release = done));
    window.fetch = async (input, init) => {
      const address = input instanceof Request ? input.url : String(input);
      if (address.endsWith(`/api/${call}`)) await released;
      return fetch(input, init);
    };
  }, call);
  return () => page.tab.run(() => window.release?.());
}

export type EngineName = "firefox" | "webkit";

type Fixtures = {
  browse: (javaScript?: boolean) => Promise<Browser>;
  newcomer: (javaScript?: boolean) => Promise<Page>;
  request: APIRequestContext;
  register: (username: string, displayName: string) => Promise<Account>;
  join: (username: string, displayName: string) => Promise<Person>;
  ann: Person;
  bob: Person;
  carol: Person;
};

export const test = base.extend<Fixtures, { engineName: EngineName; engine: Engine }>({
  engineName: ["firefox", { option: true, scope: "worker" }],

  engine: [
    async ({ engineName }, use) => {
      const engine = engineName === "firefox" ? new Firefox() : new WebKit();
      if (engine.missing === undefined) await engine.start();
      await use(engine);
      await engine.close();
    },
    // Not a part of any test's time.
    { scope: "worker", timeout: 120_000 },
  ],

  // Opens a browser, and takes a picture of its tabs if the test fails.
  browse: async ({ engine, troubles }, use, testInfo) => {
    testInfo.skip(engine.missing !== undefined, engine.missing);
    const browsers: Browser[] = [];
    await use(async (javaScript = true) => {
      const saw = (error: string) => troubles.saw(error);
      const browser = await engine.browser(browsers.length, { javaScript, saw });
      browsers.push(browser);
      return browser;
    });
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const [seat, browser] of browsers.entries()) {
        for (const tab of browser.tabs) {
          const body = Buffer.from(await tab.picture());
          await testInfo.attach(`browser ${seat + 1}`, { body, contentType: "image/png" });
        }
      }
    }
    await Promise.all(browsers.map((browser) => browser.close()));
  },

  // Opens the page of somebody who is not signed in.
  newcomer: async ({ browse, kith }, use) => {
    await use(async (javaScript) => {
      return new Page(await (await browse(javaScript)).open(), kith.url);
    });
  },

  // Makes an account, signed in, without a browser.
  register: async ({ kith, playwright }, use) => {
    const requests: APIRequestContext[] = [];
    const register = registration(kith);
    await use(async (username, displayName) => {
      const request = await playwright.request.newContext({ baseURL: kith.url });
      requests.push(request);
      return register(request, username, displayName);
    });
    await Promise.all(requests.map((request) => request.dispose()));
  },

  // Makes an account, signed in, in a browser of its own.
  join: async ({ browse, kith, register }, use) => {
    await use(async (username, displayName) => {
      const account = await register(username, displayName);
      const browser = await browse();
      const { cookies } = await account.request.storageState();
      await browser.setCookies(cookies, kith.url);
      return new Person(browser, new Page(await browser.open(), kith.url), account);
    });
  },

  ann: async ({ join }, use) => use(await join("ann", "Ann")),
  bob: async ({ join }, use) => use(await join("bob", "Bob")),
  carol: async ({ join }, use) => use(await join("carol", "Carol")),
});

export { befriend, password, tellMany } from "../accounts.ts";
export { expect } from "../server.ts";
