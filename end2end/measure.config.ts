// The settings of `make wire` and `make trace`: measurements of a release build.
import { defineConfig } from "@playwright/test";
import everyday from "./playwright.config.ts";

export default defineConfig({
  ...everyday,
  testDir: "measure",
  projects: undefined,
  workers: 1,
  reporter: "line",
});
