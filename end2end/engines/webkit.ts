// WebKit: the small browser of WebKitGTK on a display without a screen, driven over WebDriver.
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Cookie } from "@playwright/test";
import { freePort } from "../server.ts";
import type { Browser, BrowserOptions, Engine, Key, Point, Tab } from "./driver.ts";

const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
const browsers = ["webkit2gtk-4.1", "webkitgtk-6.0"].map(
  (version) => `/usr/lib/${machine}-linux-gnu/${version}/MiniBrowser`,
);
const programs = {
  driver: "/usr/bin/WebKitWebDriver",
  display: "/usr/bin/Xvfb",
  browser: browsers.find((path) => existsSync(path)) ?? browsers[0]!,
};

/** Timeout for the start of a browser, in milliseconds. */
const startTimeout = 20_000;
/** Timeout for a command, in milliseconds. A browser that hangs would hold up a test's end. */
const commandTimeout = 30_000;

// WebDriver names keys without a letter by characters of their own.
const keys = { Enter: "\uE007", Shift: "\uE008", Backspace: "\uE003" };

declare global {
  interface Window {
    /** The errors of this page that were not reported yet. */
    errors?: string[];
  }
}

/** A session of WebDriver, which is one browser. */
class Session {
  private constructor(
    readonly service: ChildProcess,
    readonly address: string,
  ) {}

  /** Begins a session of a service that has just been started. */
  static async begin(service: ChildProcess, site: string, capabilities: object): Promise<Session> {
    const deadline = Date.now() + startTimeout;
    for (;;) {
      try {
        const body = { capabilities: { alwaysMatch: capabilities } };
        const { sessionId } = await ask<{ sessionId: string }>("POST", `${site}/session`, body);
        return new Session(service, `${site}/session/${sessionId}`);
      } catch (error) {
        // The service does not listen yet.
        if (!(error instanceof TypeError) || Date.now() > deadline) {
          service.kill();
          throw error;
        }
        await new Promise((done) => setTimeout(done, 25));
      }
    }
  }

  get<Value>(command: string): Promise<Value> {
    return ask("GET", `${this.address}/${command}`);
  }

  post<Value>(command: string, body: object = {}): Promise<Value> {
    return ask("POST", `${this.address}/${command}`, body);
  }

  run<Args extends unknown[], Result>(
    script: (...args: Args) => Result,
    ...args: Args
  ): Promise<Result> {
    const body = `return (${String(script)}).apply(null, arguments)`;
    return this.post("execute/sync", { script: body, args });
  }

  delete(command: string): Promise<unknown> {
    return ask("DELETE", `${this.address}/${command}`);
  }

  async end(): Promise<void> {
    try {
      await ask("DELETE", this.address);
    } finally {
      this.service.kill();
    }
  }
}

async function ask<Value>(method: string, address: string, body?: object): Promise<Value> {
  const signal = AbortSignal.timeout(commandTimeout);
  const answer = await fetch(address, { method, body: body && JSON.stringify(body), signal });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) {
    const { error, message } = value as { error: string; message: string };
    throw new Error(`WebDriver: ${error}: ${message}`);
  }
  return value as Value;
}

class WebKitTab implements Tab {
  constructor(
    readonly browser: WebKitBrowser,
    readonly handle: string,
  ) {}

  async goto(url: string): Promise<void> {
    await this.#act(async (session) => {
      await this.browser.reportErrors();
      await session.post("url", { url });
      await session.run(collectErrors);
    });
  }

  async run<Args extends unknown[], Result>(
    script: (...args: Args) => Result,
    ...args: Args
  ): Promise<Result> {
    return this.#act((session) => session.run(script, ...args));
  }

  async click(at: Point): Promise<void> {
    const actions = [
      { type: "pointerMove", ...whole(at) },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.#perform({ type: "pointer", id: "mouse", actions });
  }

  async wheel(at: Point, pixels: number): Promise<void> {
    const actions = [{ type: "scroll", ...whole(at), deltaX: 0, deltaY: pixels }];
    await this.#perform({ type: "wheel", id: "wheel", actions });
    // Without this, WebKit adds the next wheel movement to this one.
    await this.#act((session) => session.delete("actions"));
  }

  async type(text: string): Promise<void> {
    const actions = Array.from(text).flatMap((value) => [keyDown(value), keyUp(value)]);
    await this.#perform({ type: "key", id: "keyboard", actions });
  }

  async press(key: Key): Promise<void> {
    const values = key.split("+").map((name) => keys[name as keyof typeof keys]);
    const actions = [...values.map(keyDown), ...values.reverse().map(keyUp)];
    await this.#perform({ type: "key", id: "keyboard", actions });
  }

  async picture(): Promise<Uint8Array> {
    const picture = await this.#act((session) => session.get<string>("screenshot"));
    return Buffer.from(picture, "base64");
  }

  async #perform(source: object): Promise<void> {
    await this.#act((session) => session.post("actions", { actions: [source] }));
  }

  // A command goes to the tab that was switched to last.
  #act<Result>(act: (session: Session) => Promise<Result>): Promise<Result> {
    return this.browser.inTurn(async (session) => {
      if (this.browser.current !== this.handle) {
        await this.browser.reportErrors();
        await session.post("window", { handle: this.handle });
        this.browser.current = this.handle;
      }
      return act(session);
    });
  }
}

const keyDown = (value: string) => ({ type: "keyDown", value });
const keyUp = (value: string) => ({ type: "keyUp", value });

class WebKitBrowser implements Browser {
  readonly tabs: Tab[] = [];
  /** The handle of the tab that commands go to. */
  current: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly session: Session,
    readonly saw: BrowserOptions["saw"],
  ) {}

  async open(): Promise<Tab> {
    return this.inTurn(async (session) => {
      // A session begins with one tab. The next ones open in windows of their own: a tab would
      // open behind the first, where a click waits for ever.
      if (this.current === undefined) {
        this.current = await session.get<string>("window");
      } else {
        const { handle } = await session.post<{ handle: string }>("window/new", { type: "window" });
        await session.post("window", { handle });
        this.current = handle;
      }
      const tab = new WebKitTab(this, this.current);
      this.tabs.push(tab);
      return tab;
    });
  }

  async setCookies(cookies: Cookie[], site: string): Promise<void> {
    await this.inTurn(async (session) => {
      // Only the site's own pages can be given its cookies.
      await session.post("url", { url: `${site}/healthz` });
      for (const { name, value, path, httpOnly, sameSite } of cookies) {
        await session.post("cookie", { cookie: { name, value, path, httpOnly, sameSite } });
      }
    });
  }

  async close(): Promise<void> {
    try {
      await this.inTurn(() => this.reportErrors());
    } finally {
      await this.session.end();
    }
  }

  /** Queues a command: all tabs of a browser share one session. */
  inTurn<Result>(act: (session: Session) => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => act(this.session));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Reports the errors of the current tab's page. */
  async reportErrors(): Promise<void> {
    if (this.current === undefined) return;
    const errors = await this.session.run(() => window.errors?.splice(0) ?? []);
    for (const error of errors) this.saw(error);
  }
}

// WebDriver says nothing of a page's errors, so the page collects them from when it has loaded.
function collectErrors(): void {
  const errors: string[] = (window.errors = []);
  const { error } = console;
  console.error = (...parts: unknown[]) => {
    errors.push(parts.map(String).join(" "));
    error.apply(console, parts);
  };
  addEventListener("error", (event) => errors.push(event.message));
  addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
}

const whole = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });

export class WebKit implements Engine {
  readonly missing: string | undefined;
  // Without a window manager only one window of a display has the focus, so each person's browser
  // gets a display.
  #displays = new Map<number, Promise<Display>>();

  constructor() {
    const absent = Object.values(programs).filter((path) => !existsSync(path));
    this.missing = absent.length > 0 ? `not installed: ${absent.join(", ")}` : undefined;
  }

  async browser(seat: number, { javaScript, saw }: BrowserOptions): Promise<Browser> {
    const display = this.#displays.get(seat) ?? Display.start();
    this.#displays.set(seat, display);
    const { name, home } = await display;
    const port = await freePort();
    const service = start(programs.driver, [`--port=${port}`], {
      // The language of the pages is the environment's.
      env: { PATH: process.env.PATH, HOME: home, DISPLAY: name, LANG: "en_US.UTF-8" },
      stdio: "ignore",
    });
    const capabilities = {
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": {
        binary: programs.browser,
        args: ["--automation", "--geometry=1280x800", `--enable-javascript=${javaScript}`],
      },
    };
    const session = await Session.begin(service, `http://127.0.0.1:${port}`, capabilities);
    return new WebKitBrowser(session, saw);
  }

  // Nothing to start here: each test starts its own browsers, which takes less than a second.
  async start(): Promise<void> {}

  async close(): Promise<void> {
    const displays = await Promise.all(this.#displays.values());
    for (const display of displays) display.close();
  }
}

/** Starts a program that ends with this process at the latest. */
function start(program: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, options);
  const end = () => void child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

/** An X server without a screen. Its end is the end of the browsers that it shows. */
class Display {
  /** The folder for what browsers on this display write. */
  readonly home = mkdtempSync(join(tmpdir(), "kith-webkit-"));

  private constructor(
    readonly server: ChildProcess,
    readonly name: string,
  ) {}

  static async start(): Promise<Display> {
    const options = ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
    const stdio = ["ignore", "ignore", "ignore", "pipe"] as const;
    const server = start(programs.display, options, { stdio: [...stdio] });
    const number = await new Promise<string>((done, failed) => {
      (server.stdio[3] as Readable).once("data", (text: Buffer) => done(text.toString().trim()));
      server.once("exit", () => failed(new Error("the display did not start")));
    });
    return new Display(server, `:${number}`);
  }

  close(): void {
    this.server.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}
