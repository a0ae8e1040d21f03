//! Runs `subject`, alone or under another program.
#![allow(clippy::panic, reason = "that is how a test fails")]

use std::cell::Cell;
use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use base64::Engine as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};

/// A file of this repository.
pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(name)
}

/// The library that is preloaded into `subject`.
pub(crate) static SHIM: LazyLock<PathBuf> = LazyLock::new(|| {
    let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shim.so");
    let status = Command::new("cc")
        .args([
            "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o",
        ])
        .arg(&library)
        .arg(file("tests/subject/shim.c"))
        .status()
        .expect("a C compiler: install the Debian package gcc");
    assert!(status.success(), "are valgrind's headers installed?");
    library
});

/// The keys by their length, with their private halves.
pub(crate) struct Key {
    pub(crate) public: PathBuf,
    private: RsaPrivateKey,
}

impl Key {
    pub(crate) fn example() -> Self {
        Self::new("examples/public-key.pem", "examples/private-key.pem")
    }

    pub(crate) fn of(bits: usize) -> Self {
        let [public, private] = ["spki", "private"]
            .map(|kind| format!("crates/pwseal/tests/data/rsa{bits}.{kind}.pem"));
        Self::new(&public, &private)
    }

    fn new(public: &str, private: &str) -> Self {
        let pem = std::fs::read_to_string(file(private)).expect("a key");
        let private = RsaPrivateKey::from_pkcs8_pem(&pem).expect("a key");
        Self {
            public: file(public),
            private,
        }
    }

    pub(crate) fn size(&self) -> usize {
        self.private.size()
    }

    /// EM, the padded message, of a ciphertext in bytes or base64.
    pub(crate) fn padded(&self, ciphertext: &[u8]) -> Vec<u8> {
        let engine = base64::engine::general_purpose::STANDARD;
        let ciphertext = match ciphertext.len() {
            len if len == self.size() => ciphertext.to_vec(),
            _ => engine.decode(ciphertext).expect("base64"),
        };
        let em = BigUint::from_bytes_be(&ciphertext).modpow(self.private.d(), self.private.n());
        let em = em.to_bytes_be();
        [vec![0; self.size() - em.len()], em].concat()
    }

    pub(crate) fn modulus(&self) -> &BigUint {
        self.private.n()
    }

    /// What the arithmetic goes through on its way from `m` to `m^e`: all powers but the last one,
    /// which is the ciphertext, modulo n.
    pub(crate) fn powers(&self, m: &[u8]) -> Vec<BigUint> {
        let (m, n, e) = (
            BigUint::from_bytes_be(m),
            self.private.n(),
            self.private.e(),
        );
        let mut powers = vec![m.clone()];
        for bit in (0..e.bits() - 1).rev() {
            let square = powers[powers.len() - 1].modpow(&2_u8.into(), n);
            powers.push(square);
            if (e >> bit) % 2_u8 == 1_u8.into() {
                powers.push(powers[powers.len() - 1].clone() * &m % n);
            }
        }
        powers.pop();
        powers
    }
}

/// The program in Rust.
pub(crate) const SUBJECT: &str = env!("CARGO_BIN_EXE_subject");

/// The same in C.
pub(crate) static SUBJECT_C: LazyLock<PathBuf> =
    LazyLock::new(|| c_program("subject", STATIC, &["-Wl,-z,now"]));

/// The library of the C interface.
pub(crate) const STATIC: &str = "libpwseal_c.a";
const SHARED: &str = "libpwseal_c.so";

/// A program in C, of `tests/subject`, with the library.
pub(crate) fn c_program(name: &str, library: &str, flags: &[&str]) -> PathBuf {
    let profile = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "--package=pwseal-c",
            "--profile",
            profile,
        ])
        .status();
    assert!(built.expect("cargo runs").success());
    let program = format!("{name}-with-{library}{}", flags.concat());
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(program);
    let status = Command::new("cc")
        .args(["-Wall", "-Wextra", "-Werror", "-O1", "-rdynamic"])
        .args(flags)
        .arg(format!(
            "-DINFO=\"{}\"",
            file("examples/password-info.json").display()
        ))
        .arg("-I")
        .arg(file("bindings/c/include"))
        .arg(file("tests/subject").join(name).with_extension("c"))
        .arg(beside_subject(library))
        .args(["-lm", "-ldl", "-pthread", "-o"])
        .arg(&program)
        .status();
    assert!(status.expect("a C compiler").success());
    program
}

/// What cargo builds is beside the program in Rust.
fn beside_subject(library: &str) -> PathBuf {
    Path::new(SUBJECT).with_file_name(library)
}

/// A program in C that finds each function of the shared library when it first calls it. With [`says_calls`] the
/// dynamic linker says so on standard error.
pub(crate) fn c_program_bound_lazily(name: &str) -> PathBuf {
    c_program(name, SHARED, &["-Wl,-z,lazy"])
}

/// The environment of such a program.
pub(crate) fn says_calls() -> [(&'static str, &'static str); 2] {
    static LIBRARY: LazyLock<String> =
        LazyLock::new(|| beside_subject(SHARED).display().to_string());
    [("LD_PRELOAD", &LIBRARY), ("LD_DEBUG", "bindings")]
}

/// The functions of the C interface that it did not call.
pub(crate) fn not_called(log: &[u8]) -> Vec<String> {
    let log = String::from_utf8_lossy(log);
    let library = format!("/{SHARED} [");
    let calls: HashSet<&str> = log
        .lines()
        .filter_map(|line| {
            let (from, to) = line.split_once("] to ")?;
            // And not what the library binds of its own.
            (!from.contains(&library)).then(|| to.split(['`', '\'']).nth(1))?
        })
        .collect();
    let mut functions = c_functions();
    assert!(functions.len() > 80, "{functions:?}");
    functions.retain(|name| !calls.contains(name.as_str()));
    functions
}

/// A program in C, of `tests/subject`, that looks at another.
pub(crate) fn tool(name: &str) -> PathBuf {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let status = Command::new("cc")
        .args(["-Wall", "-Wextra", "-Werror", "-O1", "-o"])
        .arg(&program)
        .arg(file("tests/subject").join(name).with_extension("c"))
        .status();
    assert!(status.expect("a C compiler").success());
    program
}

/// The functions of the C interface.
fn c_functions() -> Vec<String> {
    let header = std::fs::read_to_string(file("bindings/c/include/pwseal.h")).expect("the header");
    let code = header.lines().filter(|line| !line.starts_with(" *"));
    let names = code.filter_map(|line| {
        let (before, _) = line.split_once('(')?;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with("pwseal_").then(|| name.to_owned())
    });
    names.collect()
}

/// `subject` with what comes before and after the mode.
pub(crate) struct Subject<'a> {
    /// It, and perhaps the program that runs it.
    pub(crate) program: &'a [&'a str],
    pub(crate) scenario: &'a str,
    pub(crate) backend: &'a str,
    pub(crate) key: &'a Key,
    pub(crate) env: &'a [(&'a str, &'a str)],
}

/// A process that stands still, and is ended with this.
pub(crate) struct Still(pub(crate) Child);

impl Subject<'_> {
    /// What it prints, backend and results.
    pub(crate) fn print(&self, passwords: &[Vec<u8>]) -> (String, Vec<Vec<u8>>) {
        let output = self
            .start("print", passwords)
            .wait_with_output()
            .expect("it ends");
        assert!(
            output.status.success(),
            "{}: {}",
            self.scenario,
            output.status
        );
        let text = String::from_utf8(output.stdout).expect("text");
        let mut lines = text.lines();
        let backend = lines.next().expect("a backend").to_owned();
        (backend, lines.map(unhex).collect())
    }

    /// Itself, standing still.
    pub(crate) fn still(&self, passwords: &[Vec<u8>]) -> Still {
        let mut child = self.start("still", passwords);
        while !stands_still(&mut child) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Still(child)
    }

    pub(crate) fn start(&self, mode: &str, passwords: &[Vec<u8>]) -> Child {
        let mut command = Command::new(self.program[0]);
        let mut child = command
            .args(&self.program[1..])
            .args([mode, self.scenario, self.backend])
            .arg(&self.key.public)
            .args(passwords.iter().map(|password| password.len().to_string()))
            .env("LD_PRELOAD", &*SHIM)
            .envs(self.env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin
            .write_all(&passwords.concat())
            .expect("it reads its passwords");
        child
    }
}

/// Neighbouring pages of a process.
pub(crate) struct Map {
    pub(crate) start: u64,
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

impl Still {
    /// All that it can write, without the bytes that the kernel drew for it at its start: of two runs one of those
    /// may agree by chance.
    pub(crate) fn memory(&self) -> Vec<Map> {
        let proc = format!("/proc/{}", self.0.id());
        let drawn = address_of_random_bytes(&proc);
        let memory = File::open(format!("{proc}/mem")).expect("its memory");
        let maps = std::fs::read_to_string(format!("{proc}/maps")).expect("its maps");
        let mut found = Vec::new();
        for map in maps.lines() {
            let mut words = map.split_whitespace();
            let range = words.next().expect("a range");
            if !words.next().expect("rights").starts_with("rw") {
                continue;
            }
            let name = words.nth(3).unwrap_or("unnamed").to_owned();
            let (start, end) = range.split_once('-').expect("a range");
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).expect("hex"));
            let mut content = vec![0; usize::try_from(end - start).expect("it fits")];
            memory
                .read_exact_at(&mut content, start)
                .expect("it can be read");
            if (start..end).contains(&drawn) {
                let drawn = usize::try_from(drawn - start).expect("it fits");
                content[drawn..drawn + 16].fill(0);
            }
            found.push(Map {
                start,
                name,
                content,
            });
        }
        found
    }
}

/// `AT_RANDOM` of the auxiliary vector, getauxval(3): where sixteen random bytes are.
fn address_of_random_bytes(proc: &str) -> u64 {
    const AT_RANDOM: u64 = 25;
    let vector = std::fs::read(format!("{proc}/auxv")).expect("its auxiliary vector");
    let (words, _) = vector.as_chunks::<8>();
    let words: Vec<u64> = words.iter().map(|word| u64::from_ne_bytes(*word)).collect();
    let mut entries = words.chunks_exact(2);
    let entry = entries.find(|entry| entry[0] == AT_RANDOM);
    entry.expect("random bytes")[1]
}

impl Drop for Still {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn stands_still(child: &mut Child) -> bool {
    if let Some(status) = child.try_wait().expect("it can be waited for") {
        panic!("it ended: {status}");
    }
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("its state");
    let (_, state) = stat.rsplit_once(") ").expect("a state");
    state.starts_with('T')
}

pub(crate) fn unhex(line: &str) -> Vec<u8> {
    let digits = line.as_bytes().chunks(2);
    let pairs = digits.map(|pair| std::str::from_utf8(pair).expect("text"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"))
        .collect()
}

thread_local! {
    /// What the passwords of this test are made of.
    static STATE: Cell<u64> = const { Cell::new(20) };
}

/// Another password with each call, and the same ones in every run of a test: of random ones a piece would be in some
/// run what a process has by chance in its memory. No text has every fourth of its characters from the second alphabet.
pub(crate) fn password(len: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-_.,!";
    const ODD: &[u8; 4] = b"~^|`";
    // With a letter of each case and a digit in front.
    let mut text = b"Aa7".to_vec();
    text.truncate(len);
    while text.len() < len {
        let state = STATE.get().wrapping_mul(6_364_136_223_846_793_005);
        STATE.set(state.wrapping_add(1_442_695_040_888_963_407));
        let random = usize::try_from(state >> 58).expect("six bits");
        text.push(match text.len() % 4 {
            3 => ODD[random % 4],
            _ => LETTERS[random],
        });
    }
    text
}
