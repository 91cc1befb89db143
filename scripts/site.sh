#!/usr/bin/env bash
# Builds the site into target/site: the WASM with its scripts, the style sheets, and public/.
#
#   scripts/with-tools scripts/site.sh debug|release
#
# These are the steps of `cargo leptos build --frontend-only --split`, each by its own tool. Only
# `make dev` needs cargo-leptos, which takes as long to build from crates as Kith itself.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
    debug) profile=dev folder=debug minify=() ;;
    release) profile=wasm-release folder=wasm-release minify=(--minify) ;;
    *) echo "which profile: debug or release?" >&2; exit 2 ;;
esac
pkg=target/site/pkg

# The flags are those of cargo-leptos, so that `make dev` finds compiled what this compiles. The
# tool that splits the WASM reads the relocations.
RUSTFLAGS="--cfg erase_components -Clink-args=--emit-relocs" cargo build --locked \
    --package=kith --lib --no-default-features --features=hydrate --profile="$profile" \
    --target=wasm32-unknown-unknown --target-dir=target/front

rm -rf target/site
mkdir -p "$pkg"
cp -R public/. target/site/

wasm-split-cli "target/front/wasm32-unknown-unknown/$folder/kith.wasm" "$pkg" --out-name=kith
wasm-bindgen --target=web --keep-lld-exports --no-demangle --no-typescript --out-name=kith \
    --out-dir="$pkg" "$pkg/kith.wasm"
mv "$pkg/kith_bg.wasm" "$pkg/kith.wasm"

# The module that loads the second part of the WASM has the name that cargo-leptos gives it.
loader=__wasm_split.______________________.js
mv "$pkg/__wasm_split.js" "$pkg/$loader"
sed -i.bak "s|from \"\./__wasm_split\.js\"|from \"./$loader\"|" "$pkg/kith.js"
rm "$pkg/kith.js.bak"

if [ "$1" = release ]; then
    esbuild --log-level=warning --minify --allow-overwrite --outfile="$pkg/kith.js" "$pkg/kith.js"
fi

# style SHEET NAME: compiles it for the browsers in use.
style() {
    sass --no-source-map "style/$1.scss" |
        lightningcss --targets=defaults "${minify[@]}" --output-file="$pkg/$2.css"
}
style main kith
style administration administration
