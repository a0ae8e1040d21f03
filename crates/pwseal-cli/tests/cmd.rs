//! Command lines as data: arguments, standard input, exact output (`tests/cmd/`).

#[test]
fn command_lines() {
    trycmd::TestCases::new()
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
