//! Property tests of everything that parses: what must hold for any input.

mod contacts;
mod forms;
mod json;
mod links;
mod mentions;
mod typed;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

/// No files with failures: proptest prints the smallest failing input.
fn config() -> Config {
    Config { failure_persistence: None, ..Config::with_cases(512) }
}

/// Values of a strategy for tests that need an application, and so cannot shrink a failure.
fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::new(config());
    let value = |_| strategy.new_tree(&mut runner).expect("a value").current();
    (0..count).map(value).collect()
}

/// A text that is put together from these parts and from any other characters.
fn text_of(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(parts).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~]{0,4}",
        1 => "[一-龥ß-ÿ👋]{0,3}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}
