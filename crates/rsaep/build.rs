//! Tells the code how it is optimised, because stack frames depend on it: src/traces.rs, src/x86_64/cpu.rs.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(rsaep_optimised)");
    println!("cargo::rustc-check-cfg=cfg(rsaep_optimised_for_speed)");
    let level = std::env::var("OPT_LEVEL").unwrap_or_default();
    if matches!(level.as_str(), "1" | "2" | "3" | "s" | "z") {
        println!("cargo::rustc-cfg=rsaep_optimised");
    }
    if matches!(level.as_str(), "2" | "3") {
        println!("cargo::rustc-cfg=rsaep_optimised_for_speed");
    }
}
