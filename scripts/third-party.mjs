// Writes the notices that the licences of the crates inside the binary and the page ask for.
//
//   node scripts/third-party.mjs METADATA CRATES
//
// METADATA is the output of `cargo metadata`. CRATES has a line of `cargo tree --format {p}` for
// each crate that is built in.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [metadata, crates] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync(metadata, "utf8"));
// Lines are like "serde v1.0.228 (proc-macro)"; "(*)" marks a crate that is also further up.
const built = new Set(
  readFileSync(crates, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ").slice(0, 2).join(" ")),
);
const used = packages
  .filter(({ name, version, source }) => source !== null && built.has(`${name} v${version}`))
  .sort(
    (one, other) => one.name.localeCompare(other.name) || one.version.localeCompare(other.version),
  );
if (used.length === 0) throw new Error("no crates: the lists do not fit together");

// Most crates carry the very same text: each text is written once, with the crates that carry it.
const texts = new Map();
for (const { name, version, manifest_path } of used) {
  const folder = dirname(manifest_path);
  for (const file of readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|copyright)/i.test(file))
    .sort()) {
    let text;
    try {
      text = readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim();
    } catch (error) {
      if (error.code === "EISDIR") continue;
      throw error;
    }
    const key = createHash("sha256").update(text.replace(/\s+/g, " ")).digest("hex");
    const entry = texts.get(key) ?? { text, of: [] };
    entry.of.push(`${name} ${version} (${file})`);
    texts.set(key, entry);
  }
}

console.log(
  "# What others wrote\n\nKith holds these crates, under these licences; their texts follow.\n",
);
for (const { name, version, license, license_file, repository } of used) {
  const terms = license ?? (license_file ? `see its ${license_file}` : "none named");
  console.log(`- ${name} ${version}: ${terms}${repository ? ` – ${repository}` : ""}`);
}
for (const { text, of } of texts.values()) {
  console.log(`\n## ${of.join(", ")}\n\n${text.replace(/^/gm, "    ").replace(/ +$/gm, "")}`);
}
