// The message list of a page as a reader moves in it.
import { type Page, shows } from "./page.ts";

declare global {
  interface Window {
    watched?: { edges: number[]; ended: boolean };
  }
}

/** The bubble of a message of the open conversation. */
export const bubble = (seq: number) => `[role=log] [data-seq="${seq}"]`;

/** The `seq` of a message in the middle of what is in view. */
export async function middle(page: Page): Promise<number> {
  const shown = (await page.things("[role=log] [data-seq]")).filter(({ inView }) => inView);
  return Number(shown[Math.floor(shown.length / 2)]?.attributes["data-seq"]);
}

/** Turns the wheel over the messages, upwards when negative, and waits until they stand still. */
export async function wheel(page: Page, pixels: number): Promise<void> {
  const centre = await page.tab.run(() => {
    const pane = document.querySelector("[role=log]")!.getBoundingClientRect();
    return { x: pane.left + pane.width / 2, y: pane.top + pane.height / 2 };
  });
  await page.tab.wheel(centre, pixels);
  let last: number[] = [];
  const isStill = async () => {
    const position = await page.tab.run(() => document.querySelector("[role=log]")!.scrollTop);
    last = [...last, position].slice(-4);
    return last.length === 4 && last.every((one) => one === position);
  };
  await shows(isStill, true);
}

/** Turns the wheel until a message is in view. */
export async function wheelUpTo(page: Page, seq: number): Promise<void> {
  const isInView = async () => {
    await wheel(page, -5_000);
    return (await page.things(bubble(seq))).some(({ inView }) => inView);
  };
  await shows(isInView, true);
}

/** Notes where a message stands in each frame that is painted. The returned function ends that, a
 * few frames later, and returns by how many pixels the message moved at most. */
export async function watch(page: Page, seq: number): Promise<() => Promise<number>> {
  await page.tab.run((bubble) => {
    const edges: number[] = [];
    const watched = (window.watched = { edges, ended: false });
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      edges.push(document.querySelector(bubble)?.getBoundingClientRect().top ?? NaN);
      if (!watched.ended) requestAnimationFrame(() => painted.port2.postMessage(null));
    };
    painted.port2.postMessage(null);
  }, bubble(seq));
  const frames = () => page.tab.run(() => window.watched!.edges.length);
  await shows(async () => (await frames()) > 2, true);
  return async () => {
    const before = await frames();
    await shows(async () => (await frames()) > before + 15, true);
    return page.tab.run(() => {
      const { edges } = window.watched!;
      window.watched!.ended = true;
      // A message that is gone for a frame has moved.
      return edges.some(Number.isNaN) ? 10_000 : Math.max(...edges) - Math.min(...edges);
    });
  };
}
