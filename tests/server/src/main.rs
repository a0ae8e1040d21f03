//! The server for tests that are not in Rust. It prints its base URL and the bearer token that it takes. Then it answers each
//! account id that comes on a line of standard input with the password that the account has now, in hexadecimal, on a line that
//! is empty where it has none. It ends when standard input does.

use std::io::{Write as _, stdin, stdout};

use pwseal_test_server::{Server, TOKEN, Trouble};

fn main() -> std::io::Result<()> {
    let server = Server::start(Trouble::Busy);
    let mut out = stdout();
    writeln!(out, "{} {TOKEN}", server.url())?;
    for account in stdin().lines() {
        let password = server.password(&account?).unwrap_or_default();
        let hex: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "{hex}")?;
    }
    Ok(())
}
