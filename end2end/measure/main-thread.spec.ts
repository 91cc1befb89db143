// Measures the time that switching conversations and scrolling through a long one take on the
// page's main thread: by Chromium's own sum of its tasks, which costs little itself, and task by
// task from its trace. Both count the thread's time on the processor, not its wait for one. Prints
// figures and asserts none.
import type { CDPSession, Page } from "@playwright/test";
import { seed, visitor } from "../demo.ts";
import { alive } from "../people.ts";
import { Kith, expect, freePort, test as base } from "../server.ts";

const messages = 10_000;
const rounds = 100;
/** Times that each conversation is opened before the measurement. */
const warming = 4;
/** Duration of a frame at 60 frames a second, in milliseconds. */
const frame = 1000 / 60;
/**
 * Distance and speed of scrolling, in pixels and pixels a second: a hard fling that does not end.
 */
const fling = 30_000;
const speed = 6_000;

const test = base.extend({
  kith: async ({}, use) => {
    const kith = new Kith(await freePort(), { KITH_MESSAGES_PER_MINUTE: "0" });
    seed(kith.dataDir, "--messages", String(messages));
    try {
      await kith.start();
      await use(kith);
    } finally {
      await kith.remove();
    }
  },
});

/** An event of the trace; times in microseconds. */
type Mark = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number;
  args: { name?: string };
};

/** Traces the tasks of the main thread of the page meanwhile, in milliseconds. */
async function tasks(session: CDPSession, during: () => Promise<void>): Promise<number[]> {
  const marks: Mark[] = [];
  const collect = ({ value }: { value: object[] }) => void marks.push(...(value as Mark[]));
  session.on("Tracing.dataCollected", collect);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "blink.user_timing"] },
  });
  await during();
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  session.off("Tracing.dataCollected", collect);
  const named = marks.filter(
    ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
  );
  const isMain = (mark: Mark) => named.some(({ pid, tid }) => mark.pid === pid && mark.tid === tid);
  const runs = marks.filter(
    (mark) => mark.ph === "X" && mark.name.endsWith("RunTask") && isMain(mark),
  );
  return runs.map(({ tdur }) => (tdur ?? 0) / 1000);
}

function at(share: number, sorted: number[]): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1);
}

function summary(all: number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  return `p50 ${at(0.5, sorted)}, p95 ${at(0.95, sorted)}, most ${at(1, sorted)} ms`;
}

async function open(page: Page, path: string): Promise<void> {
  await page.locator(`.contact-entry[href="${path}"]`).click();
  await page.waitForURL(`**${path}`);
}

test("the main thread", async ({ kith, browser }) => {
  test.setTimeout(600_000);
  const context = await browser.newContext({ baseURL: kith.url });
  expect((await context.request.post("/api/sign_in", { form: visitor })).ok()).toBe(true);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto("/chats");
  await alive(page);
  const entries = await page
    .locator(".contact-entry")
    .evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  // Fills the session cache, and has the browser compile the code in use for speed.
  for (let n = 0; n < warming * entries.length; n++) {
    await open(page, entries[n % entries.length] ?? "");
    await page.waitForTimeout(n < entries.length ? 500 : 150);
  }

  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  /** Busy time of the main thread so far, in milliseconds. */
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN) * 1000;
  };
  /**
   * Milliseconds that a fixed amount of script takes: a shared machine is not always of one speed.
   */
  const yardstick = async () => {
    const before = await busy();
    await page.evaluate(() => {
      let sum = 0;
      for (let n = 0; n < 50_000_000; n++) sum = (sum * 31 + n) | 0;
      return sum;
    });
    return ((await busy()) - before).toFixed(0);
  };
  /**
   * Sums of the tasks of moments, in milliseconds. In each moment the next conversation is clicked,
   * or only looked for.
   */
  const moments = async (clicked: boolean) => {
    const sums: number[] = [];
    for (let n = 0; n < rounds; n++) {
      const before = await busy();
      const selector = `.contact-entry[href="${entries[n % entries.length] ?? ""}"]`;
      await page.evaluate(
        ([selector, clicked]) => {
          const link = document.querySelector<HTMLElement>(selector);
          if (clicked) link?.click();
        },
        [selector, clicked] as const,
      );
      await page.waitForTimeout(150);
      sums.push((await busy()) - before);
    }
    return sums;
  };
  const idle = await moments(false);
  const [before, switches, after] = [await yardstick(), await moments(true), await yardstick()];
  const rows = () => page.locator(".message-list article").count();
  console.log(`\nswitching, ${rounds} times among ${entries.length}, main thread of each:`);
  console.log(`${summary(switches)}, of which the measuring itself takes ${summary(idle)};`);
  console.log(`50 million steps of script took ${before} ms before and ${after} ms after`);

  // The long conversation is loaded to its beginning, then scrolled.
  await open(page, "/chats/user-2");
  const list = page.locator(".message-list");
  const beginning = page.getByText("This is the beginning of the conversation.");
  const loading = await tasks(session, async () => {
    while (!(await beginning.isVisible())) {
      await list.evaluate((pane) => pane.scrollTo(0, -pane.scrollHeight));
      await page.waitForTimeout(50);
    }
  });
  const loaded = summary(loading.filter((ms) => ms > 1));
  console.log(`scrolling up through ${messages}, fetched on the way: ${loaded} for each task`);
  console.log(`of over 1 ms; ${await rows()} of them are in the document`);
  const box = await list.boundingBox();
  for (const [way, distance] of [
    ["down", -fling],
    ["up", fling],
  ] as const) {
    const scrolling = await tasks(session, async () => {
      await session.send("Input.synthesizeScrollGesture", {
        x: (box?.x ?? 0) + 100,
        y: (box?.y ?? 0) + 100,
        yDistance: distance,
        speed,
        preventFling: true,
        gestureSourceType: "mouse",
      });
    });
    const slow = scrolling.filter((ms) => ms > frame).length;
    const frames = Math.round(((fling / speed) * 1000) / frame);
    console.log(`scrolling ${way} through ${frames} frames at ${speed} px a second:`);
    const taken = summary(scrolling.filter((ms) => ms > 1));
    console.log(`${taken} for each task of over 1 ms; ${slow} of them are longer than a frame`);
  }
  await context.close();
});
