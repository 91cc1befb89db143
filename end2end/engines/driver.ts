// What a test needs of a browser, whichever engine it has and whichever protocol drives it. page.ts
// puts all else together from these few acts.
import type { Cookie } from "@playwright/test";

/** The keys that a test presses alone; `type` presses those of a text. */
export type Key = "Enter" | "Shift+Enter" | "Backspace";

export type Point = { x: number; y: number };

/** A tab. Its points are in pixels from the upper left corner of the page's view. */
export interface Tab {
  /** Goes to an address, and returns when the page has loaded. */
  goto(url: string): Promise<void>;
  /** Runs a function in the page. It sees nothing but its arguments, and waits for nothing. */
  run<Args extends unknown[], Result>(
    script: (...args: Args) => Result,
    ...args: Args
  ): Promise<Result>;
  click(at: Point): Promise<void>;
  /** Turns the wheel, upwards when negative. */
  wheel(at: Point, pixels: number): Promise<void>;
  type(text: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** A picture of the page, as PNG. */
  picture(): Promise<Uint8Array>;
}

/** A browser of one person, with nothing in it at first. */
export interface Browser {
  readonly tabs: readonly Tab[];
  /** Opens a tab in front of the others. From then on only that one can be typed into. */
  open(): Promise<Tab>;
  /** Sets the cookies of a sign-in. `site` is the address of the server they belong to. */
  setCookies(cookies: Cookie[], site: string): Promise<void>;
  close(): Promise<void>;
}

export type BrowserOptions = {
  /** Whether pages may run scripts. `Tab.run` works either way. */
  javaScript: boolean;
  /** Told of each error in the browser. */
  saw: (error: string) => void;
};

/** An engine, for one worker of the test runner. */
export interface Engine {
  /** Why it cannot run on this machine; `undefined` if it can. */
  readonly missing: string | undefined;
  /** Starts what takes long, before the time of a test begins. */
  start(): Promise<void>;
  /** Opens a browser. At each `seat` a window has the focus, as on a machine of its own. */
  browser(seat: number, options: BrowserOptions): Promise<Browser>;
  close(): Promise<void>;
}
