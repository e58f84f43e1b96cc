//! Runs a property over made-up values. The number of cases is fixed, the values differ
//! from run to run; a failure prints the smallest value that was found for it.
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` are obeyed.

use std::fmt::Debug;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRunner},
};

/// Cases of each property.
const CASES: u32 = 64;

/// # Panics
/// When the property doesn't hold for some value, naming what it is about.
pub fn check<S: Strategy>(about: &str, values: S, property: impl Fn(S::Value) -> Result<(), String>)
where
    S::Value: Debug,
{
    // Without optimization, the default, ChaCha, takes two fifths of the time of these tests.
    let rng_algorithm = RngAlgorithm::XorShift;
    let mut config = Config { failure_persistence: None, max_shrink_iters: 10_000, rng_algorithm, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let outcome = TestRunner::new(config).run(&values, |value| property(value).map_err(TestCaseError::fail));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => {
            // Ten thousand brackets tell no more than a hundred.
            let cut = |text: String| text.chars().take(8000).collect::<String>();
            panic!("{about}: {}\nfor {}", cut(reason.to_string()), cut(format!("{value:?}")))
        }
        Err(TestError::Abort(reason)) => panic!("{about}: {reason}"),
    }
}
