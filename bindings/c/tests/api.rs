//! Builds the test programs and the README's as their users would, runs them, and lets OpenSSL
//! decrypt what they encrypted.
#![cfg(target_os = "linux")]
#![expect(clippy::panic, reason = "a test may panic: that is how it fails")]

mod cases;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");
const PUBLIC_KEY: &str = "../../examples/public-key.pem";
const INFO: &str = "../../examples/password-info.json";
const PRIVATE_KEY: &str = "../../examples/private-key.pem";

fn run<S: AsRef<OsStr>>(program: impl AsRef<OsStr>, args: impl IntoIterator<Item = S>) -> Vec<u8> {
    let program = program.as_ref();
    let output = Command::new(program)
        .args(args)
        .current_dir(CRATE)
        .output()
        .unwrap_or_else(|error| panic!("{program:?} must be installed: {error}"));
    assert!(
        output.status.success(),
        "{program:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Where Cargo puts the libraries. It does not build them for a test by itself, as Rust
/// cannot link to them.
static LIBRARIES: LazyLock<PathBuf> = LazyLock::new(|| {
    let build = [
        "build",
        "--locked",
        "--package=pwseal-c",
        "--message-format=json",
    ];
    let messages = String::from_utf8(run(env!("CARGO"), build)).expect("text");
    let library = messages
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .find(|message: &Value| message["target"]["name"] == "pwseal_c")
        .expect("a message about the library");
    let file = library["filenames"][0].as_str().expect("a path");
    Path::new(file).parent().expect("a directory").into()
});

/// The shared library by the names that an installation gives it: to the linker and to the loader.
static SHARED: LazyLock<PathBuf> = LazyLock::new(|| {
    let directory = directory("shared");
    for name in ["libpwseal.so", "libpwseal.so.0"] {
        let link = directory.join(name);
        let _ = fs::remove_file(&link);
        symlink(LIBRARIES.join("libpwseal_c.so"), link).expect("a link");
    }
    directory
});

/// A new directory for the files of one test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&directory).expect("a directory");
    directory
}

/// How a program takes the library.
enum Linkage {
    Static,
    Shared,
}

/// Compiles and links one source file, with every warning an error.
fn build(compiler: &str, flags: &[&str], source: &Path, linkage: &Linkage, program: &Path) {
    let link = match linkage {
        Linkage::Static => {
            let library = LIBRARIES.join("libpwseal_c.a");
            vec![library.display().to_string(), "-lm".into()]
        }
        Linkage::Shared => {
            let directory = SHARED.display();
            vec![
                format!("-L{directory}"),
                "-lpwseal".into(),
                format!("-Wl,-rpath,{directory}"),
            ]
        }
    };
    let mut args: Vec<String> = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude"]
        .iter()
        .chain(flags)
        .map(|&flag| flag.into())
        .collect();
    args.push(source.display().to_string());
    // What follows is a library, in whatever language the source is.
    args.extend(["-x".into(), "none".into()]);
    args.extend(link);
    // `-rdynamic` lets the library find the random source of the tests.
    args.extend(["-pthread", "-ldl", "-rdynamic", "-o"].map(String::from));
    args.push(program.display().to_string());
    run(compiler, args);
}

fn decrypt(ciphertext: &Path) -> Vec<u8> {
    let ciphertext = ciphertext.to_str().expect("UTF-8");
    let key = ["-inkey", PRIVATE_KEY];
    run(
        "openssl",
        ["pkeyutl", "-decrypt", "-in", ciphertext]
            .iter()
            .chain(&key),
    )
}

fn decrypt_base64(text: &Path) -> Vec<u8> {
    let bytes = text.with_extension("bytes");
    let [from, to] = [text, &bytes].map(|path| path.to_str().expect("UTF-8"));
    run("openssl", ["base64", "-d", "-A", "-in", from, "-out", to]);
    decrypt(&bytes)
}

/// The test programs in one language, against one kind of library.
fn test_programs(name: &str, compiler: &str, flags: &[&str], linkage: &Linkage) {
    let directory = directory(name);
    let file = |name| directory.join(name).to_str().expect("UTF-8").to_owned();
    let built = |program: &str, source: &str| {
        let program = directory.join(program);
        build(compiler, flags, Path::new(source), linkage, &program);
        program
    };
    let out = file("out");
    fs::create_dir_all(&out).expect("a directory");

    // One key in three forms, and its fingerprint, all by OpenSSL.
    let (der, base64) = (file("key.der"), file("key.b64"));
    let spki = [
        "pkey", "-pubin", "-in", PUBLIC_KEY, "-outform", "DER", "-out", &der,
    ];
    run("openssl", spki);
    run("openssl", ["base64", "-in", &der, "-out", &base64]);
    let digest = run("openssl", ["dgst", "-sha256", "-r", &der]);
    let digest = String::from_utf8(digest).expect("text");
    let (fingerprint, _) = digest.split_once(' ').expect("a digest and a name");

    let key = built("key", "tests/key.c");
    run(&key, [fingerprint, &out, &der, &base64, PUBLIC_KEY]);
    run(built("policy", "tests/policy.c"), [""; 0]);
    run(built("exchange", "tests/exchange.c"), [INFO, &out]);
    run(built("threads", "tests/threads.c"), [INFO]);

    let out = Path::new(&out);
    let password = fs::read(out.join("password")).expect("the program wrote it");
    assert_eq!(decrypt(&out.join("ciphertext")), password);
    assert_eq!(decrypt(&out.join("ciphertext.many")), password);
    assert_eq!(decrypt_base64(&out.join("ciphertext.b64")), password);
    assert_eq!(decrypt_base64(&out.join("ciphertext.many.b64")), password);
    assert_eq!(decrypt_base64(&out.join("body.b64")), b"correct horse 7");
}

const SANITIZERS: [&str; 3] = [
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

#[test]
fn c99_with_the_static_library() {
    test_programs("c99", "cc", &["-std=c99"], &Linkage::Static);
}

#[test]
fn c11_under_sanitizers() {
    let flags = [&["-std=c11"], &SANITIZERS[..]].concat();
    test_programs("c11", "cc", &flags, &Linkage::Static);
}

#[test]
fn cxx17_with_the_shared_library() {
    let flags = ["-x", "c++", "-std=c++17"];
    test_programs("cxx17", "c++", &flags, &Linkage::Shared);
}

#[test]
fn the_wrapper_under_sanitizers() {
    let directory = directory("wrapper");
    let program = directory.join("wrapper");
    let flags = [&["-std=c++17"], &SANITIZERS[..]].concat();
    let source = Path::new("tests/wrapper.cpp");
    build("c++", &flags, source, &Linkage::Static, &program);

    let out = directory.join("out");
    fs::create_dir_all(&out).expect("a directory");
    run(&program, [INFO, out.to_str().expect("UTF-8")]);
    for name in ["wrapper", "wrapper.many"] {
        assert_eq!(decrypt(&out.join(name)), b"correct horse 7");
    }
    for name in ["wrapper.b64", "wrapper.many.b64"] {
        assert_eq!(decrypt_base64(&out.join(name)), b"correct horse 7");
    }
}

/// The warnings that programs may switch on, beside those of [`build`].
const WARNINGS: [&str; 3] = ["-Wshadow", "-Wconversion", "-Wsign-conversion"];

#[test]
fn the_headers_give_no_warnings() {
    let c = ["-x", "c", "-Wc++-compat", "-Wstrict-prototypes"];
    let cxx = ["-x", "c++", "-Wold-style-cast"];
    let twice = directory("warnings").join("twice.c");
    fs::write(&twice, "#include <pwseal.h>\n#include <pwseal.h>\n").expect("written");
    let twice = twice.to_str().expect("UTF-8");
    for (compiler, flags, standards, source) in [
        ("cc", &c[..], ["c99", "c11", "c2x"], twice),
        ("c++", &cxx, ["c++17", "c++20", "c++23"], twice),
        // It uses every template of the wrapper.
        ("c++", &[], ["c++17", "c++20", "c++23"], "tests/wrapper.cpp"),
    ] {
        for standard in standards {
            let standard = format!("-std={standard}");
            let strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wundef"];
            let args = ["-fsyntax-only", "-Iinclude", &standard, source];
            run(compiler, [flags, &strict, &WARNINGS, &args].concat());
        }
    }
}

#[test]
fn the_wrapper_takes_every_range() {
    let source = Path::new("tests/ranges.cpp");
    let program = directory("ranges").join("ranges");
    let flags = [&["-std=c++20"], &SANITIZERS[..]].concat();
    build("c++", &flags, source, &Linkage::Static, &program);
    run(&program, [""; 0]);
}

#[test]
fn the_wrapper_without_exceptions_in_hostile_surroundings() {
    let source = Path::new("tests/results.cpp");
    let program = directory("results").join("results");
    for (standard, linkage) in [
        ("-std=c++17", Linkage::Shared),
        ("-std=c++23", Linkage::Static),
    ] {
        let flags = [standard, "-fno-exceptions", "-fno-rtti"];
        build("c++", &flags, source, &linkage, &program);
        run(&program, [INFO]);
    }
}

/// What a compiler says of a few lines that use the library, with warnings as errors; nothing if they are fine.
fn refusal(compiler: &str, flags: &[&str], lines: &str) -> String {
    let header = if flags.contains(&"-DHPP") {
        "pwseal.hpp"
    } else {
        "pwseal.h"
    };
    let file = directory("misuse").join("misuse.c");
    let source = format!("#include <{header}>\nvoid f(void);\nvoid f(void)\n{{\n{lines}\n}}\n");
    fs::write(&file, source).expect("written");
    let output = Command::new(compiler)
        .args(["-c", "-Wall", "-Wextra", "-Werror", "-Iinclude", "-o"])
        .arg(directory("misuse").join("misuse.o"))
        .args(flags)
        .arg(&file)
        .current_dir(CRATE)
        .output()
        .expect("a compiler");
    assert_eq!(output.status.success(), output.stderr.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_compiler_sees_misuse() {
    const C: [&str; 3] = ["-x", "c", "-std=c99"];
    const CXX: [&str; 3] = ["-x", "c++", "-std=c++17"];
    const HPP: [&str; 4] = ["-x", "c++", "-std=c++17", "-DHPP"];
    const RESULTS: [&str; 5] = ["-x", "c++", "-std=c++17", "-DHPP", "-fno-exceptions"];
    let cases: [(&str, &[&str], &str, &str); 8] = [
        (
            "cc",
            &C,
            "pwseal_context *c; pwseal_context_new(&c);",
            "unused",
        ),
        (
            "c++",
            &CXX,
            "pwseal_context *c; pwseal_context_new(&c);",
            "unused",
        ),
        (
            "c++",
            &CXX,
            "pwseal_api *a; (void)!pwseal_api_new(PWSEAL_OPERATION_SET_PASSWORD, \"a\", 1, &a);",
            "convert",
        ),
        (
            "c++",
            &CXX,
            "pwseal_api *a; (void)!pwseal_api_new(4, \"a\", 1, &a);",
            "conversion",
        ),
        (
            "c++",
            &HPP,
            "(void)pwseal::Api::create(PWSEAL_OPERATION_SET_PASSWORD, \"a\");",
            "convert",
        ),
        (
            "c++",
            &HPP,
            "pwseal::Key::parse(std::string_view());",
            "nodiscard",
        ),
        (
            "c++",
            &RESULTS,
            "pwseal::Key::parse(std::string_view());",
            "nodiscard",
        ),
        (
            "c++",
            &RESULTS,
            "pwseal::prefer_backend_from_env();",
            "nodiscard",
        ),
    ];
    for (compiler, flags, lines, words) in cases {
        let said = refusal(compiler, flags, lines);
        assert!(said.contains(words), "{compiler} {flags:?} {lines}: {said}");
    }
    // And right use is fine, whatever standard it is.
    for standard in ["c99", "c11", "c17", "c2x"] {
        let standard = format!("-std={standard}");
        let lines =
            "pwseal_api *a; if (pwseal_api_new(PWSEAL_API_VERSION_V1, \"a\", 1, &a)) return;";
        assert_eq!(
            refusal("cc", &["-x", "c", &standard, "-Wconversion"], lines),
            ""
        );
        let ignoring = ["-x", "c", &standard, "-DPWSEAL_MUST_USE="];
        assert_eq!(refusal("cc", &ignoring, "pwseal_context_new(0);"), "");
    }
    // Only Clang looks how long what a view looks at lives.
    if Command::new("clang++").arg("--version").output().is_ok() {
        let lines = "auto b = pwseal::ChangeRequest::parse(std::string_view()).body(); (void)b;";
        assert!(refusal("clang++", &HPP, lines).contains("destroyed"));
    }
}

#[test]
fn what_is_freed_holds_no_secret() {
    let program = directory("wiped").join("wiped");
    let source = Path::new("tests/wiped.c");
    build("cc", &["-std=c99"], source, &Linkage::Static, &program);
    run(&program, [INFO]);
}

#[test]
fn memory_that_runs_out_is_a_status() {
    let program = directory("memory").join("memory");
    let source = Path::new("tests/memory.c");
    build("cc", &["-std=c99"], source, &Linkage::Static, &program);
    run(&program, [INFO]);
    let keys = "../../crates/pwseal/tests/data";
    for name in ["rsa1024", "rsa2048", "rsa3072", "rsa4096"] {
        let key = format!("{keys}/{name}.spki.pem");
        run(&program, ["first-batch", &key]);
        for backend in pwseal::Backend::available() {
            let mut command = Command::new(&program);
            command.env("PWSEAL_BACKEND", backend.name());
            let status = command.args(["first-batch", &key]).status();
            assert!(status.expect("it starts").success(), "{backend}, {name}");
        }
    }
}

#[test]
fn a_program_from_before_works_with_both_libraries() {
    let directory = directory("old");
    let flags = ["-std=c99", "-Itests/headers"];
    for linkage in [Linkage::Static, Linkage::Shared] {
        let program = directory.join("old");
        build("cc", &flags, Path::new("tests/old.c"), &linkage, &program);
        run(&program, [PUBLIC_KEY]);
    }
}

const README: &str = include_str!("../README.md");
const PROJECT_README: &str = include_str!("../../../README.md");

/// The first program in a README that is written in a language.
fn program_in<'r>(readme: &'r str, language: &str) -> &'r str {
    let start = format!("```{language}\n");
    let (_, program) = readme.split_once(&start).expect("a program");
    program.split_once("```").expect("its end").0
}

/// Builds a program that is given the example password-info as its argument, and decrypts the
/// password in the body that it prints.
fn decrypted_body(name: &str, compiler: &str, standard: &str, source: &str) -> Vec<u8> {
    let directory = directory(name);
    let file = directory.join(if compiler == "cc" {
        "program.c"
    } else {
        "program.cpp"
    });
    fs::write(&file, source).expect("written");
    let binary = directory.join("program");
    build(compiler, &[standard], &file, &Linkage::Shared, &binary);

    let info = fs::read_to_string(Path::new(CRATE).join(INFO)).expect("the example");
    let body: Value = serde_json::from_slice(&run(&binary, [info])).expect("JSON");
    let text = directory.join("ciphertext.b64");
    fs::write(&text, body["encryptedPassword"].as_str().expect("text")).expect("written");
    decrypt_base64(&text)
}

#[test]
fn the_c_program_of_the_readme() {
    let directory = directory("readme");
    let source = directory.join("program.c");
    fs::write(&source, program_in(README, "c")).expect("written");

    let binary = directory.join("program");
    build("cc", &["-std=c99"], &source, &Linkage::Shared, &binary);
    let line = run(&binary, [PUBLIC_KEY]);
    assert_eq!(line.len(), 345, "one line of 344 characters");
    let text = directory.join("ciphertext.b64");
    fs::write(&text, line.trim_ascii_end()).expect("written");
    assert_eq!(decrypt_base64(&text), b"correct horse 7");
}

#[test]
fn the_cxx_program_of_the_readme() {
    let source = program_in(README, "cpp");
    let password = decrypted_body("readme-cxx", "c++", "-std=c++17", source);
    assert_eq!(password, b"correct horse 7");
}

#[test]
fn the_cxx_lines_of_the_projects_readme() {
    let source = format!(
        r#"
#include <pwseal.hpp>

#include <iostream>
#include <string_view>

int main(int argc, char **argv)
{{
    const std::string_view json = argv[argc - 1];
    const std::string_view password = "correct7";
{}
}}
"#,
        program_in(PROJECT_README, "cpp")
    );
    let password = decrypted_body("readme-lines", "c++", "-std=c++17", &source);
    assert_eq!(password, b"correct7");
}
