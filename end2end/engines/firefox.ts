// Firefox, driven over WebDriver BiDi.
import { existsSync } from "node:fs";
import type { Cookie } from "@playwright/test";
import puppeteer, {
  type Browser as FirefoxProcess,
  type BrowserContext,
  type Page,
} from "puppeteer-core";
import type { Browser, BrowserOptions, Engine, Key, Point, Tab } from "./driver.ts";

const program =
  process.env.KITH_FIREFOX ??
  ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path));

/** Timeout for the start of Firefox on a busy machine, in milliseconds. */
const startTimeout = 100_000;

class FirefoxTab implements Tab {
  constructor(readonly page: Page) {}

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async run<Args extends unknown[], Result>(
    script: (...args: Args) => Result,
    ...args: Args
  ): Promise<Result> {
    const all: unknown[] = args;
    return (await this.page.evaluate(script as (...all: unknown[]) => unknown, ...all)) as Result;
  }

  async click({ x, y }: Point): Promise<void> {
    await this.page.mouse.click(x, y);
  }

  async wheel({ x, y }: Point, pixels: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.page.mouse.wheel({ deltaY: pixels });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(key: Key): Promise<void> {
    const { keyboard } = this.page;
    if (key === "Shift+Enter") {
      await keyboard.down("Shift");
      await keyboard.press("Enter");
      await keyboard.up("Shift");
    } else {
      await keyboard.press(key);
    }
  }

  async picture(): Promise<Uint8Array> {
    return this.page.screenshot();
  }
}

class FirefoxBrowser implements Browser {
  readonly tabs: Tab[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly saw: BrowserOptions["saw"],
  ) {}

  async open(): Promise<Tab> {
    const page = await this.context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") this.saw(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.saw(String(error)));
    const tab = new FirefoxTab(page);
    this.tabs.push(tab);
    return tab;
  }

  async setCookies(cookies: Cookie[]): Promise<void> {
    // They end with the browser: Firefox refuses an end that is not a whole second.
    await this.context.setCookie(...cookies.map((cookie) => ({ ...cookie, expires: -1 })));
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

export class Firefox implements Engine {
  readonly missing = program === undefined ? "Firefox is not installed" : undefined;
  // A start takes seconds, so the tests of a worker share the processes. Each seat has its own:
  // only one window of a process has the focus.
  #processes = new Map<string, Promise<FirefoxProcess>>();

  async start(): Promise<void> {
    // Nearly every test is of two people.
    await Promise.all([0, 1].map((seat) => this.#process(seat, true)));
  }

  async browser(seat: number, { javaScript, saw }: BrowserOptions): Promise<Browser> {
    const firefox = await this.#process(seat, javaScript);
    return new FirefoxBrowser(await firefox.createBrowserContext(), saw);
  }

  async close(): Promise<void> {
    const processes = await Promise.all(this.#processes.values());
    await Promise.all(processes.map((firefox) => firefox.close()));
  }

  #process(seat: number, javaScript: boolean): Promise<FirefoxProcess> {
    const key = `${seat} ${javaScript}`;
    const firefox = this.#processes.get(key) ?? launch(javaScript);
    this.#processes.set(key, firefox);
    return firefox;
  }
}

function launch(javaScript: boolean): Promise<FirefoxProcess> {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: program,
    headless: true,
    timeout: startTimeout,
    defaultViewport: null,
    args: ["--width=1280", "--height=800"],
    extraPrefsFirefox: { "javascript.enabled": javaScript, "intl.accept_languages": "en" },
  });
}
