// The people of a test: their accounts, their acts in the browser, and a watch for errors there that
// the test did not expect.
import type { BrowserContext, BrowserContextOptions, Locator, Page, Request, Response } from "@playwright/test";
import { expect, type Kith, test as base } from "./server.ts";

/** The password of every account. */
export const password = "correct horse";

/** Resolves when the page is hydrated. */
export async function alive(page: Page): Promise<void> {
  await page.locator('html[data-hydrated="true"]').waitFor({ state: "attached" });
}

/** Opens a path and waits until the page is hydrated. */
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

/** Fills and submits the open sign-in page. */
export async function signIn(page: Page, username: string, secret = password): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A person with an account, signed in, in front of one page. */
export class Person {
  /** The contact in addresses and calls. */
  readonly contact: string;

  constructor(
    readonly page: Page,
    readonly id: number,
    readonly username: string,
    readonly displayName: string,
  ) {
    this.contact = `user-${id}`;
  }

  /** The same person in another tab of the same browser. */
  async tab(): Promise<Person> {
    return new Person(await this.page.context().newPage(), this.id, this.username, this.displayName);
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

  /** One of the tabs above the lists. */
  contactTab(name: "Chats" | "Friends" | "Groups"): Locator {
    return this.page.getByRole("navigation", { name: "Contacts" }).getByRole("link", { name });
  }

  get box(): Locator {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  /** The texts of the open conversation, in order. */
  get texts(): Locator {
    return this.log.locator(".message-text");
  }

  /** The bubble with this text. */
  bubble(text: string): Locator {
    return this.log.getByRole("article").filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Types a message into the open conversation and presses Enter. */
  async write(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Calls a server function without the page, as a plain form would. */
  async call(name: string, form: Form): Promise<unknown> {
    return call(this.page.context(), name, { form });
  }

  /** Sends a message without the page. */
  async tell(other: Person, text: string): Promise<void> {
    const { contact } = other;
    await this.call("send_message", { for_user: this.id, contact, client_id: crypto.randomUUID(), text });
  }

  /** Calls a server function that takes JSON, without the page. */
  async ask(name: string, data: object): Promise<unknown> {
    return call(this.page.context(), name, { data: { for_user: this.id, ...data } });
  }

  /** Marks another person's messages as read, past the page. */
  async hasRead(other: Person, seq: number): Promise<void> {
    await call(this.page.context(), "mark_read", { data: { for_user: this.id, contact: other.contact, seq } });
  }
}

/** Sends many messages without the page. */
export async function tellMany(from: Person, to: Person, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await from.tell(to, `line ${n}`);
}

/** Delays every call of this name until the returned function is called. */
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

/** The calls of a page from now on, without receives and read marks. */
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

type Form = Record<string, string | number>;

async function call(context: BrowserContext, name: string, input: { form: Form } | { data: object }): Promise<unknown> {
  const answer = await context.request.post(`/api/${name}`, input);
  if (!answer.ok()) throw new Error(`${name} was answered with ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

/** Makes two people friends, without their pages. */
export async function befriend(one: Person, other: Person): Promise<void> {
  await one.call("request_friend", { for_user: one.id, user: other.id, note: "" });
  await other.call("accept_friend", { for_user: other.id, user: one.id });
}

/** The errors in the browsers of a test: of scripts, of loading, and of the content policy. */
export class Troubles {
  #seen: string[] = [];
  // A WebSocket may open when the sign-in has just ended; the page's calls notice that too.
  #expected: RegExp[] = [/WebSocket connection to .* failed: HTTP Authentication/];

  /** Names errors that the test itself causes, by a killed server or a refused call. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** The errors that the test did not name. */
  unexpected(): string[] {
    return this.#seen.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() === "error") this.#seen.push(`${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#seen.push(String(error.error())));
    context.on("page", (page) => page.on("crash", () => this.#seen.push(`${page.url()} crashed`)));
  }
}

type Fixtures = {
  troubles: Troubles;
  browse: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  join: (username: string, displayName?: string, options?: BrowserContextOptions) => Promise<Person>;
  ann: Person;
  bob: Person;
  carol: Person;
};

export const test = base.extend<Fixtures>({
  troubles: [
    async ({}, use) => {
      const troubles = new Troubles();
      await use(troubles);
      expect(troubles.unexpected(), "errors in the browsers").toEqual([]);
    },
    { auto: true },
  ],

  // Opens another, empty browser.
  browse: async ({ browser, troubles }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      troubles.watch(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  context: async ({ browse }, use) => use(await browse()),

  // Makes an account without a page, signed in, in its own browser.
  join: async ({ browse, kith }, use) => {
    let setup = firstLink(kith);
    await use(async (username, displayName = username, options) => {
      const context = await browse(options);
      await call(context, "register", { form: { username, display_name: displayName, password, ...setup } });
      setup = {};
      const { me } = (await call(context, "load_page", { data: {} })) as { me: { person: { id: number } } };
      return new Person(await context.newPage(), me.person.id, username, displayName);
    });
  },

  ann: async ({ join }, use) => use(await join("ann", "Ann")),
  bob: async ({ join }, use) => use(await join("bob", "Bob")),
  carol: async ({ join }, use) => use(await join("carol", "Carol")),
});

function firstLink(kith: Kith): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(kith.setupPath().split("?")[1]));
}

export { expect } from "./server.ts";
