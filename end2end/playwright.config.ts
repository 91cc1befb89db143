// How the browser tests run: one Chromium, no second tries, and a trace of whatever failed.
import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

// Your choice, else the system's Chromium, else the one that Playwright installed.
const chromium =
  process.env.KITH_CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2,
  fullyParallel: true,
  retries: 0,
  // Far more than anything takes on a machine that does nothing else meanwhile.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env.CI,
  use: {
    ...devices["Desktop Chrome"],
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      // Without a sandbox because CI is root; the rest keeps Chromium from asking the network for anything.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
