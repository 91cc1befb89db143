// Makes the built WASM small: empties functions that nothing ever calls but the linker must keep,
// shortens the names of imports, and has wasm-opt arrange the rest for brotli.
//
//   scripts/with-tools node scripts/shrink-wasm.mjs debug|release FOLDER CACHE
//
// FOLDER holds the .wasm files with the names of their functions still in them. CACHE keeps the
// result and gives it back while nothing has changed. A debug build is made quick to start rather
// than small; its functions are emptied too, so that a browser test fails when one is called after
// all.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [profile, folder, cache] = process.argv.slice(2);
const [main, mainScript] = ["kith.wasm", "kith.js"].map((name) => join(folder, name));

// Leptos can hydrate a view while it waits (`hydrate_lazy`); Kith hydrates at once (`hydrate_body`)
// and never calls these. Every view's table of methods refers to them, so neither the linker nor
// wasm-opt sees that they are dead. All are bodies of `async fn`s: the compiler merges identical
// functions, and no live function is identical to one of these.
const uncalled = [
  /13hydrate_async28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$17h/,
  /27new_with_async_value_erased28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$17h/,
  /8into_any13hydrate_async17h/,
];

// What makes a WASM file small in brotli is not what makes it small by itself: inlining and other
// passes that turn like code into unlike code are skipped, and functions of like names stand
// together. The order does not matter.
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

// setup.sh installs wasm-opt and its JavaScript interface together, outside of this clone.
const tools = process.env.KITH_TOOLS ?? "";
const { default: binaryen } = await import(
  pathToFileURL(join(tools, "node_modules/binaryen/index.js")).href
);

// The order of functions goes by their names, so they must survive until wasm-opt has run.
binaryen.setDebugInfo(true);

/**
 * Replaces the body of each function in `uncalled` by a trap, and counts them in `counts`, one
 * count a pattern.
 */
function emptyUncalled(module, counts) {
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const fn = module.getFunctionByIndex(index);
    const pattern = uncalled.findIndex((one) => one.test(binaryen.getFunctionInfo(fn).name));
    if (pattern < 0) continue;
    binaryen.Function.setBody(fn, module.unreachable());
    counts[pattern]++;
  }
}

/**
 * Gives short names to the functions that the script provides to the module: wasm-bindgen's carry
 * a hash each, which no compression makes smaller. Returns the script with the same short names.
 */
function shortenImports(module, script) {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
  const imported = functions.filter(({ base }) => base?.startsWith("__wb"));
  const short = new Map(imported.map(({ base }, index) => [base, `_${index.toString(36)}`]));
  for (const { name, module: from, base, params, results } of imported) {
    module.removeFunction(name);
    module.addFunctionImport(name, from, short.get(base), params, results);
  }
  const found = new Set();
  const shortened = script.replace(/\b__wb\w+/g, (name) => {
    if (short.has(name)) found.add(name);
    return short.get(name) ?? name;
  });
  if (found.size !== short.size) {
    throw new Error("the script does not provide all that the WASM imports");
  }
  return shortened;
}

/** Sorts the names in each list: the tool that splits the WASM orders them by chance. */
function sorted(script) {
  const inOrder = (names) => `{ ${names.split(", ").sort().join(", ")} }`;
  return script.replace(/\{ (\w+(?:, \w+)+),  \}/g, (_, names) => inOrder(names));
}

function shrink(files) {
  const counts = uncalled.map(() => 0);
  const modules = files.filter((name) => name.endsWith(".wasm")).map((name) => join(folder, name));
  for (const file of modules) {
    const module = binaryen.readBinary(readFileSync(file));
    emptyUncalled(module, counts);
    if (file === main) {
      writeFileSync(mainScript, shortenImports(module, readFileSync(mainScript, "utf8")));
    }
    writeFileSync(file, module.emitBinary());
    module.dispose();
    execFileSync("wasm-opt", [...options, file, "-o", file], { stdio: "inherit" });
  }
  const missing = uncalled.filter((_, index) => counts[index] === 0);
  if (missing.length > 0) {
    console.error(`shrink-wasm: no function in ${folder} is named like ${missing.join(" or ")}`);
    process.exit(1);
  }
}

const files = readdirSync(folder).filter((name) => /\.(wasm|js)$/.test(name));
for (const file of files.filter((name) => name.startsWith("__wasm_split"))) {
  const path = join(folder, file);
  writeFileSync(path, sorted(readFileSync(path, "utf8")));
}
const sum = createHash("sha256")
  .update(readFileSync(import.meta.filename))
  .update(profile);
for (const file of files) sum.update(file).update(readFileSync(join(folder, file)));
const stamp = sum.digest("hex");
const stampFile = join(cache, "stamp");
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  shrink(files);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  for (const file of files) cpSync(join(folder, file), join(cache, file));
  writeFileSync(stampFile, stamp);
}
for (const file of files) cpSync(join(cache, file), join(folder, file));
