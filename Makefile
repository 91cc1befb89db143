# The ways to run, check and test Kith; `make` alone lists them. CI runs the same targets.
.DEFAULT_GOAL := help
.PHONY: help run dev check test e2e fmt

SETUP := @scripts/setup.sh
WITH := scripts/with-tools
WASM := wasm32-unknown-unknown

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: ## Build for release, then serve on http://127.0.0.1:3000
	$(SETUP) build
	$(WITH) scripts/build.sh release
	target/release/kith

dev: ## Build, serve, and build again on every change
	$(SETUP) build
	$(WITH) cargo leptos watch

# target/front is where cargo-leptos builds the WASM: sharing it saves compiling the macros once more.
check: ## Formatting, lints for both halves, documentation, types of the browser tests
	$(SETUP) check
	$(WITH) cargo fmt --check
	$(WITH) cargo clippy --locked --features ssr --all-targets -- -D warnings
	$(WITH) cargo clippy --locked --features hydrate --lib --target $(WASM) --target-dir target/front -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(WITH) cargo doc --locked --no-deps --features ssr
	cd end2end && npx tsc

test: ## Every test: Rust on SQLite and PostgreSQL, then two people in real browsers
	$(SETUP) test
	@$(WITH) scripts/test.sh rust e2e

e2e: ## The browser tests alone
	$(SETUP) test
	@$(WITH) scripts/test.sh e2e

fmt: ## Format the Rust files
	$(SETUP) check
	$(WITH) cargo fmt
