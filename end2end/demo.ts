// Fills a data folder with the people and messages of `make demo`, before its server starts.
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { binary } from "./server.ts";

/** An account of the demo. */
export const visitor = { username: "ann", password: "demo demo" };

/** Fills `data`; `options` are options of `kith demo`, such as `--messages 10000`. */
export function seed(data: string, ...options: string[]): void {
  // Neither the configuration of this folder nor the caller's KITH_ variables may reach the server.
  execFileSync(binary, ["demo", "--data", data, "--seed-only", ...options], {
    cwd: tmpdir(),
    env: {},
    stdio: ["ignore", "ignore", "inherit"],
  });
}
