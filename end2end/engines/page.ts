// A page as a person meets it: things with names, which are seen, clicked and filled in. It needs
// nothing but the few acts of a driver.
import { expect } from "../server.ts";
import type { Key, Point, Tab } from "./driver.ts";

/** How a thing is called, to be heard or seen: these very words, or words that match. */
export type Name = string | RegExp;

/** Something on the page. */
export type Thing = {
  name: string;
  /** The text as it is drawn, with its lines. */
  text: string;
  /** What is typed into it. */
  value: string;
  attributes: Record<string, string>;
  /** Its upper and lower edge, in pixels from the top of the view. */
  top: number;
  bottom: number;
  /** Whether something of it is in view. */
  inView: boolean;
};

/** Waits until a reading of the page is as expected. */
export async function shows(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const isShown = async () => expect(await read()).toEqual(expected);
  await expect(isShown).toPass({ intervals: [40], timeout: 15_000 });
}

export class Page {
  constructor(
    readonly tab: Tab,
    /** The address of the server. */
    readonly site: string,
  ) {}

  /** Goes to a path and waits until the page answers to clicks and keys. */
  async visit(path: string): Promise<void> {
    await this.tab.goto(this.site + path);
    await this.alive();
  }

  /** Waits until the page answers to clicks and keys. */
  async alive(): Promise<void> {
    await this.sees('html[data-hydrated="true"]');
  }

  /** The path of the page, with what follows it. */
  async path(): Promise<string> {
    return this.tab.run(() => location.pathname + location.search);
  }

  /** The things that a CSS selector finds and that are shown, or those of them with a name. */
  async things(css: string, name?: Name): Promise<Thing[]> {
    const things = await this.tab.run(lookFor, css);
    return things.filter((thing) => isNamed(thing, name)).map(({ thing }) => thing);
  }

  /** The texts of all things that a CSS selector finds, in their order. */
  async texts(css: string): Promise<string[]> {
    return (await this.things(css)).map(({ text }) => text);
  }

  /** How many things a CSS selector finds. */
  async count(css: string): Promise<number> {
    return (await this.things(css)).length;
  }

  /** What is typed into the first field that is found. */
  async value(css: string, name?: Name): Promise<string | undefined> {
    return (await this.things(css, name))[0]?.value;
  }

  /** Waits for a thing. */
  async sees(css: string, name?: Name): Promise<void> {
    await shows(async () => (await this.things(css, name)).length > 0, true);
  }

  /** Waits until there is no such thing. */
  async misses(css: string, name?: Name): Promise<void> {
    await shows(async () => (await this.things(css, name)).length, 0);
  }

  /** Waits until something of a thing is in view. */
  async views(css: string, name?: Name): Promise<void> {
    await shows(async () => (await this.things(css, name)).some(({ inView }) => inView), true);
  }

  /** Waits until a thing can be clicked and stands still, and clicks it. */
  async click(css: string, name?: Name): Promise<void> {
    await this.tab.click(await this.#reach(css, name));
  }

  /** Replaces what is in a field by a text, as it would be typed. */
  async fill(css: string, text: string, name?: Name): Promise<void> {
    await this.click(css, name);
    await this.tab.run(() => (document.activeElement as HTMLInputElement).select());
    if (text === "") await this.tab.press("Backspace");
    else await this.tab.type(text);
  }

  /** The server functions that the page has called since it was loaded, and that have answered. */
  async calls(): Promise<string[]> {
    const addresses = await this.tab.run(() => {
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return entries.filter(({ responseEnd }) => responseEnd > 0).map(({ name }) => name);
    });
    return addresses.flatMap((address) => new URL(address).pathname.split("/api/")[1] ?? []);
  }

  /** Waits until a call has been answered since the page was loaded. */
  async answered(call: string): Promise<void> {
    await shows(async () => (await this.calls()).includes(call), true);
  }

  async press(key: Key): Promise<void> {
    await this.tab.press(key);
  }

  async #reach(css: string, name?: Name): Promise<Point> {
    let last: Point | undefined;
    let point: Point | undefined;
    const stands = async () => {
      last = point;
      const things = await this.tab.run(lookFor, css);
      const index = things.findIndex((thing) => isNamed(thing, name));
      point = index < 0 ? undefined : await this.tab.run(pointOf, css, index);
      return point !== undefined && last?.x === point.x && last.y === point.y;
    };
    await shows(stands, true).catch(() => {
      throw new Error(`nothing to click: ${css} ${name ?? ""}`);
    });
    return point!;
  }
}

type Found = { isShown: boolean; thing: Thing };

function isNamed({ isShown, thing }: Found, name: Name | undefined): boolean {
  if (!isShown || name === undefined) return isShown;
  const words = [thing.name, thing.text];
  return words.some((text) => (typeof name === "string" ? text === name : name.test(text)));
}

// In the page: all that a selector finds. A name comes from where a screen reader takes it first.
function lookFor(css: string): Found[] {
  const words = (text: string | null | undefined) => (text ?? "").replace(/\s+/g, " ").trim();
  return [...document.querySelectorAll<HTMLInputElement>(css)].map((element) => {
    const by = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const labels = by.map((id) => document.getElementById(id)?.textContent).join(" ");
    const label = element.getAttribute("aria-label") ?? labels;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const view = { top: 0, bottom: innerHeight, left: 0, right: innerWidth };
    for (let outer = element.parentElement; outer; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowY === "visible") continue;
      const edges = outer.getBoundingClientRect();
      view.top = Math.max(view.top, edges.top);
      view.bottom = Math.min(view.bottom, edges.bottom);
    }
    const isShown =
      element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
    const thing = {
      name: words(label || element.labels?.[0]?.textContent || element.textContent),
      text: element.innerText,
      value: element.value ?? "",
      attributes: Object.fromEntries(
        [...element.attributes].map(({ name, value }) => [name, value]),
      ),
      top,
      bottom,
      inView: bottom > view.top && top < view.bottom && right > view.left && left < view.right,
    };
    return { isShown, thing };
  });
}

// In the page: where a click meets the thing and nothing above it.
function pointOf(css: string, index: number): Point | undefined {
  const element = document.querySelectorAll(css)[index];
  if (!element) return undefined;
  element.scrollIntoView({ block: "nearest", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  const hit = document.elementFromPoint(x, y);
  return hit && element.contains(hit) ? { x, y } : undefined;
}
