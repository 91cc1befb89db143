// The message list of a page as a reader moves in it.
import { type Page, shows } from "./page.ts";

declare global {
  interface Window {
    glide?: { hasMoved: boolean; still: number };
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
  const centre = await page.tab.run((pixels) => {
    const pane = document.querySelector("[role=log]")!;
    // The pane counts backwards from the newest.
    const room =
      pixels > 0 ? -pane.scrollTop : pane.scrollHeight - pane.clientHeight + pane.scrollTop;
    const glide = (window.glide = { hasMoved: room < 2, still: 0 });
    let last = pane.scrollTop;
    const look = () => {
      const stands = pane.scrollTop === last;
      glide.hasMoved ||= !stands;
      glide.still = stands ? glide.still + 1 : 0;
      last = pane.scrollTop;
      if (window.glide === glide) requestAnimationFrame(look);
    };
    look();
    const { left, top, width, height } = pane.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }, pixels);
  await page.tab.wheel(centre, pixels);
  // Some engines glide, and begin and end that gently.
  const isStill = () => page.tab.run(() => window.glide!.hasMoved && window.glide!.still > 9);
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
