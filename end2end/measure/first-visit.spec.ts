// Measures the bytes of a first visit to the chat page, against a budget.
import type { Page } from "@playwright/test";
import { seed, visitor } from "../demo.ts";
import { alive } from "../people.ts";
import { Kith, expect, freePort, test as base } from "../server.ts";

/** Maximum number of bytes of all answers, headers included. */
const budget = 350_000;

/** Time without an answer after which the page is complete, in milliseconds; a receive stays held. */
const quiet = 2_000;

const test = base.extend({
  kith: async ({}, use) => {
    const kith = new Kith(await freePort(), {});
    seed(kith.dataDir);
    try {
      await kith.start();
      await use(kith);
    } finally {
      await kith.remove();
    }
  },
});

type Row = { path: string; encoding: string; bytes: number };

/** Records every complete answer with its bytes on the connection. */
async function listen(page: Page): Promise<{ rows: Row[]; settled: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const rows: Row[] = [];
  const begun = new Map<string, Row>();
  let last = Date.now();
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const { pathname: path, protocol } = new URL(response.url);
    const encoding = new Headers(response.headers).get("content-encoding") ?? "–";
    // Data URLs move no bytes.
    if (protocol.startsWith("http")) begun.set(requestId, { path, encoding, bytes: 0 });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const row = begun.get(requestId);
    if (!row) return;
    last = Date.now();
    rows.push({ ...row, bytes: encodedDataLength });
  });
  await session.send("Network.enable");
  const settled = async () => {
    while (Date.now() - last < quiet) await page.waitForTimeout(100);
  };
  return { rows, settled };
}

function table(rows: Row[]): string {
  const lines = rows.map(({ path, encoding, bytes }) => [path, encoding, (bytes / 1000).toFixed(1)] as const);
  const wide = Math.max(...lines.map(([path]) => path.length));
  return lines.map(([path, encoding, kB]) => `${path.padEnd(wide)}  ${encoding.padEnd(5)} ${kB.padStart(8)} kB`).join("\n");
}

test("a first visit to the chat page stays within its budget", async ({ kith, browser }) => {
  const context = await browser.newContext({ baseURL: kith.url });
  const signedIn = await context.request.post("/api/sign_in", { form: visitor });
  expect(signedIn.ok()).toBe(true);
  const page = await context.newPage();
  const { rows, settled } = await listen(page);

  // The longest conversation: its newest page of messages is in the document.
  await page.goto("/chats/user-2");
  await alive(page);
  await settled();
  await context.close();

  const sum = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n${table([...rows, { path: "in all", encoding: "", bytes: sum }])}\n`);
  expect(rows.map(({ path }) => path)).toContain("/chats/user-2");
  expect(sum, "bytes over the wire").toBeLessThanOrEqual(budget);
});
