// Measures in the pages how long a message takes from sending to its display in the other browser.
import { befriend, expect, test } from "../people.ts";

test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

const count = 100;

test("a hundred messages arrive in order, each once", async ({ ann, bob }, testInfo) => {
  await befriend(ann, bob);
  await bob.talkTo(ann);
  await ann.talkTo(bob);

  // Both browsers read the same clock.
  const arrivals = bob.log.evaluate(
    (log, count) =>
      new Promise<number[]>((done) => {
        const at: number[] = [];
        new MutationObserver(() => {
          const now = performance.timeOrigin + performance.now();
          while (at.length < log.querySelectorAll(".message.other").length) at.push(now);
          if (at.length >= count) done(at);
        }).observe(log, { childList: true, subtree: true });
      }),
    count,
  );
  const departures = await ann.log.evaluate(async (log, count) => {
    const form = document.querySelector<HTMLFormElement>("form.composer");
    const box = form?.querySelector("textarea");
    if (!form || !box) throw new Error("there is no composer");
    const at: number[] = [];
    for (let n = 1; n <= count; n++) {
      box.value = `message ${n}`;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      const sent = new Promise<void>((done) => {
        const observer = new MutationObserver(() => {
          if (log.querySelectorAll('.message.own[data-state="sent"]').length < n) return;
          observer.disconnect();
          done();
        });
        observer.observe(log, { childList: true, subtree: true, attributes: true });
      });
      at.push(performance.timeOrigin + performance.now());
      form.requestSubmit();
      await sent;
    }
    return at;
  }, count);

  const times = (await arrivals)
    .map((arrival, n) => arrival - (departures[n] ?? NaN))
    .sort((a, b) => a - b);
  await expect(bob.texts).toHaveText(Array.from({ length: count }, (_, n) => `message ${n + 1}`));
  const [median, p90] = [times[count / 2], times[(count * 9) / 10]].map((ms) => ms?.toFixed(1));
  const line = `send to bubble, median of ${count}: ${median} ms (p90 ${p90} ms)`;
  testInfo.annotations.push({ type: "latency", description: line });
  console.log(line);
});
