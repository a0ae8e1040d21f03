//! Which machine code runs, and which memory it touches, is the same for all passwords of one
//! length, with every backend of this CPU.
//!
//! The method: `subject` encrypts, with known random bytes, one instruction after the other.
//! Before each, the tracer writes all registers down. Of two passwords the addresses of the
//! instructions must be the same, one by one, and of each instruction of the program the address
//! of its operand in memory, which the disassembler says how to compute. Unlike Valgrind this
//! knows AVX-512; unlike a measurement it has no noise. Unlike both it sees only what these
//! passwords do.
#![allow(clippy::panic, reason = "that is how a test fails")]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::common::{Key, SUBJECT, Subject, password, tool};
use pwseal::Backend;

/// In the order of their numbers.
const REGISTERS: [&str; 16] = [
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15",
];

/// Before an instruction: `rip`, the registers, and a digest of the vector of offsets, if it has one.
type Step = [u64; 18];

static TRACER: LazyLock<PathBuf> = LazyLock::new(|| tool("tracer"));

/// Runs a program of binutils.
fn output(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}: install binutils"));
    String::from_utf8(output.stdout).expect("text")
}

/// How the address of an instruction's operand in memory is computed: registers, with a factor
/// each, and perhaps a vector register. What is added is the same whenever the instruction runs.
struct Operand {
    registers: Vec<(usize, u64)>,
    vector: Option<usize>,
}

/// The operands of the program's instructions by their offsets.
static OPERANDS: LazyLock<HashMap<u64, Operand>> = LazyLock::new(|| {
    let code = output(
        "objdump",
        &["-d", "--no-show-raw-insn", "-M", "intel", SUBJECT],
    );
    code.lines().filter_map(instruction).collect()
});

/// Reads a line such as `  1f2e0:  mov rax,QWORD PTR [rdi+rcx*8+0x18]`.
fn instruction(line: &str) -> Option<(u64, Operand)> {
    let (at, text) = line.split_once(":\t")?;
    let at = u64::from_str_radix(at.trim(), 16).ok()?;
    // These compute an address and do not use it.
    let uses = !text.starts_with("lea") && !text.contains("nop");
    let (_, operand) = text.split_once('[').filter(|_| uses)?;
    let (operand, _) = operand.split_once(']')?;
    let parts = operand.split(['+', '-']);
    let mut operand = Operand {
        registers: Vec::new(),
        vector: None,
    };
    for part in parts.filter(|part| *part != "rip" && !part.starts_with("0x")) {
        let (name, factor) = part.split_once('*').unwrap_or((part, "1"));
        let number = REGISTERS.iter().position(|register| *register == name);
        match (number, name.get(1..3)) {
            (Some(number), _) => operand.registers.push((number, factor.parse().ok()?)),
            // xmm, ymm, zmm
            (None, Some("mm")) => operand.vector = Some(name[3..].parse().ok()?),
            // Data that the disassembler takes for code.
            (None, _) => return None,
        }
    }
    Some((at, operand))
}

/// A file with the offset of each instruction that has a vector of addresses, and the register.
static VECTORS: LazyLock<PathBuf> = LazyLock::new(|| {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vectors");
    let operands = OPERANDS.iter();
    let vectors = operands.filter_map(|(at, operand)| Some((at, operand.vector?)));
    let lines: String = vectors
        .map(|(at, number)| format!("{at:x} {number}\n"))
        .collect();
    fs::write(&file, lines).expect("a file");
    file
});

/// The address of `subject::run`.
static ENTRY: LazyLock<String> = LazyLock::new(|| {
    let symbols = output("nm", &["--demangle", SUBJECT]);
    let mut lines = symbols
        .lines()
        .filter(|line| line.contains(" subject::run"));
    let line = lines.next().expect("the function has a symbol");
    line.split(' ').next().expect("an address").to_owned()
});

/// The steps of one run.
fn trace(scenario: &str, backend: &str, password: &[u8]) -> Vec<Step> {
    let name = format!(
        "{scenario}-{backend}-{:?}.trace",
        std::thread::current().id()
    );
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let path = file.to_str().expect("UTF-8");
    let vectors = VECTORS.to_str().expect("UTF-8");
    let subject = Subject {
        program: &[
            TRACER.to_str().expect("UTF-8"),
            &ENTRY,
            path,
            vectors,
            SUBJECT,
        ],
        scenario,
        backend,
        key: &Key::example(),
        env: &[("SHIM_RANDOM", "known")],
    };
    let output = subject
        .start("run", &[password.to_vec()])
        .wait_with_output();
    let output = output.expect("it ends");
    assert!(output.status.success(), "{scenario}, {backend}: {output:?}");
    let bytes = fs::read(&file).expect("a trace");
    fs::remove_file(&file).expect("a trace");
    let (words, _) = bytes.as_chunks::<8>();
    let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let (steps, rest) = words.as_chunks();
    assert!(rest.is_empty());
    steps.to_vec()
}

/// The first difference between two runs, if there is one.
fn difference(a: &[Step], b: &[Step]) -> Option<String> {
    let entry = u64::from_str_radix(&ENTRY, 16).expect("hexadecimal");
    let base = a[0][0] - entry;
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        if a[0] != b[0] {
            return Some(format!(
                "step {index}: another branch before {:x}",
                a[0] - base
            ));
        }
        let Some(operand) = OPERANDS.get(&a[0].wrapping_sub(base)) else {
            continue;
        };
        let address = |step: &Step| {
            let registers = operand.registers.iter();
            let parts =
                registers.map(|(register, factor)| step[1 + register].wrapping_mul(*factor));
            (parts.fold(0, u64::wrapping_add), step[17])
        };
        if address(a) != address(b) {
            return Some(format!(
                "step {index}: another address at {:x}",
                a[0] - base
            ));
        }
    }
    (a.len() != b.len()).then(|| "one is longer".to_owned())
}

/// Passwords of one length that differ in what the planted ones look at.
fn passwords() -> [Vec<u8>; 3] {
    [b'a', b'b', b'q'].map(|byte| {
        let mut password = password(40);
        password[5] = byte;
        password
    })
}

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn the_same_code_touches_the_same_memory_for_all_passwords() {
    std::thread::scope(|threads| {
        for scenario in ["encrypt", "encrypt-into"] {
            threads.spawn(move || {
                for backend in Backend::available() {
                    compare(scenario, backend);
                }
            });
        }
    });
}

fn compare(scenario: &str, backend: Backend) {
    let [first, others @ ..] = passwords().map(|p| trace(scenario, backend.name(), &p));
    // A power takes some ten thousand instructions.
    assert!(first.len() > 10_000, "{} steps", first.len());
    for other in others {
        assert_eq!(difference(&first, &other), None, "{scenario}, {backend}");
    }
}

#[test]
fn a_branch_and_an_index_are_found() {
    let [a, b, q] = passwords();
    for (planted, what) in [
        ("plant-branch", "another branch"),
        ("plant-index", "another address"),
    ] {
        let [a, b, q] = [&a, &b, &q].map(|password| trace(planted, "portable", password));
        let found = difference(&a, &b).expect("a difference");
        assert!(found.contains(what), "{planted}: {found}");
        if planted == "plant-branch" {
            assert_eq!(difference(&a, &q), None, "both are odd");
        }
    }
}
