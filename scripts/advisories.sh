#!/usr/bin/env bash
# Checks the crates against RustSec's list of known faults, where the network reaches the list.
#
#   scripts/with-tools scripts/advisories.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# A connection that stands still for 20 seconds counts as none.
export GIT_HTTP_LOW_SPEED_LIMIT=1 GIT_HTTP_LOW_SPEED_TIME=20
if cargo deny fetch db >/dev/null 2>&1; then
    cargo deny --locked check --disable-fetch advisories
else
    echo "advisories: not checked, as their list cannot be reached from here"
fi
