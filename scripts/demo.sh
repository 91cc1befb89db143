#!/usr/bin/env bash
# Serves a throw-away Kith full of people and messages, for `make demo`, and removes it when it ends.
#
#   scripts/with-tools scripts/demo.sh [options of examples/demo, such as --people 5000]
#
# It needs target/release/kith and target/release/examples/demo. KITH_ADDRESS names another address than a free port.
set -euo pipefail
cd "$(dirname "$0")/.."

data=$(mktemp -d "${TMPDIR:-/tmp}/kith-demo.XXXXXX")
server=''
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$data"
    echo "The demo's data is removed."
}
trap clean_up EXIT
trap 'exit 130' INT TERM

target/release/examples/demo --data "$data" "$@"
# An empty configuration: the clone's own is for `make run`.
: >"$data/demo.toml"
KITH_ADDRESS=${KITH_ADDRESS:-127.0.0.1:0} KITH_DATA=$data KITH_LOG=${KITH_LOG:-warn} \
    target/release/kith --config "$data/demo.toml" &
server=$!
wait "$server"
