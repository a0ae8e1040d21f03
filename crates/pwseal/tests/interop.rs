//! The real tools: OpenSSL's command line and Java's `Cipher` decrypt what is encrypted here,
//! read the keys that are written here, and, given the same random bytes, write the same
//! ciphertext. A tool that is missing fails the test.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "that is how a test fails"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{env, fs, process};

use common::certificates::odd_certificates;
use common::odd_keys::odd_keys;
use common::{
    SIZES, Stream, base64, password, path, public_key, read, read_der, read_text, unbase64,
};
use proptest::prelude::*;
use pwseal::{Password, PublicKey};

// The tools

fn run(command: &mut Command, input: &[u8]) -> Output {
    let program = command.get_program().to_owned();
    let package = match program.to_str() {
        Some("java" | "javac") => "default-jdk-headless",
        _ => "openssl",
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program:?}: {error}: install the Debian package {package}")
        });
    // A program that refuses its key does not read its input.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
    child.wait_with_output().expect("it ends")
}

/// The standard output of `openssl`, or its standard error if it failed.
fn openssl<'a>(
    args: impl IntoIterator<Item = &'a str>,
    file: &Path,
    input: &[u8],
) -> Result<Vec<u8>, String> {
    let output = run(
        Command::new("openssl").args(args).arg("-inkey").arg(file),
        input,
    );
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn openssl_decrypt(bits: usize, ciphertext: &[u8]) -> Result<Vec<u8>, String> {
    let key = path(&format!("rsa{bits}.private.pem"));
    openssl(["pkeyutl", "-decrypt"], &key, ciphertext)
}

/// A folder that is removed when it is dropped.
struct TempDir(PathBuf);

impl TempDir {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("pwseal-{name}-{}", process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a temporary file");
        path
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `java/Peer.java`, compiled and running.
struct Java {
    _child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// One JVM serves all tests. It ends when its standard input does, with this process.
static JAVA: LazyLock<Mutex<Java>> = LazyLock::new(|| Mutex::new(Java::start()));

impl Java {
    fn start() -> Self {
        let classes = TempDir::new("java");
        let source = path("../java/Peer.java");
        let compiled = run(
            Command::new("javac").arg("-d").arg(&classes.0).arg(source),
            b"",
        );
        let messages = String::from_utf8_lossy(&compiled.stderr);
        assert!(compiled.status.success(), "javac: {messages}");

        let mut child = Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-cp"])
            .arg(&classes.0)
            .arg("Peer")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("java: {error}: install the Debian package default-jdk-headless")
            });
        let mut java = Self {
            stdin: child.stdin.take().expect("it is piped"),
            stdout: BufReader::new(child.stdout.take().expect("it is piped")),
            _child: child,
        };
        // Its classes are loaded when it has answered once, and the folder may go.
        let key = base64(&public_key(1024).to_spki_der());
        let stream = base64(&[1; 256]);
        let warm = java.ask(&format!("inject {key} YQ== {stream}"));
        assert!(warm.is_ok(), "{warm:?}");
        java
    }

    fn ask(&mut self, request: &str) -> Result<Vec<u8>, String> {
        writeln!(self.stdin, "{request}").expect("Java reads");
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).expect("Java answers");
        match answer.trim_end().split_once(' ') {
            Some(("ok", "-")) => Ok(vec![]),
            Some(("ok", result)) => Ok(unbase64(result)),
            Some(("error", message)) => Err(message.to_owned()),
            _ => panic!("Java answers {answer:?}"),
        }
    }
}

/// Sends `java/Peer.java` one request.
fn java(request: &str, arguments: &[&[u8]]) -> Result<Vec<u8>, String> {
    let arguments = arguments.iter().map(|bytes| match bytes {
        [] => "-".to_owned(),
        bytes => base64(bytes),
    });
    let line: Vec<String> = [request.to_owned()].into_iter().chain(arguments).collect();
    let mut java = JAVA.lock().unwrap_or_else(PoisonError::into_inner);
    java.ask(&line.join(" "))
}

// What is encrypted here is decrypted there

/// ASCII, several bytes to a character, one byte, the longest.
fn passwords(key: &PublicKey) -> [Vec<u8>; 4] {
    let longest = key.max_password_len();
    [
        b"correct horse 7".to_vec(),
        "Grüße, 密码 🔑".into(),
        b"x".to_vec(),
        (0..=255).cycle().skip(1).take(longest).collect(),
    ]
}

#[test]
fn openssl_decrypts_what_is_encrypted() {
    for bits in SIZES {
        let key = public_key(bits);
        for plaintext in passwords(&key) {
            let ciphertext = key.encrypt(&password(&plaintext)).unwrap();
            let found = openssl_decrypt(bits, ciphertext.as_bytes());
            assert_eq!(found, Ok(plaintext), "{bits} bits");
        }
    }
}

#[test]
fn java_decrypts_what_is_encrypted() {
    for bits in SIZES {
        let key = public_key(bits);
        let private = read_der(&format!("rsa{bits}.private.pem"));
        for plaintext in passwords(&key) {
            let ciphertext = key.encrypt(&password(&plaintext)).unwrap();
            let found = java("decrypt", &[&private, ciphertext.as_bytes()]);
            assert_eq!(found, Ok(plaintext), "{bits} bits");
        }
    }
}

#[test]
fn one_byte_too_many_is_refused_by_all_three() {
    for bits in SIZES {
        let key = public_key(bits);
        let max = key.max_password_len();
        let plaintext = vec![b'x'; max + 1];

        let ours = key.encrypt(&password(&plaintext)).unwrap_err();
        assert_eq!(
            ours.to_string(),
            format!(
                "the password has {} bytes; the longest that this key can encrypt has {max}",
                max + 1
            )
        );
        assert_eq!(
            java("encrypt", &[&key.to_spki_der(), &plaintext]),
            Err(format!("Data must not be longer than {max} bytes"))
        );
        let file = path(&format!("rsa{bits}.spki.pem"));
        let theirs = openssl(["pkeyutl", "-encrypt", "-pubin"], &file, &plaintext).unwrap_err();
        assert!(theirs.contains("data too large for key size"), "{theirs}");
    }
}

// Keys

#[test]
fn both_read_the_keys_that_are_written_and_agree_on_the_fingerprint() {
    let dir = TempDir::new("keys");
    for bits in SIZES {
        let key = public_key(bits);
        let der = key.to_spki_der();
        assert_eq!(java("key", &[&der]).as_ref(), Ok(&der));

        let file = dir.file("key.der", &der);
        let args = ["pkey", "-pubin", "-inform", "DER", "-outform", "DER", "-in"];
        let written = run(Command::new("openssl").args(args).arg(file), b"").stdout;
        assert_eq!(written, der);
        let digest = run(
            Command::new("openssl").args(["dgst", "-sha256", "-r"]),
            &written,
        );
        let digest = String::from_utf8(digest.stdout).unwrap();
        assert!(digest.starts_with(&key.fingerprint().to_string()));

        // And the other way round.
        let theirs = run(
            Command::new("openssl")
                .args(["pkey", "-pubout", "-in"])
                .arg(path(&format!("rsa{bits}.private.pem"))),
            b"",
        );
        assert_eq!(PublicKey::parse(theirs.stdout), Ok(key));
    }
}

#[test]
fn a_key_accepted_here_is_the_same_key_there() {
    let dir = TempDir::new("odd");
    let stream: Vec<u8> = (1..=255).cycle().take(8192).collect();
    for odd in odd_keys().iter().filter(|odd| odd.expected.is_ok()) {
        // However it came: both are given the form that is written here.
        let key = PublicKey::parse(&odd.der).unwrap();
        let der = key.to_spki_der();
        let ours = key.encrypt_with_rng(&mut Stream(&stream), &password(b"pw"));
        let ours = ours.unwrap().into_bytes();

        let context = format!("{}, {} bits", odd.name, key.bits());
        assert_eq!(
            java("inject", &[&der, b"pw", &stream]).as_ref(),
            Ok(&ours),
            "{context}"
        );
        let file = dir.file("key.der", &der);
        assert_eq!(
            openssl_encrypt_block(&file, &em(key.size(), &stream, b"pw")),
            Ok(ours),
            "{context}"
        );
    }
    // Without NULL as it came, because that is accepted on their word.
    let odd = odd_keys();
    let odd = odd.iter().find(|odd| odd.name == "no parameters").unwrap();
    assert!(java("key", &[&odd.der]).is_ok());
    let file = dir.file("key.der", &odd.der);
    let block = em(256, &stream, b"pw");
    assert!(openssl_encrypt_block(&file, &block).is_ok());
}

#[test]
fn a_certificate_holds_the_key_that_openssl_finds_in_it() {
    let file = path("rsa2048.certificate.pem");
    let args = ["x509", "-pubkey", "-noout", "-in"];
    let theirs = run(Command::new("openssl").args(args).arg(file), b"").stdout;
    let ours = PublicKey::parse(read("rsa2048.certificate.pem"));
    assert_eq!(ours, PublicKey::parse(theirs));
}

/// A certificate is read here if OpenSSL or Java reads it, and holds the same key for all.
#[test]
fn a_certificate_with_odd_fields_is_read_if_openssl_or_java_reads_it() {
    let dir = TempDir::new("certificates");
    let key = public_key(2048);
    let mut counts = [0; 2];
    for (name, der) in odd_certificates() {
        assert_eq!(PublicKey::parse(&der).as_ref(), Ok(&key), "{name}");
        let file = dir.file("certificate.der", &der);
        let by_openssl = openssl_public_key("x509 -inform DER -noout -pubkey", &file);
        let by_java = java("certificate", &[&der]).ok();
        let by_java = by_java.map(|spki| PublicKey::from_spki_der(&spki).unwrap());
        for (count, theirs) in counts.iter_mut().zip([by_openssl, by_java]) {
            if let Some(theirs) = theirs {
                assert_eq!(theirs, key, "{name}");
                *count += 1;
            }
        }
    }
    // They do read most of them.
    println!("{counts:?}");
    assert!(counts.iter().all(|count| *count > 80), "{counts:?}");
}

// Same stream, same bytes

/// EM as RFC 8017 writes it, with the stream's first bytes other than zero as PS.
fn em(size: usize, stream: &[u8], message: &[u8]) -> Vec<u8> {
    let ps = stream.iter().copied().filter(|byte| *byte != 0);
    let ps: Vec<u8> = ps.take(size - 3 - message.len()).collect();
    [&[0, 2], &ps[..], &[0], message].concat()
}

fn openssl_encrypt_block(key: &Path, em: &[u8]) -> Result<Vec<u8>, String> {
    let args = "pkeyutl -encrypt -pubin -keyform DER -pkeyopt rsa_padding_mode:none";
    openssl(args.split(' '), key, em)
}

/// Random bytes with many zeros, alone and in runs. A run is short, and bytes other than zero
/// follow it, so that the draws allowed suffice wherever PS ends: at worst a run of 30 is drawn
/// one by one, the run before it in draws of 17, the one before that in draws of 33, ...
fn stream_with_zeros() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::collection::vec(any::<u8>(), 1..40),
        2 => (1_usize..=30).prop_map(|zeros| [&vec![0; zeros][..], &[1; 16]].concat()),
        1 => (1_usize..40).prop_map(|pairs| [0, 1].repeat(pairs)),
    ];
    // Long enough for PS of any key here, and for the bytes that Java draws and drops.
    prop::collection::vec(piece, 10..40).prop_map(|pieces| {
        let mut stream = pieces.concat();
        stream.extend((1..=255).cycle().take(2048));
        stream
    })
}

fn assert_java_agrees(key: &PublicKey, message: &[u8], stream: &[u8], name: &str) -> Vec<u8> {
    let ours = key
        .encrypt_with_rng(&mut Stream(stream), &password(message))
        .unwrap();
    let theirs = java("inject", &[&key.to_spki_der(), message, stream]);
    assert_eq!(theirs.as_deref(), Ok(ours.as_bytes()), "{name}");
    ours.into_bytes()
}

#[test]
fn java_given_the_same_stream_writes_the_same_bytes() {
    let ones: Vec<u8> = (1..=255).cycle().take(4096).collect();
    let zeros = [0; 400];
    for key in SIZES.map(public_key) {
        let size = key.size();
        let ps = size - 3 - 10;
        let at =
            |position: usize, zeros: &[u8]| [&ones[..position], zeros, &ones[position..]].concat();
        let streams = [
            ("no zeros", ones.clone()),
            ("one zero first", at(0, &[0])),
            ("one zero last", at(ps - 1, &[0])),
            ("one zero after PS", at(ps, &[0])),
            ("many zeros first", at(0, &zeros)),
            ("many zeros in the middle", at(ps / 2, &zeros)),
            // Drawn one by one, and so at most 63.
            ("many zeros at the end", at(ps - 1, &zeros[..63])),
            (
                "every other byte zero",
                ones.iter().flat_map(|byte| [0, *byte]).collect(),
            ),
        ];
        for (name, stream) in streams {
            for message in [&b"ten bytes!"[..], b"x", &vec![b'm'; size - 11], b""] {
                assert_java_agrees(&key, message, &stream, name);
            }
        }
    }
}

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(300))]

    #[test]
    fn java_given_any_stream_writes_the_same_bytes(
        bits in prop::sample::select(&SIZES[..]),
        message in prop::collection::vec(any::<u8>(), 0..=117),
        stream in stream_with_zeros(),
    ) {
        assert_java_agrees(&public_key(bits), &message, &stream, "random");
    }
}

#[test]
fn openssl_given_the_padded_block_writes_the_same_bytes() {
    let dir = TempDir::new("blocks");
    // Zeros at the start, in the middle, and alone.
    let stream: Vec<u8> = [0; 50]
        .into_iter()
        .chain(0..=255)
        .chain([0; 50])
        .chain((0..=255).cycle().take(1024))
        .collect();
    for key in SIZES.map(public_key) {
        let file = dir.file("key.der", &key.to_spki_der());
        for message in passwords(&key) {
            let block = em(key.size(), &stream, &message);
            assert_eq!(block.len(), key.size());
            let ours = key
                .encrypt_with_rng(&mut Stream(&stream), &Password::new(&message).unwrap())
                .unwrap();
            let theirs = openssl_encrypt_block(&file, &block);
            assert_eq!(
                theirs.as_deref(),
                Ok(ours.as_bytes()),
                "{} bits",
                key.bits()
            );
        }
    }
}

// Files that nobody here wrote

/// How one program takes a file: as an RSA public key, or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Key,
    Refused,
    /// Java has no reader of PEM and no command for certificates.
    NotAsked,
}

impl Verdict {
    fn of(found: Option<PublicKey>, ours: &Result<PublicKey, pwseal::Error>, name: &str) -> Self {
        match (found, ours) {
            (None, _) => Self::Refused,
            (Some(theirs), Ok(ours)) => {
                assert_eq!(*ours, theirs, "{name}: another key");
                Self::Key
            }
            (Some(_), Err(_)) => Self::Key,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Refused => "refused",
            Self::NotAsked => "-",
        })
    }
}

/// What OpenSSL finds in a file, if it is a key for RSA encryption.
fn openssl_public_key(args: &str, file: &Path) -> Option<PublicKey> {
    let args = args.split(' ').map(std::ffi::OsStr::new);
    let output = run(Command::new("openssl").args(args).arg("-in").arg(file), b"");
    PublicKey::parse(output.stdout).ok()
}

/// The verdicts on a file of ours, OpenSSL's and Java's.
fn verdicts(dir: &TempDir, name: &str, content: &[u8]) -> [Verdict; 3] {
    let ours = PublicKey::parse(content);
    let file = dir.file("file", content);
    let theirs = match name.starts_with("asymmetric/") {
        true => openssl_public_key("pkey -pubin -pubout", &file),
        // What OpenSSL says of a private key depends on its version; it is refused here in any case.
        false => openssl_public_key("x509 -noout -pubkey", &file).or_else(|| {
            let is_asked = ours != Err(pwseal::Error::PrivateKey);
            is_asked.then(|| openssl_public_key("pkey -pubin -pubout", &file))?
        }),
    };
    let by_java = match content.first() {
        Some(0x30) if name.starts_with("asymmetric/") => {
            let der = java("key", &[content]).ok();
            let key = der.map(|der| PublicKey::parse(der).expect("Java writes good keys"));
            Verdict::of(key, &ours, name)
        }
        _ => Verdict::NotAsked,
    };
    let by_openssl = Verdict::of(theirs, &ours, name);
    let by_us = match ours {
        Ok(_) => Verdict::Key,
        Err(_) => Verdict::Refused,
    };
    [by_us, by_openssl, by_java]
}

/// The version of OpenSSL, such as 3.5, as numbers.
fn openssl_version() -> Vec<u32> {
    let output = run(Command::new("openssl").arg("version"), b"").stdout;
    let output = String::from_utf8(output).expect("text");
    let version = output.split(' ').nth(1).expect("OpenSSL and its version");
    version_numbers(version)
}

fn version_numbers(version: &str) -> Vec<u32> {
    let numbers = version.split('.').map(str::parse);
    numbers.map(|number| number.expect("a number")).collect()
}

/// Compares the verdicts on files with a table that has a line `FILE OURS OPENSSL JAVA: REASON` for
/// each that is not taken alike, or `FILE OURS OPENSSL JAVA: since VERSION: REASON` if it is so since a
/// version of OpenSSL. Returns how many are keys here, and how many are refused.
fn compare_verdicts(name: &str, files: impl Iterator<Item = (String, Vec<u8>)>) -> [usize; 2] {
    let dir = TempDir::new(name);
    let mut counts = [0; 2];
    let mut found = Vec::new();
    for (name, content) in files {
        let [ours, openssl, java] = verdicts(&dir, &name, &content);
        counts[usize::from(ours == Verdict::Refused)] += 1;
        if openssl != ours || (java != ours && java != Verdict::NotAsked) {
            found.push(format!("{name} {ours} {openssl} {java}"));
        }
    }
    let version = openssl_version();
    let table = read_text(&format!("{name}-differences.txt"));
    let listed: Vec<&str> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (verdicts, reason) = line.split_once(": ").expect("a reason");
            assert!(!reason.is_empty());
            let since = reason
                .strip_prefix("since ")
                .and_then(|rest| rest.split(':').next());
            let holds = since.is_none_or(|since| version >= version_numbers(since));
            holds.then_some(verdicts)
        })
        .collect();
    found.sort();
    assert_eq!(found, listed, "\n{}", found.join("\n"));
    counts
}

#[test]
fn the_key_files_of_pyca_are_taken_as_openssl_and_java_take_them() {
    let files = read_text("pyca-keys.txt");
    let files = files.lines().map(|line| {
        let (name, content) = line.split_once(' ').expect("a name and base64");
        (name.to_owned(), unbase64(content))
    });
    let [keys, refused] = compare_verdicts("pyca-keys", files);
    assert_eq!([keys, refused], [7, 80]);
}

/// Keys and certificates of other projects and root stores, which are too many to be here:
/// `tests/long corpora` fetches them. Each folder in the one named is a corpus.
#[test]
#[ignore = "reads the folder that CORPORA names"]
fn corpora_are_taken_as_openssl_takes_them() {
    let root = PathBuf::from(env::var_os("CORPORA").expect("a folder of corpora"));
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    let files = files.into_iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        (name.to_owned(), fs::read(&path).unwrap())
    });
    let [keys, refused] = compare_verdicts("corpora", files);
    assert!(
        keys > 700 && refused > 1000,
        "{keys} keys, {refused} refused"
    );
}
