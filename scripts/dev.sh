#!/usr/bin/env bash
# Builds and serves Kith, and builds again on every change, for `make dev`.
#
#   scripts/with-tools scripts/dev.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# cargo-leptos compiles the style sheet of all pages; sass compiles the administration's own.
sass --watch --no-source-map style/administration.scss target/site/pkg/administration.css &
trap 'kill $!' EXIT
cargo leptos watch --split
