//! The black-box tests, by area, in one binary: each more would link all of Leptos once again.

#[test]
fn the_test_binary_runs() {
    assert_eq!(env!("CARGO_PKG_NAME"), "kith");
}
