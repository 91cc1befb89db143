#!/usr/bin/env bash
# Installs what building, checking and testing Kith need and this machine lacks, so that `make` works on a bare one.
#
#   scripts/setup.sh build|check|test …
#
# It uses what is there, tries the ordinary way, and falls back to packages (Debian's, npm's, crates) where rustup or
# a browser download cannot reach its site. Tools from cargo and npm go into a folder of their own ($KITH_TOOLS, by
# default ~/.cache/kith-tools), never into the clone and never over your own. Safe to run again: it then costs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

RUST=1.96 # the oldest Rust that cargo-leptos can be built with
CARGO_LEPTOS=0.3.11
SASS=1.108.2
BINARYEN=132.0.0
WASM=wasm32-unknown-unknown
TOOLS=${KITH_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/kith-tools}
mkdir -p "$TOOLS/bin"
export PATH="$TOOLS/bin:$TOOLS/node_modules/.bin:$HOME/.cargo/bin:$PATH"
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
LOG=$TOOLS/setup.log
: >"$LOG"
DID=0

# within SECONDS command…: macOS has no `timeout`.
within() { if have timeout; then timeout "$@"; else shift; "$@"; fi; }
have() { command -v "$1" >/dev/null 2>&1; }
say() { printf 'setup: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# step "what, and about how long" command…: runs it quietly; its output is shown only when it fails.
step() {
    local what=$1 from=$SECONDS
    shift
    DID=1
    say "$what"
    if "$@" >>"$LOG" 2>&1; then
        say "  done in $((SECONDS - from)) s"
    else
        tail -n 40 "$LOG" >&2
        die "failed after $((SECONDS - from)) s; the whole output is in $LOG"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

can_apt() { have apt-get && { [ "$(id -u)" = 0 ] || have sudo; }; }

APT_FRESH=
apt_install() {
    can_apt || { echo "cannot install here by itself; please install: $*"; return 1; }
    if [ -z "$APT_FRESH" ]; then
        as_root apt-get update
        APT_FRESH=1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# --- Rust with the wasm target ------------------------------------------------------------------------------------

# The toolchain that with-tools picks: empty means the user's own default.
use_toolchain() {
    printf '%s' "$1" >"$TOOLS/toolchain"
    if [ -n "$1" ]; then export RUSTUP_TOOLCHAIN=$1; else unset RUSTUP_TOOLCHAIN; fi
}

new_enough() {
    local is
    is=$("${1:-rustc}" --version 2>/dev/null | awk '{ print $2 }')
    [ -n "$is" ] && [ "$(printf '%s\n' "$RUST" "$is" | sort -V | head -n 1)" = "$RUST" ]
}

wasm_std() { compgen -G "$1/lib/rustlib/$WASM/lib/libstd-*.rlib" >/dev/null; }

distro_lld() {
    local llvm host bin
    llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    bin=/usr/lib/rustlib/$host/bin
    apt_install "lld-$llvm" && as_root mkdir -p "$bin" && as_root ln -sf "/usr/bin/lld-$llvm" "$bin/rust-lld"
}

# Debian ships no standard library for the wasm target but ships its sources: build it once, in a throw-away crate.
distro_wasm_std() {
    local dir lib=/usr/lib/rustlib/$WASM/lib
    dir=$(mktemp -d)
    mkdir "$dir/src"
    printf '[package]\nname = "throwaway"\nversion = "0.0.0"\nedition = "2021"\n[lib]\n' >"$dir/Cargo.toml"
    : >"$dir/src/lib.rs"
    (cd "$dir" && RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR=$dir/target /usr/bin/cargo build --release \
        -Z build-std=std,panic_abort --target $WASM) || { rm -rf "$dir"; return 1; }
    as_root mkdir -p "$lib"
    rm -f "$dir/target/$WASM/release/deps/"libthrowaway*
    as_root cp "$dir/target/$WASM/release/deps/"*.rlib "$lib/"
    rm -rf "$dir"
}

setup_distro_rust() {
    if ! { [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust ] && new_enough /usr/bin/rustc; }; then
        can_apt || die "no Rust $RUST or newer with the $WASM target: install or update it by https://rustup.rs"
        step "Rust from Debian's packages, beside your own (about 20 s)" apt_install rustc-web cargo-web rust-web-src
        new_enough /usr/bin/rustc || die "the distribution's Rust is older than $RUST: install it by https://rustup.rs"
    fi
    compgen -G "/usr/lib/rustlib/*/bin/rust-lld" >/dev/null || step "the linker for wasm (about 5 s)" distro_lld
    wasm_std /usr || step "Rust's standard library for wasm, built once (about 30 s)" distro_wasm_std
    # A linked toolchain is a link by that name; your default stays what it is.
    if have rustup; then
        rustup toolchain link kith-distro /usr >>"$LOG" 2>&1
        use_toolchain kith-distro
    else
        use_toolchain ""
    fi
}

setup_rust() {
    # What was chosen before and is still there costs no call to rustc.
    if [ -f "$TOOLS/toolchain" ] && [ -f "$TOOLS/sysroot" ] && wasm_std "$(cat "$TOOLS/sysroot")"; then
        use_toolchain "$(cat "$TOOLS/toolchain")"
        return
    fi
    unset RUSTUP_TOOLCHAIN
    have cc || step "a C compiler (about 30 s)" apt_install gcc libc6-dev
    if new_enough && wasm_std "$(rustc --print sysroot)"; then
        use_toolchain ""
    elif have rustup && new_enough && within 300 rustup target add $WASM >>"$LOG" 2>&1; then
        DID=1
        say "the wasm target: added by rustup"
        use_toolchain ""
    else
        setup_distro_rust
    fi
    rustc --print sysroot >"$TOOLS/sysroot"
}

# --- Tools --------------------------------------------------------------------------------------------------------

setup_node() {
    { have node && have npm; } || step "Node.js, from packages (about 30 s)" apt_install nodejs npm
    { have sass && have wasm-opt; } || step "sass and wasm-opt, from npm (about 5 s)" \
        npm install --prefix "$TOOLS" --no-audit --no-fund --no-package-lock "sass@$SASS" "binaryen@$BINARYEN"
}

install_cargo_leptos() {
    # Its debug build compiles in half the time and is quick enough: it calls other programs.
    cargo install --locked --debug --root "$TOOLS" "cargo-leptos@$CARGO_LEPTOS" ||
        cargo install --debug --root "$TOOLS" "cargo-leptos@$CARGO_LEPTOS"
}

install_wasm_bindgen() {
    cargo install --root "$TOOLS" "wasm-bindgen-cli@$1"
}

setup_cargo_tools() {
    have cargo-leptos || step "cargo-leptos $CARGO_LEPTOS, from crates (about 5 min)" install_cargo_leptos
    # The tool and the crate must be of the very same version.
    local want
    want=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $want" ] ||
        step "wasm-bindgen $want, from crates (about 2 min)" install_wasm_bindgen "$want"
}

setup_lints() {
    local sysroot
    sysroot=$(cat "$TOOLS/sysroot")
    [ -x "$sysroot/bin/cargo-clippy" ] && [ -x "$sysroot/bin/cargo-fmt" ] && return
    if [ "$sysroot" = /usr ]; then
        step "clippy and rustfmt, from Debian's packages (about 10 s)" apt_install rust-web-clippy rustfmt-web
    else
        step "clippy and rustfmt, by rustup (about 10 s)" rustup component add clippy rustfmt
    fi
}

# --- What the tests drive -----------------------------------------------------------------------------------------

setup_postgres() {
    have initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null ||
        step "PostgreSQL's server programs (about 20 s)" apt_install postgresql
}

setup_end2end() {
    cmp -s end2end/package-lock.json end2end/node_modules/.kith-lock || step "Playwright, from npm (about 10 s)" \
        bash -c 'cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund &&
            cp package-lock.json node_modules/.kith-lock'
}

# The headless shell is what Playwright itself takes, and half the work of the whole Chromium, which serves as well.
have_chromium() { have chromium || have chromium-browser || have google-chrome; }

install_browser() {
    (cd end2end && within 300 npx playwright install --only-shell chromium) || apt_install chromium-headless-shell ||
        have_chromium || apt_install chromium
    touch "$TOOLS/browser"
}

setup_browser() {
    local shells="$HOME/.cache/ms-playwright/chromium_headless_shell-*"
    [ -n "${KITH_CHROMIUM:-}" ] || have chromium-headless-shell || compgen -G "$shells" >/dev/null ||
        { have_chromium && [ -e "$TOOLS/browser" ]; } ||
        step "Chromium's headless shell, by Playwright or from packages (about 30 s)" install_browser
    # Without them pictures of the pages show boxes in place of Chinese and emoji.
    if have fc-list && fc-list :lang=zh family | grep -q . && fc-list : family | grep -qi emoji; then return; fi
    if can_apt; then
        step "fonts for Chinese and emoji (about 10 s)" apt_install fontconfig fonts-noto-cjk fonts-noto-color-emoji
    fi
}

setup_build() {
    setup_rust
    setup_node
    setup_cargo_tools
}

[ $# -gt 0 ] || die "say what for: scripts/setup.sh build|check|test …"
for group in "$@"; do
    case $group in
        build) setup_build ;;
        check) setup_build; setup_lints; setup_end2end ;;
        test) setup_build; setup_postgres; setup_end2end; setup_browser ;;
        *) die "no such group: $group (build, check, test)" ;;
    esac
done
[ $DID = 0 ] || say "all there, after $SECONDS s"
