// Measures the bytes that a received message moves over the wire in a real browser, by each
// transport: everything on the page's connections, both ways, while nothing else happens. Prints
// figures and asserts none.
import { type Socket, connect, createServer } from "node:net";
import { seed, visitor } from "../demo.ts";
import { alive } from "../people.ts";
import { Kith, expect, freePort, listen, test } from "../server.ts";

/** Messages, received one at a time. */
const messages = 20;
const text = "see you at seven, at the usual place";

/** Milliseconds: longer than a page needs to load everything, less than a receive is held. */
const quiet = 5_000;

/** A proxy between browser and server that counts bytes. */
class Counter {
  up = 0;
  down = 0;
  url = "";
  readonly #server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      near.on("data", (bytes) => (this.up += bytes.length));
      far.on("data", (bytes) => (this.down += bytes.length));
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(end);
        end.setNoDelay(true).on("error", () => end.destroy());
        end.on("close", () => other.destroy());
        end.pipe(other);
      }
    });
  }

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.#server)}`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

for (const websocket of [false, true]) {
  const transport = websocket ? "WebSocket" : "long polling";
  test(`a message by ${transport}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const port = await freePort();
    const kith = new Kith(port, { KITH_WEBSOCKET: String(websocket) });
    const counter = new Counter(port);
    seed(kith.dataDir);
    try {
      await kith.start();
      await counter.start();
      const near = await browser.newContext({ baseURL: counter.url });
      const far = await browser.newContext({ baseURL: kith.url });
      for (const [context, username] of [
        [near, visitor.username],
        [far, "meili"],
      ] as const) {
        expect(
          (await context.request.post("/api/sign_in", { form: { ...visitor, username } })).ok(),
        ).toBe(true);
      }
      const page = await near.newPage();
      const opened = websocket ? page.waitForEvent("websocket") : undefined;
      await page.goto("/chats");
      await alive(page);
      const tell = async () => {
        const form = { for_user: 2, contact: "user-1", client_id: crypto.randomUUID(), text };
        expect((await far.request.post("/api/send_message", { form })).ok()).toBe(true);
      };
      // The first held receive that is answered has the page load its deferred parts.
      await page.waitForTimeout(quiet);
      await tell();
      await opened;
      await page.waitForTimeout(quiet);

      const before = { up: counter.up, down: counter.down };
      for (let n = 0; n < messages; n++) {
        await tell();
        await page.waitForTimeout(250);
      }
      await expect(page).toHaveTitle(/^\(\d+\) Kith$/);
      const [up, down] = [
        (counter.up - before.up) / messages,
        (counter.down - before.down) / messages,
      ];
      const beyond = (up + down - text.length).toFixed(0);
      console.log(`\n${transport}: up ${up.toFixed(0)}, down ${down.toFixed(0)} bytes,`);
      console.log(`${beyond} beyond the text\n`);
    } finally {
      counter.stop();
      await kith.remove();
    }
  });
}
