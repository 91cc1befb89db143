// How `make wire` and `make trace` run: the measurements of a release build, which are no part of `make test`.
import { defineConfig } from "@playwright/test";
import everyday from "./playwright.config.ts";

export default defineConfig({
  ...everyday,
  testDir: "measure",
  projects: undefined,
  workers: 1,
  reporter: "line",
});
