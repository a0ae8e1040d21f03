//! The arrows between the crates point one way, and the default tree holds what was reviewed.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

/// A crate may depend on crates of lower layers only. What is not listed is no library of this
/// workspace, or it is a test, benchmark or fuzz package at the very top.
const LAYERS: [&[&str]; 5] = [
    &["rsaep"],
    &["pwseal"],
    &["pwseal-api"],
    &["pwseal-cli"],
    &["pwseal-c", "pwseal-python"],
];

/// Crates that exist to talk to a network, or bring a whole stack that does. The list of
/// reviewed crates must not hold one even if somebody adds it there.
const NETWORK: [&str; 16] = [
    "async-std",
    "curl",
    "h2",
    "hyper",
    "isahc",
    "mio",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "ureq",
];

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// Every dependency from one crate of the workspace on another that does not go downwards.
/// Development dependencies are free: tests may look from anywhere.
fn arrows_that_point_up(metadata: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let from = package["name"].as_str().expect("a name");
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        for dependency in dependencies.iter().filter(|d| d["kind"] != "dev") {
            let to = dependency["name"].as_str().expect("a name");
            match (layer(from), layer(to)) {
                (Some(above), Some(below)) if above <= below => {
                    wrong.push(format!("{from} -> {to}"));
                }
                _ => {}
            }
        }
    }
    wrong
}

#[test]
fn arrows_between_crates_point_downwards() {
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");

    let names: BTreeSet<&str> = metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    for name in [
        "rsaep",
        "pwseal",
        "pwseal-api",
        "pwseal-cli",
        "pwseal-c",
        "pwseal-python",
    ] {
        assert!(names.contains(name), "{name} is gone: is it renamed?");
    }
    assert_eq!(arrows_that_point_up(&metadata), [""; 0]);
}

#[test]
fn an_arrow_that_points_up_is_found() {
    let package = |name, dependency, kind: Option<&str>| json!({"name": name, "dependencies": [{"name": dependency, "kind": kind}]});
    let metadata = json!({"packages": [
        package("rsaep", "pwseal", None),
        package("pwseal", "pwseal", Some("build")),
        package("pwseal-api", "pwseal", None),
        package("pwseal", "pwseal-api", Some("dev")),
        package("rsaep", "zeroize", None),
    ]});
    assert_eq!(
        arrows_that_point_up(&metadata),
        ["rsaep -> pwseal", "pwseal -> pwseal"]
    );
}

/// The kinds of platforms for which the dependencies of a crate may differ. Not `--target all`, which lists what some crate takes
/// on one system though it is itself taken on another alone.
const PLATFORMS: [&str; 10] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "s390x-unknown-linux-gnu",
    "wasm32-unknown-unknown",
    "x86_64-pc-windows-gnu",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-freebsd",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
];

/// `name feature,feature` of every crate that a default build of a package takes, on any
/// platform, build dependencies included.
fn default_tree(package: &str) -> BTreeSet<String> {
    PLATFORMS
        .iter()
        .flat_map(|platform| tree_on(package, platform))
        .collect()
}

fn tree_on(package: &str, platform: &str) -> Vec<String> {
    let tree = cargo(&[
        "tree",
        "--locked",
        "--package",
        package,
        "--edges",
        "normal,build",
        "--target",
        platform,
        "--prefix",
        "none",
        "--format",
        "{p} {f}",
        "--no-dedupe",
    ]);
    tree.lines()
        .map(|line| {
            let mut words = line.split(' ').filter(|word| !word.starts_with('('));
            let name = words.next().expect("a name");
            let features = words.nth(1).unwrap_or_default();
            format!("{name} {features}").trim_end().to_owned()
        })
        .collect()
}

#[test]
fn the_default_tree_holds_only_crates_that_were_reviewed() {
    let reviewed: BTreeSet<&str> = include_str!("default-tree.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    let names: BTreeSet<String> = default_tree("pwseal-cli")
        .iter()
        .filter_map(|line| Some(line.split(' ').next()?.to_owned()))
        .collect();
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();

    let new: Vec<_> = names.difference(&reviewed).collect();
    assert!(
        new.is_empty(),
        "not in tests/tests/default-tree.txt: {new:?}"
    );
    let gone: Vec<_> = reviewed.difference(&names).collect();
    assert!(
        gone.is_empty(),
        "no longer needed in default-tree.txt: {gone:?}"
    );
    let count = format!(
        "(`tests/tests/default-tree.txt`: {} on all platforms",
        reviewed.len()
    );
    assert!(
        include_str!("../../README.md").contains(&count),
        "the README says another number"
    );
    for name in NETWORK {
        assert!(!reviewed.contains(name), "{name} can open a socket");
    }
}

#[test]
fn the_system_call_wrapper_is_built_without_sockets() {
    let tree = default_tree("pwseal-cli");
    let rustix = tree
        .iter()
        .find(|line| line.starts_with("rustix "))
        .expect("rustix with features");
    let features: Vec<&str> = rustix.split([' ', ',']).skip(1).collect();
    assert!(features.contains(&"termios"), "{rustix}");
    assert!(!features.contains(&"net"), "{rustix}");
}

#[test]
fn the_core_takes_no_crate_of_the_layers_above() {
    for name in default_tree("pwseal") {
        for foreign in ["clap", "serde", "serde_json", "std", "rsa"] {
            assert_ne!(name.split(' ').next(), Some(foreign));
        }
    }
}

/// Crates of the default tree that run a program of theirs while they are built, which somebody has
/// read: they ask the compiler for its version and features, name libraries of Windows that are there or come with the crate, and give
/// `pwseal.exe` its manifest.
const BUILD_SCRIPTS: [&str; 15] = [
    "getrandom",
    "libc",
    "portable-atomic",
    "proc-macro2",
    "pwseal-cli",
    "quote",
    "rsaep",
    "rustix",
    "serde",
    "serde_core",
    "serde_json",
    "signal-hook",
    "winapi",
    "winapi-x86_64-pc-windows-gnu",
    "zmij",
];

#[test]
fn build_scripts_are_those_that_were_read_and_download_nothing() {
    let metadata = cargo(&["metadata", "--format-version=1", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let tree = default_tree("pwseal-cli");
    let names: BTreeSet<&str> = tree
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let mut found = BTreeSet::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        for target in package["targets"].as_array().expect("targets") {
            if !names.contains(name) || target["kind"][0] != "custom-build" {
                continue;
            }
            let source = target["src_path"].as_str().expect("a path");
            let source = std::fs::read_to_string(source).expect("a source");
            for network in ["std::net", "TcpStream", "UdpSocket", "curl", "wget"] {
                assert!(!source.contains(network), "{name}: {network}");
            }
            found.insert(name);
        }
    }
    // Other versions of these, outside of the default tree, may have one too.
    let unread: Vec<_> = found.difference(&BUILD_SCRIPTS.into()).copied().collect();
    assert_eq!(unread, [""; 0], "read their build.rs");
}
