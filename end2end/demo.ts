// Fills a server's data folder, before it starts, with the people and messages of `make demo`.
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const program = process.env.KITH_DEMO ?? resolve(import.meta.dirname, "../target/debug/examples/demo");

/** Who can be signed in as. */
export const visitor = { username: "ann", password: "demo demo" };

/** Fills `data`; `options` are those of examples/demo, such as `--messages 10000`. */
export function seed(data: string, ...options: string[]): void {
  execFileSync(program, ["--data", data, ...options], { stdio: ["ignore", "ignore", "inherit"] });
}
