// Gives each test a Kith server of its own, on a free port and a throw-away folder. The test may
// kill and restart it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test as base } from "@playwright/test";

const root = resolve(import.meta.dirname, "..");
export const binary = process.env.KITH_BIN ?? join(root, "target/debug/kith");
const site = process.env.KITH_SITE ?? join(root, "target/site");
const startTimeout = 20_000;

export class Kith {
  readonly url: string;
  readonly dataDir = mkdtempSync(join(tmpdir(), "kith-e2e-"));
  #child?: ChildProcess;
  #output = "";

  constructor(
    private readonly port: number,
    private readonly env: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** The output of all starts of the server. */
  output(): string {
    return this.#output;
  }

  /** The path of the set-up link that the first start prints. */
  setupPath(): string {
    const [, path] = this.#output.match(/^https?:\/\/[^/]+(\/register\?setup=\S+)$/m) ?? [];
    if (path === undefined) throw new Error(`there is no set-up link:\n${this.#output}`);
    return path;
  }

  /** Starts the server with `env` added to the usual settings, and returns when it answers. */
  async start(env: Record<string, string> = {}): Promise<void> {
    if (this.#child) throw new Error("the server is running already");
    const hasPeople = existsSync(join(this.dataDir, "kith.db"));
    const child = spawn(binary, [], {
      // Neither the configuration of this folder nor the caller's KITH_ variables may reach it.
      cwd: this.dataDir,
      env: {
        PATH: process.env.PATH,
        RUST_BACKTRACE: "1",
        LEPTOS_OUTPUT_NAME: "kith",
        LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
        LEPTOS_SITE_ROOT: site,
        KITH_DATA: this.dataDir,
        ...this.env,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const keep = (text: Buffer) => (this.#output += text.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => (this.#output += `${error}\n`));

    // The server answers a moment before its output has come through the pipe. An answer alone is
    // not enough either: another server may have taken the port.
    const before = this.#output.length;
    const said = hasPeople ? /^Kith is ready .*\n/m : /setup=\S+\n/;
    const deadline = Date.now() + startTimeout;
    while (!said.test(this.#output.slice(before)) || !(await this.#answers())) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        await this.kill();
        throw new Error(`the server did not start:\n${this.#output}`);
      }
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  /** Ends the server, by default without a chance to clean up. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  /** Ends the server and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}

/** Lets a server listen on a free port of this machine, and returns the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  return port;
}

export type Transport = { websocket: boolean };

export const test = base.extend<Transport & { kith: Kith; kithEnv: Record<string, string> }>({
  // Whether the servers of a project offer a WebSocket.
  websocket: [true, { option: true }],
  // Settings for every start of a file's servers: `test.use({ kithEnv: { … } })`.
  kithEnv: [{}, { option: true }],
  kith: async ({ kithEnv, websocket }, use, testInfo) => {
    const kith = new Kith(await freePort(), { KITH_WEBSOCKET: String(websocket), ...kithEnv });
    try {
      await kith.start();
      await use(kith);
      // A panic on the server ends one request or one task, and a test may not notice. Rendering a
      // page that the browser no longer waits for can meet a signal of leptos_i18n that is disposed
      // already: nobody waits for that page, and the panic ends with it.
      const panics = kith
        .output()
        .split("panicked at ")
        .slice(1)
        .filter((panic) => !/leptos_i18n[^\n]*tried to access a reactive value/.test(panic));
      expect(panics, "panics of the server").toEqual([]);
    } finally {
      await kith.kill();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("server output", { body: kith.output(), contentType: "text/plain" });
      }
      await kith.remove();
    }
  },
  baseURL: async ({ kith }, use) => use(kith.url),
});

export { expect } from "@playwright/test";
