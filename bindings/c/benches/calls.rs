//! What a call through the shared library costs more than the Rust function, and what a batch does:
//!
//!     cargo bench --package pwseal-c
//!
//! The library is loaded as a C program's would be, and its functions are called by their addresses. Both
//! sides take turns in one process, many times; the median of each is printed. It is the processor time
//! of this thread, so that other programs disturb it less.
#![allow(missing_docs, clippy::print_stdout)]

use std::ffi::{CString, c_char, c_int, c_long, c_void};
use std::hint::black_box;
use std::mem::transmute_copy;
use std::path::PathBuf;
use std::process::Command;
use std::ptr;
use std::time::Duration;

use pwseal::policy::{Context, Policy};
use pwseal::{Password, PublicKey};

const KEY: &[u8] = include_bytes!("../../../examples/public-key.pem");
const INFO: &[u8] = include_bytes!("../../../examples/password-info.json");
const PASSWORD: &[u8] = b"correct horse 7";
const BATCH: usize = 10_000;
const SIZE: usize = 256;

#[repr(C)]
struct Bytes {
    data: *const u8,
    len: usize,
}

#[repr(C)]
struct Text {
    data: *const c_char,
    len: usize,
}

type Handle = *mut c_void;
type Parse = unsafe extern "C" fn(*const u8, usize, *mut Handle) -> i32;
type FromComponents = unsafe extern "C" fn(*const u8, usize, *const u8, usize, *mut Handle) -> i32;
type Number = unsafe extern "C" fn(Handle) -> usize;
type Encrypt = unsafe extern "C" fn(Handle, *const u8, usize, *mut u8, *mut usize) -> i32;
type EncryptMany = unsafe extern "C" fn(Handle, *const Bytes, usize, *mut u8, *mut usize) -> i32;
type FromStrings = unsafe extern "C" fn(*const Text, usize, *mut Handle) -> i32;
type Check = unsafe extern "C" fn(Handle, Handle, *const u8, usize, *mut Handle) -> i32;
type Free = unsafe extern "C" fn(Handle);
type Lend = unsafe extern "C" fn(Handle, *mut Text) -> i32;

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> Handle;
    fn dlsym(library: Handle, name: *const c_char) -> *mut c_void;
    fn clock_gettime(clock: c_int, time: *mut [c_long; 2]) -> c_int;
}

struct Library(Handle);

impl Library {
    /// Builds the shared library as it is shipped, and loads it.
    fn load() -> Self {
        let build = ["build", "--locked", "--release", "--package=pwseal-c"];
        let built = Command::new(env!("CARGO")).args(build).status();
        assert!(built.expect("cargo runs").success());
        // .../release/deps/calls-1234
        let program = std::env::current_exe().expect("a path");
        let directory: PathBuf = program.ancestors().nth(2).expect("a directory").into();
        let file = directory.join("libpwseal_c.so");
        let file = CString::new(file.to_str().expect("UTF-8")).expect("no NUL");
        const RTLD_NOW: c_int = 2;
        // SAFETY: a path with its NUL. What the library does when it is loaded is Rust's own.
        let library = unsafe { dlopen(file.as_ptr(), RTLD_NOW) };
        assert!(!library.is_null(), "{file:?} is not loaded");
        Self(library)
    }

    /// # Safety
    ///
    /// `F` is the type of the function with this name.
    unsafe fn function<F: Copy>(&self, name: &str) -> F {
        let name = CString::new(name).expect("no NUL");
        // SAFETY: the library is loaded and never closed, and the name has its NUL.
        let address = unsafe { dlsym(self.0, name.as_ptr()) };
        assert!(!address.is_null(), "{name:?} is not there");
        assert_eq!(size_of::<F>(), size_of_val(&address));
        // SAFETY: an address has the size of a function pointer, as just checked, and is one.
        unsafe { transmute_copy(&address) }
    }
}

/// The processor time that this thread has used.
fn processor_time() -> Duration {
    const CLOCK_THREAD_CPUTIME_ID: c_int = 3;
    let mut time = [0; 2];
    // SAFETY: a timespec has the seconds and the nanoseconds, each as a long.
    let status = unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0);
    let [seconds, nanoseconds] = time.map(|part| u64::try_from(part).expect("not negative"));
    Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds)
}

/// The medians of two pieces of work that take turns.
fn race(rounds: usize, mut rust: impl FnMut(), mut c: impl FnMut()) -> (Duration, Duration) {
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = processor_time();
        rust();
        let middle = processor_time();
        c();
        times.0.push(middle - start);
        times.1.push(processor_time() - middle);
    }
    times.0.sort_unstable();
    times.1.sort_unstable();
    (times.0[rounds / 2], times.1[rounds / 2])
}

fn report_call(name: &str, calls: u32, (rust, c): (Duration, Duration)) {
    let each = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(calls);
    let (rust, c) = (each(rust), each(c));
    println!(
        "{name:<23} Rust {rust:>8.0} ns, C {c:>8.0} ns: {:+.0} ns",
        c - rust
    );
}

fn main() {
    let library = Library::load();
    // SAFETY: the types are those of the header.
    let (parse, from_components, bits, encrypt, encrypt_many, from_strings, check, report_free): (
        Parse,
        FromComponents,
        Number,
        Encrypt,
        EncryptMany,
        FromStrings,
        Check,
        Free,
    ) = unsafe {
        (
            library.function("pwseal_key_parse"),
            library.function("pwseal_key_from_components"),
            library.function("pwseal_key_bits"),
            library.function("pwseal_key_encrypt"),
            library.function("pwseal_key_encrypt_many"),
            library.function("pwseal_policy_from_strings"),
            library.function("pwseal_policy_check"),
            library.function("pwseal_report_free"),
        )
    };
    let key = PublicKey::parse(KEY).expect("a key");
    let mut handle = ptr::null_mut();
    // SAFETY: a slice and its length, and a place for the handle.
    assert_eq!(unsafe { parse(KEY.as_ptr(), KEY.len(), &mut handle) }, 0);
    println!("backend {:?}", key.backend());

    const CALLS: u32 = 1000;
    let times = race(
        201,
        || (0..CALLS).for_each(|_| _ = black_box(black_box(&key).bits())),
        // SAFETY: the handle lives.
        || (0..CALLS).for_each(|_| _ = black_box(unsafe { bits(black_box(handle)) })),
    );
    report_call("key_bits", CALLS, times);

    // The arithmetic of this key is so short that a few nanoseconds beside it show. That of the
    // other one differs by more between two builds, by where its loops happen to lie.
    let short = PublicKey::from_components(&[0xff; 128], &[3]).expect("a key");
    let mut short_handle = ptr::null_mut();
    let (n, e) = ([0xff; 128], [3]);
    // SAFETY: arrays and their lengths, and a place for the handle.
    let status = unsafe { from_components(n.as_ptr(), 128, e.as_ptr(), 1, &mut short_handle) };
    assert_eq!(status, 0);

    let password = Password::new(PASSWORD).expect("a password");
    let mut c_out = [0; SIZE];
    for (name, key, handle) in [
        ("key_encrypt, short key", &short, short_handle),
        ("key_encrypt", &key, handle),
    ] {
        let times = race(
            2001,
            || (0..20).for_each(|_| _ = black_box(key.encrypt(&password).expect("encrypted"))),
            || {
                (0..20).for_each(|_| {
                    let (data, len) = (black_box(PASSWORD.as_ptr()), PASSWORD.len());
                    let (out, mut out_len) = (c_out.as_mut_ptr(), c_out.len());
                    // SAFETY: the handle lives, the password is there, and so is the room.
                    let status = unsafe { encrypt(handle, data, len, out, &mut out_len) };
                    assert_eq!(status, 0);
                });
            },
        );
        report_call(name, 20, times);
    }

    let strings = ["passwordMinLength is 8", "passwordMinNumeric is 1"];
    let policy = Policy::from_strings(strings);
    let context = Context::new();
    let texts = strings.map(|text| Text {
        data: text.as_ptr().cast(),
        len: text.len(),
    });
    let mut policy_handle = ptr::null_mut();
    // SAFETY: texts and their lengths, and a place for the handle.
    let status = unsafe { from_strings(texts.as_ptr(), texts.len(), &mut policy_handle) };
    assert_eq!(status, 0);
    let times = race(
        2001,
        || (0..CALLS).for_each(|_| _ = black_box(policy.check(black_box(&password), &context))),
        || {
            (0..CALLS).for_each(|_| {
                let mut report = ptr::null_mut();
                // SAFETY: the policy lives, no context is given, the password is there, and the
                // report is freed once.
                unsafe {
                    let (data, len) = (black_box(PASSWORD.as_ptr()), PASSWORD.len());
                    assert_eq!(
                        check(policy_handle, ptr::null_mut(), data, len, &mut report),
                        0
                    );
                    report_free(report);
                }
            });
        },
    );
    report_call("policy_check", CALLS, times);

    // Nothing in Rust is like it: a field of the struct is read.
    let info = pwseal_api::PasswordInfo::from_json(INFO).expect("a password-info");
    let mut info_handle = ptr::null_mut();
    // SAFETY: the types are those of the header; a slice and its length, and a place for the handle.
    let identity_id: Lend = unsafe {
        let parse: Parse = library.function("pwseal_password_info_parse");
        assert_eq!(parse(INFO.as_ptr(), INFO.len(), &mut info_handle), 0);
        library.function("pwseal_password_info_identity_id")
    };
    let times = race(
        2001,
        || {
            (0..CALLS).for_each(|_| _ = black_box(black_box(&info).identity_id.as_deref()));
        },
        || {
            (0..CALLS).for_each(|_| {
                let mut text = Text {
                    data: ptr::null(),
                    len: 0,
                };
                // SAFETY: the handle lives, and there is a place for the text.
                assert_eq!(unsafe { identity_id(black_box(info_handle), &mut text) }, 0);
                black_box(&text);
            });
        },
    );
    report_call("a text that is lent", CALLS, times);

    let passwords = vec![password; BATCH];
    let bytes: Vec<Bytes> = passwords
        .iter()
        .map(|password| Bytes {
            data: password.expose().as_ptr(),
            len: password.len(),
        })
        .collect();
    let mut out = vec![0; BATCH * SIZE];
    let mut batch = || {
        let mut out_len = out.len();
        // SAFETY: the handle lives, the passwords are there, and so is the room.
        let status = unsafe {
            encrypt_many(
                handle,
                bytes.as_ptr(),
                BATCH,
                out.as_mut_ptr(),
                &mut out_len,
            )
        };
        assert_eq!(status, 0);
    };
    let mut rust_out = vec![0; BATCH * SIZE];
    for (name, times) in [
        (
            "encrypt_many",
            race(
                41,
                || _ = black_box(key.encrypt_many(&passwords)),
                &mut batch,
            ),
        ),
        (
            "encrypt_many_into",
            race(
                41,
                || {
                    key.encrypt_many_into(&passwords, &mut rust_out)
                        .expect("encrypted")
                },
                &mut batch,
            ),
        ),
    ] {
        let (rust, c) = (times.0.as_secs_f64() * 1e3, times.1.as_secs_f64() * 1e3);
        println!(
            "{name:<23} of {BATCH}: Rust {rust:.2} ms, C {c:.2} ms: {:+.1} %",
            (c / rust - 1.0) * 100.0
        );
    }
}
