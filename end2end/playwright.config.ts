// The settings of the browser tests: one Chromium, no second tries, and a picture of each failure.
// `npx playwright test --trace on` records all that happens, and takes half as long again.
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { defineConfig, devices } from "@playwright/test";
import type { EngineName } from "./engines/people.ts";
import type { Transport } from "./server.ts";

// Your choice, else a headless shell (Debian's, or the one that Playwright installed and finds by
// itself), else the system's whole Chromium.
const shell = "/usr/bin/chromium-headless-shell";
const whole = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const downloads = `${homedir()}/.cache/ms-playwright`;
const own =
  existsSync(downloads) &&
  readdirSync(downloads).some((name) => name.startsWith("chromium_headless_shell-"));
const chromium =
  process.env.KITH_CHROMIUM ??
  (existsSync(shell) ? shell : own ? undefined : whole.find((path) => existsSync(path)));

/** The tests that must pass with either transport. */
const eitherWay = [
  "chat",
  "groups",
  "latency",
  "messages",
  "offline",
  "reliability",
  "tabs",
  "unread",
];

export default defineConfig<Transport, { engineName: EngineName }>({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2,
  fullyParallel: true,
  retries: 0,
  // Far more than any test takes on an idle machine.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env.CI,
  projects: [
    { name: "kith" },
    // The operator has turned the WebSocket off. A page without one behaves the same until it
    // opens.
    {
      name: "long polling",
      testMatch: eitherWay.map((name) => `${name}.spec.ts`),
      use: { websocket: false },
    },
    // A smoke of every feature in the other engines.
    { name: "firefox", testDir: "engines", use: { engineName: "firefox" } },
    { name: "webkit", testDir: "engines", use: { engineName: "webkit" } },
    // Only the release's site is as small as the budget asks; `make test` tests that one.
    ...(process.env.KITH_PROFILE === "tested"
      ? [{ name: "budget", testDir: "measure", testMatch: "first-visit.spec.ts" }]
      : []),
  ],
  use: {
    ...devices["Desktop Chrome"],
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      // Without a sandbox because CI is root. The rest keeps Chromium from asking the network for
      // anything.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Two processes fewer: a small machine switches less between them.
        "--in-process-gpu",
        "--enable-features=NetworkServiceInProcess2",
      ],
    },
  },
});
