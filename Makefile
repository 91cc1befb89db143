# The ways to run, check and test Kith; `make` alone lists them. CI runs the same targets.
.DEFAULT_GOAL := help
.PHONY: help run demo dist dev check test e2e torture dump wire trace load fmt

SETUP := @scripts/setup.sh
WITH := scripts/with-tools
WASM := wasm32-unknown-unknown
RELEASE := $(CURDIR)/target/release

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: ## Build for release, then serve on http://127.0.0.1:3000
	$(SETUP) build
	$(WITH) scripts/build.sh release
	target/release/kith

demo: ## Build for release, then serve a throw-away Kith full of people and messages
	$(SETUP) build
	$(WITH) scripts/build.sh release
	target/release/kith demo

dist: ## Build for release and pack an archive to install, under target/dist
	$(SETUP) build
	$(WITH) scripts/build.sh release
	$(WITH) scripts/dist.sh

dev: ## Build, serve, and build again on every change
	$(SETUP) dev
	$(WITH) scripts/dev.sh

SCRIPTS := '{end2end,scripts}/**/*.{ts,mjs}'

# The quick ones come first. target/front is where cargo-leptos builds the WASM: clippy shares the
# macros compiled there.
check: ## Formatting, spelling, lints of everything, licences of the crates, documentation
	$(SETUP) check
	$(WITH) cargo fmt --check
	$(WITH) prettier --check --log-level warn $(SCRIPTS)
	scripts/line-width.sh
	$(WITH) typos
	shellcheck .ci/run scripts/with-tools scripts/*.sh
	$(WITH) oxlint
	$(WITH) tsc --project end2end
	$(WITH) cargo deny --locked check bans licenses sources
	$(WITH) scripts/advisories.sh
	$(WITH) cargo clippy --locked --features ssr --all-targets -- -D warnings
	$(WITH) cargo clippy --locked --features hydrate --lib --target $(WASM) \
		--target-dir target/front -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(WITH) cargo doc --locked --no-deps --features ssr

test: ## Every test: Rust on SQLite and PostgreSQL, then two people in real browsers
	$(SETUP) test
	@$(WITH) scripts/test.sh tested rust e2e

e2e: ## The browser tests alone, on a build for debugging
	$(SETUP) test
	@$(WITH) scripts/test.sh debug e2e

# A printed seed can be played again: KITH_TORTURE_SEED=123 make torture
torture: ## Conversations while the server is killed, cut off, starved: 50 KITH_TORTURE_ROUNDS
	$(SETUP) test
	@$(WITH) scripts/test.sh debug torture

# A release leaves a dump of its database in tests/dumps; the tests migrate and check each of them.
dump: ## Write the dump of this version's database into tests/dumps, for both databases
	$(SETUP) test
	@$(WITH) scripts/test.sh debug dump

# Measurements of the release build, on the demo's data.
MEASURE := cd end2end && KITH_BIN=$(RELEASE)/kith \
	../$(WITH) playwright test --config measure.config.ts

wire: ## The bytes that a first visit, against its budget, and a message move over the wire
	$(SETUP) test
	$(WITH) scripts/build.sh release
	$(MEASURE) first-visit message

trace: ## The browser's main thread while conversations switch and 10,000 messages scroll
	$(SETUP) test
	$(WITH) scripts/build.sh release
	$(MEASURE) main-thread

# Each held receive takes a file of the server and one of the generator: the limit is raised.
load: ## The cost of messages for the release build under load: latency, CPU, memory, bytes
	$(SETUP) build
	$(WITH) scripts/build.sh release
	$(WITH) cargo build --locked --release --features ssr,embed --example load
	ulimit -Sn "$$(ulimit -Hn)" && target/release/examples/load

fmt: ## Format the code
	$(SETUP) check
	$(WITH) cargo fmt
	$(WITH) prettier --write --log-level warn $(SCRIPTS)
