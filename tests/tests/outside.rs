//! What holds where somebody else builds the library: a crate outside of this workspace, at every level of
//! optimisation, with and without optimisation at link time.
//!
//! The program `subject` runs twice with other passwords of the same lengths, on a stack as small as is promised, and once more as the
//! first time. A word of its memory that the passwords decide, and nothing else, is a trace of one. So what
//! the arithmetic keeps in columns is found, too, of which nobody knows the value.

use std::collections::HashSet;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::common::{Key, Map, Subject, file, password};
use crate::memory::registers;

/// How somebody builds.
#[derive(Clone, Copy)]
struct Build {
    /// `opt-level`
    level: &'static str,
    /// `lto`
    lto: bool,
}

/// A level that is not optimised, as the profile `dev` has it, and that which makes other code than the tests of this workspace run.
const SHORT: [Build; 2] = [
    Build {
        level: "0",
        lto: false,
    },
    Build {
        level: "s",
        lto: false,
    },
];

impl Build {
    fn all() -> Vec<Self> {
        if env::var_os("OUTSIDE_ALL").is_none() {
            return SHORT.to_vec();
        }
        let levels = ["0", "1", "2", "3", "s", "z"].into_iter();
        levels
            .flat_map(|level| [false, true].map(|lto| Self { level, lto }))
            .collect()
    }

    fn name(self) -> String {
        format!("{}{}", self.level, if self.lto { "-lto" } else { "" })
    }

    /// The size in bytes of the smallest stack that is promised to be enough: PTHREAD_STACK_MIN for optimised code.
    fn stack(self) -> &'static str {
        match self.level {
            "0" => "262144",
            _ => "16384",
        }
    }

    /// The program.
    fn program(self) -> PathBuf {
        let profile = match self.level {
            "0" => "dev",
            _ => "release",
        };
        let [folder, target] = [
            file("tests/outside"),
            file("target/outside").join(self.name()),
        ];
        // The same versions as everywhere: they are there.
        fs::copy(file("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline", "--profile", profile])
            .arg("--manifest-path")
            .arg(folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.level)
            .env("CARGO_PROFILE_RELEASE_LTO", self.lto.to_string())
            .env("CARGO_PROFILE_DEV_LTO", self.lto.to_string())
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env_remove("RUSTFLAGS")
            .status();
        assert!(status.expect("cargo runs").success());
        let folder = match profile {
            "dev" => "debug",
            profile => profile,
        };
        target.join(folder).join("subject")
    }
}

/// Scenarios of `subject`, with lengths of passwords.
const SCENARIOS: [(&str, &[usize]); 7] = [
    ("nothing", &[40]),
    ("encrypt", &[40]),
    ("encrypt-into-with-rng", &[117]),
    ("encrypt-many", &[40; 9]),
    ("encrypt-many-into", &[40; 6]),
    ("encrypt-many-with-rng", &[40; 64]),
    ("work-panics", &[40]),
];

/// What runs of a program leave of their passwords.
fn traces(
    program: &str,
    stack: &str,
    scenario: &str,
    backend: &str,
    key: &Key,
    lengths: &[usize],
) -> Vec<String> {
    // The same addresses in each run.
    let program = ["setarch", "-R", program];
    let env = [("SHIM_RANDOM", "known"), ("SUBJECT_STACK", stack)];
    let subject = Subject {
        program: &program,
        scenario,
        backend,
        key,
        env: &env,
    };
    let passwords = [(); 2].map(|()| lengths.iter().map(|len| password(*len)).collect::<Vec<_>>());
    // The ciphertexts are no secret.
    let ciphertexts: HashSet<u64> = passwords
        .iter()
        .flat_map(|passwords| subject.print(passwords).1)
        .flat_map(|ciphertext| ciphertext.windows(8).map(word).collect::<Vec<_>>())
        .collect();
    let [first, other, again] = [0, 1, 0].map(|index| {
        let still = subject.still(&passwords[index]);
        let mut maps = still.memory();
        // Of each thread those that are not general, which nobody promises to overwrite.
        let registers = registers(&still).into_iter().skip(1).step_by(2);
        maps.extend((0..).zip(registers).map(|(start, (name, content))| Map {
            start,
            name,
            content,
        }));
        maps
    });
    let mut found = Vec::new();
    for first in &first {
        let at_this_place = |maps: &[Map]| {
            let map = maps.iter().find(|map| map.start == first.start);
            words(map.map_or(&[], |map| &map.content))
        };
        let places = words(&first.content).into_iter();
        let places = places.zip(at_this_place(&again)).zip(at_this_place(&other));
        for (index, ((word, again), other)) in places.enumerate() {
            let public = [word, other].iter().all(|word| ciphertexts.contains(word));
            // Less is a count, an address or the state of a lock, which threads decide, too.
            let long = word.min(other) >> 48 != 0;
            if word == again && word != other && long && !public {
                let from_end = first.content.len() - 8 * index;
                found.push(format!(
                    "{word:016x} and {other:016x} in {}, {from_end} bytes below its end",
                    first.name
                ));
            }
        }
    }
    found
}

fn words(content: &[u8]) -> Vec<u64> {
    content.chunks_exact(8).map(word).collect()
}

fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "it is about the builds of others, not about this one"
)]
fn nothing_is_left_in_the_builds_of_others_on_the_smallest_stack() {
    let mut found = Vec::new();
    for build in Build::all() {
        let program = build.program();
        let program = program.to_str().expect("UTF-8");
        let backends = Command::new(program)
            .arg("backends")
            .output()
            .expect("it runs");
        let backends = String::from_utf8(backends.stdout).expect("text");
        assert!(backends.starts_with("portable\n"), "{backends}");
        for key in [Key::example(), Key::of(1024), Key::of(3072), Key::of(4096)] {
            for backend in backends.lines() {
                for (scenario, lengths) in SCENARIOS {
                    let left = traces(program, build.stack(), scenario, backend, &key, lengths);
                    if !left.is_empty() {
                        found.push(format!(
                            "{scenario} of {} with {backend}, {} bytes, opt-level {}: {} words, such as {}",
                            lengths.len(), key.size(), build.name(), left.len(), left[0]
                        ));
                    }
                }
            }
        }
        let planted = traces(
            program,
            build.stack(),
            "plant-stack",
            "portable",
            &Key::example(),
            &[40],
        );
        assert!(
            !planted.is_empty(),
            "what is planted is not found at opt-level {}",
            build.name()
        );
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
