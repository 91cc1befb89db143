// Fills a server's data folder, before it starts, with the people and messages of `make demo`.
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { binary } from "./server.ts";

/** An account of the demo. */
export const visitor = { username: "ann", password: "demo demo" };

/** Fills `data`; `options` are more of those of `kith demo`, such as `--messages 10000`. */
export function seed(data: string, ...options: string[]): void {
  // As for the server: neither the clone's configuration nor the caller's KITH_ variables reach it.
  execFileSync(binary, ["demo", "--data", data, "--seed-only", ...options], {
    cwd: tmpdir(),
    env: {},
    stdio: ["ignore", "ignore", "inherit"],
  });
}
