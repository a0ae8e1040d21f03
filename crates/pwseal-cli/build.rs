//! Gives `pwseal.exe` a manifest: UTF-8 as its code page, and paths of more than 260 characters.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() {
        embed_manifest::embed_manifest(embed_manifest::new_manifest("pwseal"))
            .expect("the manifest is written where Cargo says");
    }
}
