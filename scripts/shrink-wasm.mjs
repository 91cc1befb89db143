// Makes the built WASM small: empties functions that nothing ever calls but the linker must keep, has wasm-opt arrange
// the rest for brotli, shortens the names between it and its script, and leaves out where others' code panics.
//
//   node scripts/shrink-wasm.mjs debug|release FOLDER KEPT
//
// FOLDER holds the .wasm files with their functions' names still in them. KEPT gets what came of them, and gives it back
// while nothing has changed. A debug build is made quick to start rather than small; its functions are emptied, too, so
// that the browser tests would meet one that is called after all.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [profile, folder, kept] = process.argv.slice(2);

// Every view carries all that could be done with it in a table, and so none of this is seen to be dead: Kith comes alive
// at once (`hydrate_body`), never while it waits (`hydrate_lazy`). These are bodies of `async fn`s and what makes them,
// each like no other code. Of anything plainer than that the compiler may have found the like elsewhere, and let both
// be one: it stays.
const uncalled = [
  /13hydrate_async28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$17h/,
  /27new_with_async_value_erased28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$17h/,
  /8into_any13hydrate_async17h/,
];

// What makes the WASM small in brotli, which is not what makes it small as it is: inlining and what else turns like
// code into unlike code is left out, and functions of like names stand together. The order does not matter.
const smallest = [
  "-Oz",
  "--dealign",
  "--reorder-functions-by-name",
  "--skip-pass=code-folding",
  "--skip-pass=coalesce-locals",
  "--skip-pass=inlining-optimizing",
  "--skip-pass=local-cse",
  "--skip-pass=memory-packing",
  "--skip-pass=reorder-functions",
  "--skip-pass=simplify-locals",
  "--skip-pass=ssa-nomerge",
  "--merge-similar-functions",
];
const features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
const options = [...(profile === "release" ? smallest : ["-O1"]), ...features];

/** Reads the numbers and strings that a WASM file is made of. */
class Reader {
  constructor(bytes, at, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  /** The next part that begins with its length. */
  part() {
    const length = this.number();
    this.at += length;
    return new Reader(this.bytes, this.at - length, this.at);
  }
  text() {
    const { at, end } = this.part();
    return this.bytes.toString("utf8", at, end);
  }
  rest() {
    return this.bytes.subarray(this.at, this.end);
  }
}

function number(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

/** What the file imports: from where, under which name, and what it is, as its bytes. */
function imports(section) {
  const limits = () => {
    const flags = section.number();
    section.number();
    if (flags & 1) section.number();
  };
  return Array.from({ length: section.number() }, () => {
    const module = section.text();
    const name = section.text();
    const from = section.at;
    const kind = section.number();
    if (kind === 0) {
      section.number();
    } else if (kind === 1) {
      section.number();
      limits();
    } else if (kind === 2) {
      limits();
    } else if (kind === 3) {
      section.at += 2;
    } else {
      throw new Error(`an import of kind ${kind}`);
    }
    return { module, name, kind, what: section.bytes.subarray(from, section.at) };
  });
}

/** The names of the functions, by number; empty in any other section. */
function functionNames(section) {
  const names = new Map();
  if (section.text() !== "name") return names;
  while (section.at < section.end) {
    const kind = section.number();
    const part = section.part();
    if (kind !== 1) continue;
    for (let left = part.number(); left > 0; left--) names.set(part.number(), part.text());
  }
  return names;
}

/** The file in its parts: the number of each section, and what is in it. */
function sectionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.at < bytes.length) {
    const kind = reader.number();
    const { at, end } = reader.part();
    sections.push({ kind, body: bytes.subarray(at, end), reader: () => new Reader(bytes, at, end) });
  }
  return sections;
}

function joined(bytes, sections) {
  const parts = sections.flatMap(({ kind, body }) => [Buffer.from([kind]), number(body.length), body]);
  return Buffer.concat([bytes.subarray(0, 8), ...parts]);
}

/** Returns the file with nothing but a trap in each function whose name fits, and how many these were. */
function emptied(bytes, fits) {
  const sections = sectionsOf(bytes);
  const importing = sections.find(({ kind }) => kind === 2);
  const first = importing ? imports(importing.reader()).filter(({ kind }) => kind === 0).length : 0;
  const named = sections.filter(({ kind }) => kind === 0);
  const names = new Map(named.flatMap((section) => [...functionNames(section.reader())]));
  const trap = Buffer.from([3, 0, 0x00, 0x0b]);
  let count = 0;
  const code = sections.find(({ kind }) => kind === 10);
  const all = code.reader();
  const functions = Array.from({ length: all.number() }, (_, index) => {
    const from = all.at;
    all.part();
    if (!fits(names.get(first + index) ?? "")) return bytes.subarray(from, all.at);
    count++;
    return trap;
  });
  code.body = Buffer.concat([number(functions.length), ...functions]);
  return { count, bytes: joined(bytes, sections) };
}

const text = (value) => [number(Buffer.byteLength(value)), Buffer.from(value)];

/** Gives short names to what the script provides to the file: theirs carry a hash each, which nothing makes smaller. */
function renamed(bytes, script) {
  const sections = sectionsOf(bytes);
  const section = sections.find(({ kind }) => kind === 2);
  const short = new Map();
  const all = imports(section.reader()).map(({ module, name, what }) => {
    const ours = module.endsWith("_bg.js") && name.startsWith("__wb");
    if (ours) short.set(name, `_${short.size.toString(36)}`);
    return Buffer.concat([module, ours ? short.get(name) : name].flatMap(text).concat(what));
  });
  section.body = Buffer.concat([number(all.length), ...all]);
  const found = new Set();
  const rewritten = script.replace(/\b__wb\w+/g, (name) => {
    if (short.has(name)) found.add(name);
    return short.get(name) ?? name;
  });
  if (found.size !== short.size) throw new Error("the script does not provide all that the WASM asks for");
  return { bytes: joined(bytes, sections), script: rewritten };
}

/** Where the bytes of the data go in memory, for as much of it as lies at a fixed place. */
function segments(section) {
  return Array.from({ length: section.number() }, () => {
    const passive = section.number() === 1;
    const fixed = !passive && section.number() === 0x41;
    if (!passive && !fixed) throw new Error("data at a place that is not fixed");
    const start = passive ? undefined : section.number();
    if (!passive) section.number();
    const { at, end } = section.part();
    return { start, bytes: section.bytes.subarray(at, end) };
  }).filter(({ start }) => start !== undefined);
}

/** Takes out where in the code of others a panic was: on which line of which file of the machine that built it. */
function placeless(original) {
  const bytes = Buffer.from(original);
  const all = segments(sectionsOf(bytes).find(({ kind }) => kind === 11).reader());
  const textAt = (start, length) => {
    const holder = all.find((one) => start >= one.start && start + length <= one.start + one.bytes.length);
    return holder?.bytes.subarray(start - holder.start, start - holder.start + length);
  };
  const paths = new Set();
  for (const { start, bytes: data } of all) {
    for (let at = (4 - (start % 4)) % 4; at + 16 <= data.length; at += 4) {
      // Rust keeps a place as four numbers: where its path is, how long that is, line and column.
      const [path, length, line, column] = [0, 4, 8, 12].map((offset) => data.readUInt32LE(at + offset));
      if (length > 250 || line === 0 || line > 100_000 || column === 0 || column > 1_000) continue;
      const text = textAt(path, length);
      if (!text || !/^\/[\w/.+-]+\.rs$/.test(text.toString("latin1"))) continue;
      paths.add(text);
      [1, 0, 0, 0].forEach((value, index) => data.writeUInt32LE(value, at + index * 4));
    }
  }
  for (const path of paths) path.fill(" ");
  return bytes;
}

/** Names of one list in one order: the tool that splits the WASM writes them in another each time. */
function sorted(script) {
  return script.replace(/\{ (\w+(?:, \w+)+),  \}/g, (_, names) => `{ ${names.split(", ").sort().join(", ")} }`);
}

function shrink(files) {
  const counts = uncalled.map(() => 0);
  for (const file of files.filter((name) => name.endsWith(".wasm")).map((name) => join(folder, name))) {
    let bytes = readFileSync(file);
    uncalled.forEach((pattern, index) => {
      const result = emptied(bytes, (name) => pattern.test(name));
      bytes = result.bytes;
      counts[index] += result.count;
    });
    writeFileSync(file, bytes);
    execFileSync("wasm-opt", [...options, file, "-o", file], { stdio: "inherit" });
  }
  const [main, script] = ["kith.wasm", "kith.js"].map((name) => join(folder, name));
  const short = renamed(readFileSync(main), readFileSync(script, "utf8"));
  writeFileSync(main, profile === "release" ? placeless(short.bytes) : short.bytes);
  writeFileSync(script, short.script);
  const gone = uncalled.filter((_, index) => counts[index] === 0);
  if (gone.length > 0) {
    console.error(`shrink-wasm: no function in ${folder} is named like ${gone.join(" or ")}`);
    process.exit(1);
  }
}

const files = readdirSync(folder).filter((name) => /\.(wasm|js)$/.test(name));
for (const file of files.filter((name) => name.startsWith("__wasm_split")).map((name) => join(folder, name))) {
  writeFileSync(file, sorted(readFileSync(file, "utf8")));
}
const sum = createHash("sha256").update(readFileSync(import.meta.filename)).update(profile);
for (const file of files) sum.update(file).update(readFileSync(join(folder, file)));
const stamp = sum.digest("hex");
const stamped = join(kept, "stamp");
if (!existsSync(stamped) || readFileSync(stamped, "utf8") !== stamp) {
  shrink(files);
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  for (const file of files) cpSync(join(folder, file), join(kept, file));
  writeFileSync(stamped, stamp);
}
for (const file of files) cpSync(join(kept, file), join(folder, file));
