// A lone binary: copied into an empty folder and started with nothing but an address, it serves the
// whole site.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { binary } from "../server.ts";
import { alive } from "../people.ts";
import { expect, test as base } from "@playwright/test";

const test = base.extend<{ url: string }>({
  url: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "kith-alone-"));
    copyFileSync(binary, join(folder, "kith"));
    const child = spawn("./kith", [], {
      cwd: folder,
      env: { KITH_ADDRESS: "127.0.0.1:0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await use(await ready(child));
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    }
  },
  baseURL: async ({ url }, use) => use(url),
});

async function ready(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("there is no output");
  for await (const line of createInterface(child.stdout)) {
    const [, url] = line.match(/^Kith is ready at (\S+)$/) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("the server did not start");
}

type Answer = { status: number; headers: IncomingMessage["headers"]; body: Buffer };

/** Sends a request without a browser, which would decompress the answer. */
async function ask(address: string, encodings = "identity"): Promise<Answer> {
  const request = get(address, { headers: { "accept-encoding": encodings } });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const body = Buffer.concat(await answer.toArray());
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

const unpack = { identity: (body: Buffer) => body, gzip: gunzipSync, br: brotliDecompressSync };

test("a lone binary serves compressed files, named by content and cached for ever", async ({
  url,
}) => {
  const start = await ask(url);
  expect(start.status).toBe(303);
  const page = await ask(`${url}/sign-in`, "br");
  expect(page.headers["content-encoding"]).toBe("br");
  expect(page.headers["cache-control"]).toBe("no-store");
  const html = brotliDecompressSync(page.body).toString();
  const names = [...new Set(html.match(/\/pkg\/[0-9a-f]{16}\/[\w.]+\.(css|js|wasm)/g))];
  expect(names, `no embedded site in ${binary}: scripts/build.sh builds one`).toHaveLength(5);

  const kinds = {
    css: "text/css; charset=utf-8",
    js: "text/javascript; charset=utf-8",
    wasm: "application/wasm",
  };
  for (const name of names) {
    const [, kind] = Object.entries(kinds).find(([ending]) => name.endsWith(`.${ending}`)) ?? [];
    const whole = await ask(url + name);
    for (const [encoding, opened] of Object.entries(unpack)) {
      const { status, headers, body } = await ask(url + name, encoding);
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe(kind);
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(headers["content-encoding"] ?? "identity").toBe(encoding);
      expect(headers.vary).toContain("accept-encoding");
      expect(Number(headers["content-length"])).toBe(body.length);
      expect(opened(body).equals(whole.body)).toBe(true);
    }
  }
  expect((await ask(`${url}/favicon.svg`)).headers["content-type"]).toBe("image/svg+xml");
});

test("missing files and files of an older build answer 404 without a page", async ({ url }) => {
  for (const path of ["/pkg/0123456789abcdef/kith.js", "/pkg/kith.js", "/pkg/"]) {
    const { status, headers, body } = await ask(url + path);
    expect(status, path).toBe(404);
    expect(headers["content-type"], path).toBeUndefined();
    expect(body, path).toHaveLength(0);
  }
  // Files beside the binary are not served either.
  for (const path of ["/nowhere", "/kith", "/data/kith.db"]) {
    const { status, body } = await ask(url + path);
    expect(status, path).toBe(404);
    expect(body.toString(), path).toContain("Page not found");
  }
});

test("a page of a lone binary hydrates and requests all files at once", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/sign-in");
  await alive(page);
  expect(asked.filter((path) => path.startsWith("/pkg/"))).toHaveLength(5);
  const askedBy = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes("/pkg/"))
      .map(({ initiatorType }) => initiatorType),
  );
  // Style and WASM; "other" is a preloaded module. A request by a script would be a "fetch".
  expect(askedBy.sort(), "the document itself asks").toEqual([
    "link",
    "link",
    "link",
    "other",
    "other",
  ]);
});
