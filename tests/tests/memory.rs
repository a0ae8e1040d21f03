//! Nothing of a secret is left in memory: `subject` does one thing with passwords and stands
//! still, and all memory that it can write is searched, the registers that a signal put onto
//! its stack included.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;

use std::collections::HashMap;
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use common::{Key, SUBJECT, SUBJECT_C, Still, Subject, password};
use pwseal::Backend;

/// The pieces of secrets that are searched for, eight bytes each, and what they are.
#[derive(Default)]
struct Needles(HashMap<u64, &'static str>);

impl Needles {
    fn bytes(&mut self, what: &'static str, secret: &[u8]) {
        for piece in secret.windows(8) {
            let word = u64::from_le_bytes(piece.try_into().expect("eight bytes"));
            self.0.entry(word).or_insert(what);
        }
    }

    /// A number, big-endian, in limbs of 64 bits at any offset and in those of 52 bits.
    fn number(&mut self, whats: [&'static str; 2], number: &[u8]) {
        let little: Vec<u8> = number.iter().rev().copied().collect();
        self.bytes(whats[0], &little);
        for at in (0..8 * little.len()).step_by(52) {
            let bytes: Vec<u8> = little[at / 8..]
                .iter()
                .copied()
                .chain([0; 8])
                .take(8)
                .collect();
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            let limb = (word >> (at % 8)) & ((1 << 52) - 1);
            // A small number stands everywhere.
            if limb >> 40 != 0 {
                self.0.entry(limb).or_insert(whats[1]);
            }
        }
    }

    fn em(&mut self, key: &Key, em: &[u8]) {
        self.bytes("EM", em);
        self.number(["EM in limbs of 64 bits", "EM in limbs of 52 bits"], em);
        let bits = 8 * key.size();
        let limbs = (bits + 2).div_ceil(52).next_multiple_of(4).max(28);
        let whats = [
            "Montgomery form in limbs of 64 bits",
            "Montgomery form in limbs of 52 bits",
        ];
        for shift in [bits.next_multiple_of(64), 52 * limbs] {
            self.number(whats, &key.shifted(em, shift));
        }
    }
}

/// The kernel's marks at both ends of the vector registers that it saves (FP_XSTATE_MAGIC1 and 2).
const FRAME_START: [u8; 4] = 0x4650_5853_u32.to_le_bytes();
const FRAME_END: [u8; 4] = 0x4650_5845_u32.to_le_bytes();

/// What of the needles stands in the memory of a process that stands still: what it is, and the
/// map that it is in, each once.
fn search(still: &Still, needles: &Needles) -> (Vec<String>, usize) {
    let proc = format!("/proc/{}", still.0.id());
    let memory = File::open(format!("{proc}/mem")).expect("its memory");
    let maps = fs::read_to_string(format!("{proc}/maps")).expect("its maps");
    let mut found = Vec::new();
    let mut signal_frames = 0;
    for map in maps.lines() {
        let mut words = map.split_whitespace();
        let (range, rights) = (
            words.next().expect("a range"),
            words.next().expect("rights"),
        );
        if !rights.starts_with("rw") {
            continue;
        }
        let name = words.nth(3).unwrap_or("unnamed");
        let (start, end) = range.split_once('-').expect("a range");
        let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).expect("hex"));
        let mut content = vec![0; usize::try_from(end - start).expect("it fits")];
        memory
            .read_exact_at(&mut content, start)
            .expect("it can be read");
        let frame = signal_frame(&content);
        signal_frames += usize::from(frame.is_some());
        for (at, window) in content.windows(8).enumerate() {
            let word = u64::from_le_bytes(window.try_into().expect("eight bytes"));
            if let Some(what) = needles.0.get(&word) {
                let place = match &frame {
                    Some(frame) if frame.contains(&at) => "registers",
                    _ => name,
                };
                found.push(format!("{what} in {place}"));
            }
        }
    }
    (found, signal_frames)
}

/// Where the kernel saved the vector registers, and the others below them.
fn signal_frame(stack: &[u8]) -> Option<Range<usize>> {
    /// The parts of a frame below the vector registers.
    const GENERAL: usize = 1024;

    let starts = stack
        .windows(4)
        .enumerate()
        .filter(|(_, mark)| *mark == FRAME_START);
    starts
        .filter_map(|(at, _)| {
            let start = at.checked_sub(464)?;
            let size = stack[at + 4..].first_chunk()?;
            let end = start + usize::try_from(u32::from_le_bytes(*size)).ok()?;
            let mark = stack.get(end.checked_sub(4)?..end)?;
            (mark == FRAME_END).then_some(start - GENERAL..end)
        })
        .next()
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
    let subject = Subject {
        program: &[program],
        scenario,
        backend,
        key,
        env: &[("SHIM_RANDOM", random)],
    };
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
        if scenario == "generate" {
            needles.bytes("password", &result);
            assert_eq!(result.len(), 24);
            continue;
        }
        let em = key.padded(&result);
        assert!(
            passwords.iter().any(|password| em.ends_with(password)),
            "{scenario}"
        );
        needles.em(key, &em);
    }
    let mut still = subject.still(&passwords);
    let (mut found, frames) = search(&still, &needles);
    assert_eq!(frames, 0, "no signal came");
    still.go_on();
    let (found_later, frames) = search(&still, &needles);
    assert_eq!(frames, 1, "the kernel saved the registers");
    found.extend(found_later);
    found.sort();
    found.dedup();
    found
}

/// Every path of the library, with lengths of passwords.
const SCENARIOS: [(&str, &[usize]); 15] = [
    ("nothing", &[40]),
    ("encrypt", &[40]),
    ("encrypt", &[117]),
    ("encrypt-string", &[64]),
    ("encrypt-into", &[40]),
    (
        "encrypt-many",
        &[16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96],
    ),
    ("encrypt-many-into", &[40, 40, 40]),
    ("encrypt-with-rng", &[40]),
    ("too-long", &[2000]),
    ("too-long-in-batch", &[40, 2000]),
    ("wrong-output", &[40]),
    ("no-random-bytes", &[40]),
    ("os-random-fails", &[40]),
    ("check", &[40]),
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

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_a_change_request() {
    let key = Key::example();
    for scenario in ["change-request", "change-request-violated"] {
        for len in [40, 117] {
            assert_eq!(
                left_by(scenario, "detected", &key, &[len]),
                [""; 0],
                "{scenario}"
            );
        }
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn nothing_is_left_by_the_c_interface() {
    let program = SUBJECT_C.to_str().expect("UTF-8");
    let key = Key::example();
    for (scenario, len) in [("encrypt", 40), ("encrypt", 117), ("too-long", 2000)] {
        let left = left_by_program(program, scenario, "detected", &key, &[len]);
        assert_eq!(left, [""; 0], "{scenario}, {len}");
    }
}

#[test]
fn what_is_left_is_found() {
    let key = Key::example();
    for (planted, what) in [
        ("plant-heap", "password in [heap]"),
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
