#!/usr/bin/env bash
# Builds and serves Kith, and builds again on every change, for `make dev`.
#
#   scripts/with-tools scripts/dev.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/administration-style.sh --watch &
trap 'kill $!' EXIT
cargo leptos watch --split
