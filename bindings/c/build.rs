//! Gives the shared library its versioned name, by which the loader finds it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Symbols and numbers are only added: the number of this name, which is its own, goes up when one
    // of them or a struct changes or goes.
    let elf = ["linux", "android", "freebsd", "netbsd", "openbsd"];
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if elf.contains(&os.as_str()) {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpwseal.so.0");
    }
}
