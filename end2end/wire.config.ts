// How `make wire` runs: the measurements of a release build, which are no part of `make test`.
import { defineConfig } from "@playwright/test";
import everyday from "./playwright.config.ts";

export default defineConfig({
  ...everyday,
  testDir: "wire",
  workers: 1,
  reporter: "line",
  use: { ...everyday.use, trace: "off" },
});
