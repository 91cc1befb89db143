// Packs the built site for the binary. Built files go into a folder named by the hash of the whole
// site, so that browsers may keep them for a year. Each file is compressed once and at its best, so
// that the server never compresses one.
//
//   node scripts/pack-site.mjs FROM TO [brotli quality, 0 to 11]
//
// FROM is target/site as scripts/build.sh puts it together. TO gets `hash` and `files/`, which
// build.rs embeds.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [from, to, quality = "11"] = process.argv.slice(2);
const built = /^pkg\//;

const files = readdirSync(from, { recursive: true, withFileTypes: true })
  // No browser asks for type declarations or for the manifest of the split WASM.
  .filter((entry) => entry.isFile() && !/\.d\.ts$|_manifest\.json$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .map((path) => ({ name: relative(from, path), body: readFileSync(path) }))
  .sort((one, other) => (one.name < other.name ? -1 : 1));
const wanted = ["administration.css", "kith.css", "kith.js", "kith.wasm"];
if (!wanted.every((file) => files.some(({ name }) => name === `pkg/${file}`))) {
  console.error(`${from} holds no built site: scripts/build.sh builds it first`);
  process.exit(1);
}

const sum = createHash("sha256");
for (const { name, body } of files) sum.update(`${name} ${body.length}\n`).update(body);
const hash = sum.digest("hex").slice(0, 16);

// A site that was packed before with this quality stays untouched, or cargo would build the server
// again.
const stamp = `${hash}\n`;
const how = join(to, "quality");
const current = existsSync(how) && readFileSync(how, "utf8") === quality;
if (!current || readFileSync(join(to, "hash"), "utf8") !== stamp) {
  rmSync(to, { recursive: true, force: true });
  for (const { name, body } of files) {
    const path = join(to, "files", name.replace(built, `pkg/${hash}/`));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: Number(quality),
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      // Like fonts, WASM repeats bytes from a short distance: this mode spends fewer bits on those.
      [constants.BROTLI_PARAM_MODE]:
        constants[name.endsWith(".wasm") ? "BROTLI_MODE_FONT" : "BROTLI_MODE_GENERIC"],
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    };
    const level = quality === "11" ? 9 : 1;
    const packed = { br: brotliCompressSync(body, { params }), gz: gzipSync(body, { level }) };
    // A file that does not get smaller, such as a picture, is sent as it is.
    for (const [ending, bytes] of Object.entries(packed)) {
      if (bytes.length < body.length) writeFileSync(`${path}.${ending}`, bytes);
    }
  }
  writeFileSync(join(to, "hash"), stamp);
  writeFileSync(how, quality);
}
