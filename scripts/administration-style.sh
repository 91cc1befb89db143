#!/usr/bin/env bash
# Compiles the administration's own style sheet into the site: cargo-leptos compiles only one sheet.
#
#   scripts/with-tools scripts/administration-style.sh [--watch]
set -euo pipefail
cd "$(dirname "$0")/.."

exec sass --style=compressed --no-charset --no-source-map "$@" \
    style/administration.scss target/site/pkg/administration.css
