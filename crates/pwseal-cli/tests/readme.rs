//! The console examples of the README, run where a reader runs them.

#[test]
fn console_examples() {
    std::env::set_current_dir("../..").expect("the top of the repository");
    trycmd::TestCases::new().case("README.md");
}
