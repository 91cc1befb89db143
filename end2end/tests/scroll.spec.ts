// What is in view stays where it is in every frame, whatever comes or goes around it.
import type { Locator } from "@playwright/test";
import { befriend, expect, hold, type Person, tellMany, test, wheel } from "../people.ts";

// Long histories are sent in a moment here.
test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

/**
 * Notes where a message stands in each frame that is painted. The returned function ends that, and
 * returns by how many pixels it moved at most.
 */
async function watch(person: Person, seq: number): Promise<() => Promise<number>> {
  const watched = await person.log.evaluateHandle((pane, seq) => {
    const edges: number[] = [];
    const watched = { edges, ended: false };
    const look = () => {
      const row = pane.querySelector(`[data-seq="${seq}"]`);
      edges.push(row ? row.getBoundingClientRect().top - pane.getBoundingClientRect().bottom : NaN);
    };
    // A new observer is called in the next frame, after the page's own one: nothing moves between
    // that and painting.
    const frame = () => {
      const painted = new ResizeObserver(() => {
        look();
        painted.disconnect();
        if (!watched.ended) requestAnimationFrame(frame);
      });
      painted.observe(pane);
    };
    look();
    requestAnimationFrame(frame);
    return watched;
  }, seq);
  return () =>
    watched.evaluate((watched) => {
      watched.ended = true;
      return Math.max(...watched.edges.map((edge) => Math.abs(edge - watched.edges[0]!)));
    });
}

/** Waits until so many frames were painted. */
async function frames(person: Person, count: number): Promise<void> {
  await person.page.evaluate(async (count) => {
    for (let n = 0; n < count; n++) await new Promise(requestAnimationFrame);
  }, count);
}

/** Lets a row go, and brings it back after so many frames. */
async function blink(row: Locator, count: number): Promise<void> {
  await row.evaluate(async (row: HTMLElement, count) => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    row.style.display = "none";
    for (let n = 0; n < count; n++) await frame();
    row.style.display = "";
    await frame();
  }, count);
}

/** Makes a row higher, as a picture does when it has come. */
async function grow(row: Locator, pixels: number): Promise<void> {
  await row.evaluate(async (row: HTMLElement, pixels) => {
    await new Promise(requestAnimationFrame);
    row.style.minHeight = `${row.offsetHeight + pixels}px`;
    await new Promise(requestAnimationFrame);
  }, pixels);
}

/** How far the pane is from its newest end, in pixels. */
async function distance(person: Person): Promise<number> {
  return person.log.evaluate((pane) => Math.abs(pane.scrollTop));
}

/** The lowest message of which something is in view. */
async function lowestInView(person: Person): Promise<number> {
  return person.log.evaluate((pane) => {
    const { bottom } = pane.getBoundingClientRect();
    const rows = [...pane.querySelectorAll("[data-seq]")].filter(
      (row) => row.getBoundingClientRect().top < bottom - 1,
    );
    return Number(rows.at(-1)?.getAttribute("data-seq"));
  });
}

/** Scrolls to the oldest message that is there. */
async function scrollToOldest(person: Person, text: string): Promise<void> {
  await expect(async () => {
    await wheel(person, -20_000);
    await expect(person.bubble(text)).toBeInViewport({ timeout: 300 });
  }).toPass();
  // What was drawn on the way is above by now.
  await person.log.evaluate((pane) => pane.scrollTo(0, -pane.scrollHeight));
  await frames(person, 10);
}

async function withHistory(ann: Person, bob: Person, count: number): Promise<void> {
  await befriend(ann, bob);
  await tellMany(bob, ann, count);
  await ann.hasRead(bob, count);
  await ann.talkTo(bob);
  await expect(ann.bubble(`line ${count}`)).toBeInViewport();
}

for (const [count, oldest] of [
  [120, 71],
  [53, 4],
  [51, 2],
] as const) {
  test(`${oldest - 1} older messages come above the reader, and nothing jumps`, async ({
    ann,
    bob,
  }) => {
    await befriend(ann, bob);
    await tellMany(bob, ann, count);
    await ann.hasRead(bob, count);
    await ann.talkTo(bob);
    await expect(ann.bubble(`line ${count}`)).toBeInViewport();
    const release = await hold(ann.page, "history");
    await scrollToOldest(ann, `line ${oldest}`);
    await expect(ann.page.getByText("Loading older messages")).toBeInViewport();
    const moved = await watch(ann, oldest);
    release();
    await expect(ann.bubble(`line ${oldest - 1}`)).toBeAttached();
    await ann.page.waitForTimeout(300);
    expect(await moved()).toBeLessThan(2);
  });
}

test("history that cannot be fetched becomes a sentence, then messages, and nothing jumps", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/history/);
  await withHistory(ann, bob, 90);
  let fails = true;
  await ann.page.route("**/api/history", (route) => (fails ? route.abort() : route.continue()));
  await scrollToOldest(ann, "line 41");
  await expect(ann.log.getByRole("button", { name: "Try again" })).toBeInViewport();
  const moved = await watch(ann, 45);
  fails = false;
  await ann.log.getByRole("button", { name: "Try again" }).click();
  await expect(ann.bubble("line 40")).toBeAttached();
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
});

test("rows that go for a moment at the oldest end move nothing", async ({ ann, bob }) => {
  await withHistory(ann, bob, 45);
  await scrollToOldest(ann, "line 1");
  await expect(ann.page.getByText("This is the beginning")).toBeInViewport();
  const moved = await watch(ann, 10);
  await blink(ann.bubble("line 2"), 2);
  await blink(ann.log.locator(".list-note"), 2);
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
});

test("rows that go for a moment at the newest end move nothing", async ({ ann, bob }) => {
  await withHistory(ann, bob, 45);
  await wheel(ann, -60);
  await expect(ann.page.getByRole("button", { name: "To the newest message" })).toBeVisible();
  await grow(ann.bubble("line 45"), 200);
  const moved = await watch(ann, 40);
  await blink(ann.bubble("line 45"), 2);
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
  await expect(ann.page.getByRole("button", { name: "To the newest message" })).toBeVisible();
});

test("a list that is shorter for good ends at its newest message, with nothing below", async ({
  ann,
  bob,
}) => {
  await withHistory(ann, bob, 45);
  await bob.tell(ann, "long ".repeat(200));
  await wheel(ann, -60);
  const button = ann.page.getByRole("button", { name: "To the newest message" });
  await expect(button).toBeVisible();
  await ann.ask("hide_message", { contact: bob.contact, seq: 46 });
  await expect(button).toBeHidden();
  expect(await distance(ann)).toBeCloseTo(0);
  const below = await ann.bubble("line 45").evaluate((row) => {
    const pane = row.closest("[role=log]")!;
    return pane.getBoundingClientRect().bottom - row.getBoundingClientRect().bottom;
  });
  expect(below).toBeLessThan(30);
  await bob.tell(ann, "news");
  await expect(ann.bubble("news")).toBeInViewport();
  await expect(ann.badge(bob)).toBeHidden();
});

test("pictures that come above and below move nothing", async ({ ann, bob }) => {
  await withHistory(ann, bob, 60);
  await wheel(ann, -500);
  const moved = await watch(ann, 45);
  for (const line of ["line 58", "line 30", "line 60", "line 32"])
    await grow(ann.bubble(line), 240);
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
});

test("messages that are recalled below and in view move nothing", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await tellMany(bob, ann, 40);
  for (const letter of "abcd") await bob.tell(ann, `${letter.repeat(10)} `.repeat(60));
  await tellMany(bob, ann, 30);
  await ann.hasRead(bob, 74);
  await ann.talkTo(bob);
  await expect(ann.bubble("line 30")).toBeInViewport();
  await wheel(ann, -1000);
  await ann.log.evaluate((pane) => {
    const row = pane.querySelector('[data-seq="42"]')!;
    pane.scrollTop += row.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom;
  });
  await frames(ann, 5);
  await expect(ann.log.locator('[data-seq="42"]')).toBeInViewport();
  const moved = await watch(ann, 41);
  // Below the pane, and then the lowest one in view.
  const recalled = ann.log.getByText("Bob recalled a message");
  await bob.ask("recall_message", { contact: ann.contact, seq: 44 });
  await expect(recalled).toHaveCount(1);
  await bob.ask("recall_message", { contact: ann.contact, seq: 42 });
  await expect(recalled).toHaveCount(2);
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
});

test("the lowest message in view that is deleted leaves the others where they are", async ({
  ann,
  bob,
}) => {
  await withHistory(ann, bob, 74);
  await wheel(ann, -600);
  const lowest = await lowestInView(ann);
  const moved = await watch(ann, lowest - 1);
  await ann.ask("hide_message", { contact: bob.contact, seq: lowest });
  await expect(ann.bubble(`line ${lowest}`)).toHaveCount(0);
  await ann.page.waitForTimeout(300);
  expect(await moved()).toBeLessThan(2);
});

test("a window that becomes narrower or lower keeps what is in view", async ({ ann, bob }) => {
  await befriend(ann, bob);
  for (let n = 1; n <= 40; n++) await bob.tell(ann, `line ${n} ${"word ".repeat(40)}`);
  await ann.hasRead(bob, 40);
  await ann.talkTo(bob);
  await expect(ann.log.locator('[data-seq="40"]')).toBeInViewport();
  await wheel(ann, -1500);
  const lowest = await lowestInView(ann);
  const moved = await watch(ann, lowest);
  await ann.page.setViewportSize({ width: 700, height: 620 });
  await frames(ann, 10);
  expect(await moved()).toBeLessThan(2);
  await ann.page.setViewportSize({ width: 1280, height: 720 });
  await frames(ann, 10);
  expect(await moved()).toBeLessThan(2);
});
