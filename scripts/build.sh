#!/usr/bin/env bash
# Builds target/debug/kith or target/release/kith with the site inside it, for `make run`, `make dist` and the tests.
#
#   scripts/with-tools scripts/build.sh debug|release [more arguments for cargo build]
set -euo pipefail
cd "$(dirname "$0")/.."

profile=$1
shift
case $profile in
    # A debug site is large, and its compression nobody's matter.
    debug) release=() quality=4 ;;
    release) release=(--release) quality=11 ;;
    *) echo "which profile: debug or release?" >&2; exit 2 ;;
esac
cargo leptos build --frontend-only --split "${release[@]}"
node scripts/shrink-wasm.mjs "$profile" target/site/pkg "target/shrunk/$profile"
node scripts/pack-site.mjs target/site target/packed "$quality"
cargo build --locked --features ssr,embed --bin kith "${release[@]}" "$@"
