// WebSockets where they work, and long polling elsewhere, with the same results.
import type { Page, WebSocket } from "@playwright/test";
import { befriend, expect as impatient, type Person, test as base } from "../people.ts";
import { Proxy } from "../proxy.ts";

const expect = impatient.configure({ timeout: 30_000 });

// A page tries a WebSocket once a receive that was held has been answered.
const test = base.extend<{ inBetween: Proxy }>({
  kithEnv: { KITH_HOLD_SECONDS: "2", KITH_WEBSOCKET: "true" },
  inBetween: async ({ kith }, use) => {
    const proxy = new Proxy(kith.url);
    await proxy.start();
    await use(proxy);
    proxy.stop();
  },
  baseURL: async ({ inBetween }, use) => use(inBetween.url),
});

/** Resolves when a WebSocket of the page has received a frame. */
async function begun(page: Page): Promise<WebSocket> {
  const socket = await page.waitForEvent("websocket");
  await socket.waitForEvent("framereceived");
  return socket;
}

/** Opens the conversation and waits for a WebSocket. */
async function listens(person: Person, to: Person): Promise<WebSocket> {
  const socket = begun(person.page);
  await person.talkTo(to);
  return socket;
}

async function inUse(person: Person, transport: RegExp): Promise<void> {
  await person.page.getByRole("link", { name: "Settings" }).click();
  const connection = person.page.getByRole("region", { name: "Connection" });
  await expect(connection).toContainText(transport);
}

test("events arrive over a WebSocket without receive requests", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const socket = await listens(ann, bob);
  for (const text of ["one", "two", "three"]) await bob.tell(ann, text);
  await expect(ann.texts).toHaveText(["one", "two", "three"]);
  // At its start the page sends one receive for missed events.
  let asked = 0;
  ann.page.on("request", (request) => void (request.url().endsWith("/api/receive") && asked++));
  // Longer than a hold: the server has sent a sign of life.
  await socket.waitForEvent("framereceived");
  await socket.waitForEvent("framereceived");
  await ann.write("four");
  await expect(ann.bubble("four")).toHaveAttribute("data-state", "sent");
  expect(asked).toBe(0);
  await inUse(ann, /^ConnectionWebSocket/);
  expect(socket.isClosed()).toBe(false);
});

test("a WebSocket that is cut neither loses nor doubles messages", async ({
  ann,
  bob,
  inBetween,
}) => {
  test.slow();
  await befriend(ann, bob);
  await listens(ann, bob);
  const texts: string[] = [];
  const tell = async (text: string) => {
    texts.push(text);
    await bob.tell(ann, text);
  };
  for (let cut = 1; cut <= 3; cut++) {
    // A message arrives between the cuts, so the page keeps using WebSockets.
    await tell(`before cut ${cut}`);
    await expect(ann.texts).toHaveText(texts);
    const again = begun(ann.page);
    inBetween.cut();
    await tell(`at cut ${cut}`);
    await tell(`after cut ${cut}`);
    await expect(ann.texts).toHaveText(texts);
    await again;
  }
  await tell("and on");
  await expect(ann.texts).toHaveText(texts);
  await inUse(ann, /^ConnectionWebSocket/);
});

test("WebSockets that break repeatedly are replaced by long polling", async ({
  ann,
  bob,
  inBetween,
}) => {
  await befriend(ann, bob);
  await listens(ann, bob);
  const again = begun(ann.page);
  inBetween.cut();
  await again;
  inBetween.cut();
  await bob.tell(ann, "by long polling");
  await expect(ann.texts).toHaveText(["by long polling"]);
  await inUse(ann, /^ConnectionLong polling/);
});

test("messages arrive by long polling where a proxy forbids WebSockets", async ({
  ann,
  bob,
  inBetween,
  troubles,
}) => {
  troubles.allow(/WebSocket connection to .* failed/);
  inBetween.manner = "refuses";
  await befriend(ann, bob);
  const refused = ann.page.waitForEvent("websocket");
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await refused;
  for (const n of [1, 2, 3]) {
    await ann.write(`from Ann ${n}`);
    await expect(bob.texts.last()).toHaveText(`from Ann ${n}`);
    await bob.write(`from Bob ${n}`);
    await expect(ann.texts.last()).toHaveText(`from Bob ${n}`);
  }
  await expect(ann.texts).toHaveCount(6);
  await inUse(ann, /^ConnectionLong polling/);
});

test("a silent WebSocket is replaced without missing messages", async ({ ann, bob, inBetween }) => {
  test.slow();
  await befriend(ann, bob);
  const socket = await listens(ann, bob);
  inBetween.manner = "falls silent";
  const closed = socket.waitForEvent("close");
  await bob.tell(ann, "into the silence");
  await closed;
  await expect(ann.texts).toHaveText(["into the silence"]);
  await bob.tell(ann, "and on");
  await expect(ann.texts).toHaveText(["into the silence", "and on"]);
  await inUse(ann, /^ConnectionLong polling/);
});

test("a WebSocket is opened again after a server restart", async ({ ann, bob, kith, troubles }) => {
  test.slow();
  troubles.allow(/net::ERR_.*\/api\//, /WebSocket connection to .* failed/, /status of 502/);
  await befriend(ann, bob);
  const socket = await listens(ann, bob);
  const closed = socket.waitForEvent("close");
  await kith.kill("SIGTERM");
  await closed;
  const again = begun(ann.page);
  await kith.start();
  await again;
  await bob.tell(ann, "after");
  await expect(ann.texts).toHaveText(["after"]);
  await inUse(ann, /^ConnectionWebSocket/);
});

test("only the leading tab holds a WebSocket, and signing out there ends all tabs", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 401/);
  await befriend(ann, bob);
  const other = await ann.tab();
  const socket = await listens(ann, bob);
  const opened: WebSocket[] = [];
  other.page.on("websocket", (socket) => opened.push(socket));
  await other.page.addInitScript(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  });
  await other.talkTo(bob);
  for (const text of ["one", "two", "three"]) {
    await bob.tell(ann, text);
    await socket.waitForEvent("framereceived");
  }
  await expect(other.texts).toHaveText(["one", "two", "three"]);
  expect(opened).toEqual([]);
  await ann.page.context().request.post("/api/sign_out");
  await ann.page.waitForURL("**/sign-in?back=*");
  await other.page.waitForURL("**/sign-in?back=*");
});

test.describe("WebSockets turned off by the operator", () => {
  test.use({ kithEnv: { KITH_HOLD_SECONDS: "2", KITH_WEBSOCKET: "false" } });

  test("no WebSocket is opened", async ({ ann, bob }) => {
    await befriend(ann, bob);
    let tried = 0;
    ann.page.on("websocket", () => tried++);
    await ann.talkTo(bob);
    const answered = () => ann.page.waitForResponse("**/api/receive");
    for (let n = 0; n < 3; n++) await answered();
    await bob.tell(ann, "by long polling");
    await expect(ann.texts).toHaveText(["by long polling"]);
    expect(tried).toBe(0);
    await inUse(ann, /^ConnectionLong polling/);
  });
});
