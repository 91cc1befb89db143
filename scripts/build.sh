#!/usr/bin/env bash
# Builds target/debug/kith or target/release/kith with the site inside it.
# `make run`, `make dist` and the tests run it.
#
#   scripts/with-tools scripts/build.sh debug|tested|release
#
# `tested` is the release's site in a debug server: the tests meet the pages that users get, which
# come alive in half the time, and the server is quick to build.
set -euo pipefail
cd "$(dirname "$0")/.."

server=() site=release quality=11
case ${1:-} in
    # Quick to build: its files need not be small.
    debug) site=debug quality=4 ;;
    tested) ;;
    release) server=(--release) ;;
    *) echo "which profile: debug, tested or release?" >&2; exit 2 ;;
esac
scripts/site.sh "$site"
node scripts/shrink-wasm.mjs "$site" target/site/pkg "target/shrunk/$site"
node scripts/pack-site.mjs target/site target/packed "$quality"
cargo build --locked --features ssr,embed --bin kith "${server[@]}"
