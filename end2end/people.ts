// The people of a test, and what they do in their browsers.
import type {
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
  Request,
  Response,
} from "@playwright/test";
import { Account, password, registration } from "./accounts.ts";
import { test as base, type Troubles } from "./troubles.ts";

/** Resolves when the page answers to clicks and keys. */
export async function alive(page: Page): Promise<void> {
  await page.locator('html[data-hydrated="true"]').waitFor({ state: "attached" });
}

/** Goes to a path and waits until the page answers to clicks and keys. */
export async function visit(page: Page, path: string): Promise<Response> {
  const response = await page.goto(path);
  await alive(page);
  if (!response) throw new Error(`no answer for ${path}`);
  return response;
}

/** The entry with this name in the list beside the conversation. */
export function entryOf(page: Page, displayName: string): Locator {
  return page.getByRole("listitem").getByRole("link", { name: displayName });
}

/** Fills the sign-in page that is open and sends it off. */
export async function signIn(page: Page, username: string, secret = password): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A person with an account, signed in, in front of one page. */
export class Person extends Account {
  constructor(
    readonly page: Page,
    { id, username, displayName }: Account,
  ) {
    super(page.context().request, id, username, displayName);
  }

  /** The same person in another tab of the same browser. */
  async tab(): Promise<Person> {
    return new Person(await this.page.context().newPage(), this);
  }

  /** Opens a page. */
  async visit(path: string): Promise<Response> {
    return visit(this.page, path);
  }

  /** Opens the conversation with another person by its address. */
  async talkTo(other: Person): Promise<void> {
    await this.visit(`/chats/${other.contact}`);
  }

  /** Another person's entry in the list beside the conversation. */
  entry(other: Person): Locator {
    return entryOf(this.page, other.displayName);
  }

  /** The entry's count of unread messages. */
  badge(other: Person): Locator {
    return this.entry(other).getByRole("img", { name: /unread/ });
  }

  /** One of the tabs over the lists. */
  contactTab(name: "Chats" | "Friends" | "Groups"): Locator {
    return this.page.getByRole("navigation", { name: "Contacts" }).getByRole("link", { name });
  }

  get box(): Locator {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  /** The texts of the open conversation, in their order. */
  get texts(): Locator {
    return this.log.locator(".message-text");
  }

  /** The bubble with this text. */
  bubble(text: string): Locator {
    return this.log
      .getByRole("article")
      .filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Types a message into the open conversation and presses Enter. */
  async write(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }
}

/** Holds every call of this name until the returned function lets them go. */
export async function hold(page: Page, call: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await page.route(`**/api/${call}`, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/**
 * Leaves the page nothing but long polling. With a WebSocket the page soon stops asking, and a test
 * that meddles with its receives would have no effect.
 */
export async function asksOnly(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(window, "WebSocket"));
}

/** The calls that a page makes from now on, without the receive loop and the read marks. */
export function callsOf(page: Page): string[] {
  const calls: string[] = [];
  page.on("request", (request: Request) => {
    const [, call] = new URL(request.url()).pathname.split("/api/");
    if (call && call !== "receive" && call !== "mark_read") calls.push(call);
  });
  return calls;
}

/**
 * Scrolls the messages with the wheel, upwards when negative, and waits until they stand still:
 * Chromium scrolls smoothly.
 */
export async function wheel(person: Person, pixels: number): Promise<void> {
  await person.log.hover();
  const before = await person.log.evaluate((pane) => pane.scrollTop);
  await person.page.mouse.wheel(0, pixels);
  await person.log.evaluate(async (pane, before) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (pane.scrollTop === before) await frame();
    for (let still = 0, last = NaN; still < 10; still = pane.scrollTop === last ? still + 1 : 0) {
      last = pane.scrollTop;
      await frame();
    }
  }, before);
}

type Fixtures = {
  browse: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  join: (
    username: string,
    displayName?: string,
    options?: BrowserContextOptions,
  ) => Promise<Person>;
  ann: Person;
  bob: Person;
  carol: Person;
};

export const test = base.extend<Fixtures>({
  // Opens another, empty browser.
  browse: async ({ browser, troubles }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      watch(context, troubles);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  context: async ({ browse }, use) => use(await browse()),

  // Makes an account past the page, signed in, in a browser of its own.
  join: async ({ browse, kith }, use) => {
    const register = registration(kith);
    await use(async (username, displayName = username, options) => {
      const context = await browse(options);
      const account = await register(context.request, username, displayName);
      return new Person(await context.newPage(), account);
    });
  },

  ann: async ({ join }, use) => use(await join("ann", "Ann")),
  bob: async ({ join }, use) => use(await join("bob", "Bob")),
  carol: async ({ join }, use) => use(await join("carol", "Carol")),
});

/** Takes down what goes wrong in a browser. */
function watch(context: BrowserContext, troubles: Troubles): void {
  context.on("console", (message) => {
    if (message.type() === "error") troubles.saw(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => troubles.saw(String(error.error())));
  context.on("page", (page) => page.on("crash", () => troubles.saw(`${page.url()} crashed`)));
}

export { befriend, password, tellMany } from "./accounts.ts";
export { expect } from "./server.ts";
