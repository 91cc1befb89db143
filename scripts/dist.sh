#!/usr/bin/env bash
# Packs target/release/kith, which holds the site, with all else that an installation needs.
# `make dist` runs it.
#
#   scripts/with-tools scripts/dist.sh
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
version=$(target/release/kith --version | cut -d ' ' -f 2)
name=kith-$version-linux-${host%%-*}
to=target/dist/$name
[ "$(uname -s)" = Linux ] || { echo "the archive is made on Linux" >&2; exit 1; }

rm -rf "$to"
mkdir -p "$to"
strip -o "$to/kith" target/release/kith
cp Leptos.toml "$to/kith.toml"
cp LICENSE-MIT LICENSE-APACHE CHANGELOG.md docs/operations.md docs/grafana.json \
    packaging/kith.service packaging/INSTALL.md "$to"
# The crates inside the binary and the WASM, for THIRD-PARTY.md.
cargo metadata --locked --format-version 1 --features ssr,embed,hydrate >"$to.json"
cargo tree --locked --features ssr,embed --edges normal --prefix none --format '{p}' >"$to.crates"
cargo tree --locked --features hydrate --edges normal --prefix none --format '{p}' \
    --target wasm32-unknown-unknown >>"$to.crates"
node scripts/third-party.mjs "$to.json" "$to.crates" >"$to/THIRD-PARTY.md"
rm "$to.json" "$to.crates"

# The same inputs give the same archive, whatever the umask and the time.
when=$(git log -1 --format=%ct 2>/dev/null || date +%s)
tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$when" \
    -C target/dist -czf "$to.tar.gz" "$name"
ls -l "$to.tar.gz"
