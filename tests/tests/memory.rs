//! Nothing of a secret is left in memory: `subject` does one thing with passwords and stands
//! still, and all memory that it can write is searched, and the registers of all its threads.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::common::{Key, SUBJECT, SUBJECT_C, Still, Subject, password, tool, unhex};
use pwseal::Backend;
use rsa::BigUint;

/// What is searched for.
#[derive(Default)]
struct Needles {
    /// Eight bytes each, and what they are a piece of.
    pieces: HashMap<u64, &'static str>,
    /// Numbers that are known up to a multiple of a modulus.
    residues: Vec<Residues>,
}

/// Numbers modulo n, in so many limbs of 52 or 64 bits.
struct Residues {
    n: BigUint,
    bits: usize,
    limbs: usize,
    numbers: Vec<BigUint>,
}

const WHOLE: &str = "a whole power of EM";

impl Needles {
    fn bytes(&mut self, what: &'static str, secret: &[u8]) {
        for piece in secret.windows(8) {
            let word = u64::from_le_bytes(piece.try_into().expect("eight bytes"));
            self.pieces.entry(word).or_insert(what);
        }
    }

    fn limbs(&mut self, what: &'static str, bits: usize, number: &BigUint) {
        // A small number stands everywhere, and an address is anything below 2^47.
        for limb in limbs(number, bits).filter(|limb| limb >> 47 != 0) {
            self.pieces.entry(limb).or_insert(what);
        }
    }

    /// A padded message, and what the backends make of it.
    ///
    /// The portable and the ADX backend have the powers times 2^512 (crates/rsaep/docs/portable.md), in limbs of 64 bits, and the IFMA
    /// backends the powers, in limbs of 52 bits (ifma.md). They exceed n: by so few multiples for usual keys and limbs
    /// of 64 bits that pieces are known, else by too many. But whole numbers are known by what
    /// they are modulo n, and one that is not wiped stands there whole.
    fn em(&mut self, key: &Key, em: &[u8]) {
        let (n, powers) = (key.modulus(), key.powers(em));
        self.bytes("EM", em);
        let little: Vec<u8> = em.iter().rev().copied().collect();
        self.bytes("EM in limbs of 64 bits", &little);
        self.limbs("EM in limbs of 52 bits", 52, &powers[0]);
        for power in &powers {
            for form in forms(n, power) {
                self.limbs("a power of EM times 2^512", 64, &form);
            }
        }
        if self.residues.is_empty() {
            let residues = [(52, limbs_of_52(n)), (64, limbs_of_64(n))];
            self.residues.extend(residues.map(|(bits, limbs)| Residues {
                n: n.clone(),
                bits,
                limbs,
                numbers: Vec::new(),
            }));
        }
        self.residues[1]
            .numbers
            .extend(powers.iter().map(|power| (power << 512) % n));
        // In a square the IFMA backend for one block also has twice a power.
        self.residues[0]
            .numbers
            .extend(powers.iter().map(|power| (power << 1) % n));
        self.residues[0].numbers.extend(powers);
    }
}

/// From the lowest on.
fn limbs(number: &BigUint, bits: usize) -> impl Iterator<Item = u64> {
    let count = number.bits().div_ceil(bits);
    (0..count).map(move |index| {
        let limb = (number >> (bits * index)) % (BigUint::from(1_u8) << bits);
        let mut bytes = limb.to_bytes_le();
        bytes.resize(8, 0);
        u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
    })
}

/// x 2^512 + k n for a few k, as far as it fits into the limbs.
fn forms(n: &BigUint, x: &BigUint) -> Vec<BigUint> {
    let form = (x << 512) % n;
    let forms = (0..4_u8).map(|times| &form + n * times);
    forms
        .filter(|form| form.bits() <= 64 * limbs_of_64(n))
        .collect()
}

/// How many limbs the portable and the ADX backend take for a modulus that does not begin with 32 ones.
fn limbs_of_64(n: &BigUint) -> usize {
    n.bits().div_ceil(64).next_multiple_of(8)
}

/// How many limbs the IFMA backends take for a modulus (crates/rsaep/docs/ifma.md, "Representation").
fn limbs_of_52(n: &BigUint) -> usize {
    match (n.bits() + 32).div_ceil(52).next_multiple_of(4) {
        limbs @ (40 | 60 | 80) => limbs,
        limbs => limbs.next_multiple_of(16),
    }
}

impl Residues {
    /// Whether one of the numbers, or it and a multiple of n, begins at the first word: limb after limb, or a limb
    /// in every eighth word, as where eight numbers lie side by side. Those limbs have what they carried above their 52
    /// bits, which is less than 2^11.
    fn begin(&self, words: &[u64], stride: usize) -> bool {
        if words.len() <= (self.limbs - 1) * stride {
            return false;
        }
        let largest = match (self.bits, stride) {
            (52, 1) => u64::MAX >> 12,
            (52, _) => u64::MAX >> 1,
            _ => u64::MAX,
        };
        let words = || words.iter().step_by(stride).take(self.limbs);
        let limb = |word: &u64| word & (u64::MAX >> (64 - self.bits));
        // Most of what is in memory is small, and no limb is.
        let mut small = 0;
        for word in words() {
            small += usize::from(limb(word) >> 40 == 0);
            if *word > largest || small > self.limbs / 4 {
                return false;
            }
        }
        let mut limbs: Vec<u64> = words().map(limb).collect();
        limbs.reverse();
        let number = limbs.into_iter().fold(BigUint::default(), |number, limb| {
            (number << self.bits) + limb
        });
        self.numbers.contains(&(number % &self.n))
    }
}

/// What of the needles a process that stands still has: what it is, and where, each once.
fn search(still: &Still, needles: &Needles) -> Vec<String> {
    let mut found = Vec::new();
    let memory = still.memory().into_iter();
    let memory = memory.map(|map| (map.name, map.content));
    for (place, content) in memory.chain(registers(still)) {
        for window in content.windows(8) {
            let word = u64::from_le_bytes(window.try_into().expect("eight bytes"));
            if let Some(what) = needles.pieces.get(&word) {
                found.push(format!("{what} in {place}"));
            }
        }
        let (words, _) = content.as_chunks();
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        for at in 0..words.len() {
            let begin = |r: &Residues| [1, 8].iter().any(|stride| r.begin(&words[at..], *stride));
            if needles.residues.iter().any(begin) {
                found.push(format!("{WHOLE} in {place}"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

static REGISTERS: LazyLock<PathBuf> = LazyLock::new(|| tool("registers"));

/// The registers of each thread.
pub(crate) fn registers(still: &Still) -> Vec<(String, Vec<u8>)> {
    let process = still.0.id().to_string();
    let output = Command::new(&*REGISTERS).arg(&process).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("text");
    let sets = lines.lines().map(|line| {
        let (thread, digits) = line.split_once(' ').expect("a thread");
        let place = if thread == process {
            "registers"
        } else {
            "registers of another thread"
        };
        (place.to_owned(), unhex(digits))
    });
    sets.collect()
}

/// Runs a scenario and returns what it left behind.
fn left_by(scenario: &str, backend: &str, key: &Key, lengths: &[usize]) -> Vec<String> {
    left_by_program(SUBJECT, scenario, backend, key, lengths)
}

fn left_by_program(
    program: &str,
    scenario: &str,
    backend: &str,
    key: &Key,
    lengths: &[usize],
) -> Vec<String> {
    let passwords: Vec<Vec<u8>> = lengths.iter().map(|len| password(*len)).collect();
    let random = match scenario {
        "os-random-fails" => "fails",
        _ => "known",
    };
    let env = [("SHIM_RANDOM", random)];
    let subject = subject(&program, scenario, backend, key, &env);
    // With known random bytes it does the same twice.
    let (used, results) = subject.print(&passwords);
    assert!([used.as_str(), "detected"].contains(&backend));

    let mut needles = Needles::default();
    let seed: Vec<u8> = (0..32_u64)
        .map(|i| (0x5b + i * i * 3 + i * 89).to_le_bytes()[0])
        .collect();
    needles.bytes("seed", &seed);
    for password in &passwords {
        needles.bytes("password", password);
        needles.bytes("password in lower case", &password.to_ascii_lowercase());
    }
    for result in results {
        match scenario {
            "generate" | "generate-for-an-account" => {
                needles.bytes("password", &result);
                assert_eq!(result.len(), 24);
                continue;
            }
            "digit-token" => {
                assert_eq!(result, passwords[0]);
                continue;
            }
            _ => {}
        }
        let em = key.padded(&result);
        assert!(
            passwords.iter().any(|password| em.ends_with(password)),
            "{scenario}"
        );
        needles.em(key, &em);
    }
    left_in(&subject, &passwords, &needles)
}

fn subject<'a>(
    program: &'a &'a str,
    scenario: &'a str,
    backend: &'a str,
    key: &'a Key,
    env: &'a [(&'a str, &'a str)],
) -> Subject<'a> {
    Subject {
        program: std::slice::from_ref(program),
        scenario,
        backend,
        key,
        env,
    }
}

/// What of the needles is in the memory of a run, and in its registers.
fn left_in(subject: &Subject, passwords: &[Vec<u8>], needles: &Needles) -> Vec<String> {
    search(&subject.still(passwords), needles)
}

/// Every path of the library, with lengths of passwords.
const SCENARIOS: [(&str, &[usize]); 22] = [
    ("nothing", &[40]),
    ("encrypt", &[40]),
    ("encrypt", &[117]),
    ("encrypt-string", &[64]),
    ("encrypt-into", &[40]),
    (
        "encrypt-many",
        &[16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96],
    ),
    ("encrypt-many", &[40; 8]),
    ("encrypt-many-into", &[40, 40, 40]),
    ("encrypt-with-rng", &[40]),
    ("encrypt-into-with-rng", &[40]),
    ("encrypt-many-with-rng", &[40, 41]),
    ("encrypt-many-into-with-rng", &[40, 41]),
    ("too-long", &[2000]),
    ("too-long-in-batch", &[40, 2000]),
    ("wrong-output", &[40]),
    ("no-random-bytes", &[40]),
    ("os-random-fails", &[40]),
    ("random-source-panics", &[40, 41]),
    ("work-panics", &[40]),
    ("check", &[40]),
    ("judge", &[40]),
    ("generate", &[]),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_any_path_with_any_backend() {
    let mut found = Vec::new();
    for key in [Key::example(), Key::of(1024), Key::of(2049), Key::of(4096)] {
        for backend in Backend::available() {
            for (scenario, lengths) in SCENARIOS {
                let left = left_by(scenario, backend.name(), &key, lengths);
                let context = format!("{scenario} {lengths:?}, {backend}, {} bytes", key.size());
                found.extend(left.iter().map(|what| format!("{context}: {what}")));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// A batch that is shared out between the caller and a thread more, which is gone then: its stack may be kept for the next. Each has
/// eight blocks at once and one alone.
#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_threads() {
    let key = Key::example();
    let lengths: Vec<usize> = (0..18).map(|i| 40 + i % 7).collect();
    let mut found = Vec::new();
    for backend in Backend::available() {
        let left = left_by("encrypt-many-on", backend.name(), &key, &lengths);
        found.extend(left.iter().map(|what| format!("{backend}: {what}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_the_messages_of_the_api() {
    let key = Key::example();
    for scenario in [
        "change-request",
        "change-request-cached",
        "change-request-despite-policy",
        "change-request-violated",
    ] {
        for len in [40, 117] {
            assert_eq!(
                left_by(scenario, "detected", &key, &[len]),
                [""; 0],
                "{scenario}"
            );
        }
    }
}

/// A digit token is for one use within minutes: it is wiped from memory, and left in registers to later code.
#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn no_digit_token_is_left_in_memory() {
    for program in [SUBJECT, SUBJECT_C.to_str().expect("UTF-8")] {
        let mut left = left_by_program(program, "digit-token", "detected", &Key::example(), &[40]);
        left.retain(|what| what != "password in registers");
        assert_eq!(left, [""; 0]);
    }
}

/// Every function of the C interface that has to do with a secret, and lengths of passwords.
const C_SCENARIOS: [(&str, &[usize]); 17] = [
    ("nothing", &[40]),
    ("encrypt", &[40]),
    ("encrypt", &[117]),
    ("encrypt-base64", &[40]),
    (
        "encrypt-many",
        &[16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96],
    ),
    ("encrypt-many-base64", &[40, 41, 42]),
    ("too-long", &[2000]),
    ("too-long-in-batch", &[40, 2000]),
    ("empty-in-batch", &[40, 41]),
    ("no-room", &[40]),
    ("os-random-fails", &[40]),
    ("check", &[40]),
    ("generate", &[]),
    ("generate-for-an-account", &[]),
    ("change-request", &[40]),
    ("change-request-despite-policy", &[40]),
    ("change-request-violated", &[40]),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_the_c_interface() {
    let program = SUBJECT_C.to_str().expect("UTF-8");
    let key = Key::example();
    let mut found = Vec::new();
    for backend in Backend::available() {
        for (scenario, lengths) in C_SCENARIOS {
            let left = left_by_program(program, scenario, backend.name(), &key, lengths);
            let context = format!("{scenario} {lengths:?}, {backend}");
            found.extend(left.iter().map(|what| format!("{context}: {what}")));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn what_is_left_is_found() {
    let key = Key::example();
    for (planted, what) in [
        ("plant-all", "password in [heap]"),
        ("plant-heap", "password in [heap]"),
        ("plant-unwinding", "password in [stack]"),
        ("plant-piece", "password in [heap]"),
        ("plant-stack", "password in [stack]"),
        ("plant-em", "EM in [heap]"),
        ("plant-limbs-64", "EM in limbs of 64 bits in [heap]"),
        ("plant-limbs-52", "EM in limbs of 52 bits in [heap]"),
        ("plant-seed", "seed in [heap]"),
    ] {
        let found = left_by(planted, "portable", &key, &[64]);
        assert!(
            found.iter().any(|found| found == what),
            "{planted}: {found:?}"
        );
    }
}

/// In registers, and in what another thread has.
#[test]
fn what_is_left_in_c_is_found() {
    let program = SUBJECT_C.to_str().expect("UTF-8");
    for (planted, what) in [
        ("plant-register", "password in registers"),
        ("plant-thread", "password in registers of another thread"),
        ("plant-thread", "password in unnamed"),
    ] {
        let found = left_by_program(program, planted, "portable", &Key::example(), &[64]);
        assert!(
            found.iter().any(|found| found == what),
            "{planted}: {found:?}"
        );
    }
}

/// What the arithmetic makes of a message, given to a program that leaves it behind.
#[test]
#[cfg_attr(debug_assertions, ignore = "minutes where the search is not optimised")]
fn what_the_arithmetic_leaves_is_found() {
    for key in [Key::example(), Key::of(2049), Key::of(4096)] {
        let em = [vec![0, 2], password(key.size() - 2)].concat();
        let n = key.modulus();
        let mut needles = Needles::default();
        needles.em(&key, &em);
        let powers = key.powers(&em);
        assert_eq!(powers.len(), 17, "e is 65537");

        let words = |limbs: Vec<u64>| -> Vec<u8> {
            let words = limbs.into_iter().map(u64::to_le_bytes);
            words.collect::<Vec<_>>().concat()
        };
        for power in [&powers[1], &powers[16]] {
            for form in forms(n, power) {
                let piece = words(limbs(&form, 64).skip(7).take(1).collect());
                assert_left(&key, &needles, &piece, "a power of EM times 2^512");
                let number = form + n * 0x4bad_cafe_u64;
                let mut limbs: Vec<u64> = limbs(&number, 64).collect();
                if limbs.len() <= limbs_of_64(n) {
                    limbs.resize(limbs_of_64(n), 0);
                    assert_left(&key, &needles, &words(limbs), WHOLE);
                }
            }
            for times in [0, 1, 0x4bad_cafe_u64] {
                let number = power + n * times;
                let mut limbs: Vec<u64> = limbs(&number, 52).collect();
                limbs.resize(limbs_of_52(n), 0);
                assert_left(&key, &needles, &words(limbs.clone()), WHOLE);
                let carried = |limb: &u64| limb | 0x455 << 52;
                let side_by_side = limbs
                    .iter()
                    .flat_map(|limb| [carried(limb), 1, 2, 3, 4, 5, 6, 7]);
                assert_left(&key, &needles, &words(side_by_side.collect()), WHOLE);
                // And not another number.
                limbs[5] ^= 1;
                let left = left_of(&key, &needles, &words(limbs));
                assert_eq!(left, [""; 0], "{times}");
            }
        }
    }
}

fn assert_left(key: &Key, needles: &Needles, bytes: &[u8], what: &str) {
    let found = left_of(key, needles, bytes);
    assert!(found.contains(&format!("{what} in [heap]")), "{found:?}");
}

fn left_of(key: &Key, needles: &Needles, bytes: &[u8]) -> Vec<String> {
    let subject = subject(&SUBJECT, "plant-all", "portable", key, &[]);
    left_in(&subject, &[bytes.to_vec()], needles)
}
