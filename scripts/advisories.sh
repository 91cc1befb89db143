#!/usr/bin/env bash
# Checks the crates for known vulnerabilities (RustSec advisories), if the list can be fetched.
#
#   scripts/with-tools scripts/advisories.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# Reads all of deny.toml without the network: a mistake in it fails here.
cargo deny --locked check sources
# git gives up after 20 seconds without data.
export GIT_HTTP_LOW_SPEED_LIMIT=1 GIT_HTTP_LOW_SPEED_TIME=20
if output=$(cargo deny fetch db 2>&1); then
    cargo deny --locked check --disable-fetch advisories
else
    echo "advisories: not checked, as their list cannot be fetched:" >&2
    tail -n 3 <<<"$output" >&2
fi
