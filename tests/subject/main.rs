//! The program that the tests of memory, timing, faults and system calls look at: it does one
//! thing with passwords that it reads from standard input, and then stands still.
//!
//! `subject print SCENARIO BACKEND KEY-FILE LENGTH...` reads a password of each length, runs the
//! scenario and prints the backend and the result. With `still` it prints nothing: it wipes
//! what was its own and stops for its memory and its registers to be read. With any other word it only runs.
//! `subject backends` prints those that there are. SUBJECT_STACK is the size in bytes of the stack that all this has.
//!
//! It reads past the buffers of the standard library, which would keep copies.
#![forbid(unsafe_code)]

mod plant;

use std::fs::File;
use std::hint::black_box;
use std::io::Read as _;
use std::num::NonZero;
use std::os::fd::AsFd as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::{env, fs, io, thread};

use pwseal::policy::{Context, Dictionary, Policy};
use pwseal::rand_core::{TryCryptoRng, TryRng};
use pwseal::{Backend, Error, Password, PublicKey, Threads};
use pwseal_api::http::Response;
use pwseal_api::{Api, ApiVersion, DigitToken, KeyCache, PasswordChangeRequest, PasswordInfo};
use signal_hook::consts::SIGSTOP;
use signal_hook::low_level::raise;
use zeroize::Zeroizing;

/// What the caller owns. It is wiped when a scenario ends.
struct Caller {
    key: PublicKey,
    secrets: Vec<Zeroizing<Vec<u8>>>,
    prints: bool,
}

fn main() {
    match env::var("SUBJECT_STACK") {
        Ok(size) => {
            let size = size.parse().expect("a size");
            let thread = thread::Builder::new().stack_size(size).spawn(on_this_stack);
            thread.expect("a thread").join().expect("it ends");
        }
        Err(_) => on_this_stack(),
    }
}

fn on_this_stack() {
    let mut args = env::args().skip(1);
    let mut arg = || args.next().expect("an argument");
    let mode = arg();
    if mode == "backends" {
        return Backend::available().for_each(|backend| println!("{backend}"));
    }
    let prints = mode == "print";
    let (scenario, backend, key) = (arg(), arg(), arg());
    let key = PublicKey::parse(fs::read(key).expect("a key file")).expect("a key");
    let key = match backend.as_str() {
        "detected" => key,
        name => key
            .with_backend(name.parse().expect("a backend"))
            .expect("the CPU has it"),
    };
    let lengths: Vec<usize> = args.map(|len| len.parse().expect("a length")).collect();
    let mut input = File::from(io::stdin().as_fd().try_clone_to_owned().expect("stdin"));
    if prints {
        println!("{}", key.backend());
    }

    let secrets = lengths.into_iter().map(|len| {
        let mut secret = Zeroizing::new(vec![0; len]);
        input.read_exact(&mut secret).expect("a password");
        secret
    });
    let caller = Caller {
        key,
        secrets: secrets.collect(),
        prints,
    };
    run(&scenario, caller);

    if mode == "still" {
        raise(SIGSTOP).expect("a signal");
    }
}

#[inline(never)]
fn run(scenario: &str, caller: Caller) {
    match scenario {
        "nothing" => {}
        "encrypt" => {
            let password = caller.password();
            let ciphertext = caller.key.encrypt(&password);
            caller.print(&[ciphertext.expect("it fits")]);
        }
        "encrypt-string" => {
            let mut text = String::with_capacity(512);
            text.push_str(std::str::from_utf8(&caller.secrets[0]).expect("text"));
            let password = Password::try_from(text).expect("not empty");
            let copy = password.clone();
            drop(password);
            let ciphertext = caller.key.encrypt(&copy);
            caller.print(&[ciphertext.expect("it fits")]);
        }
        "encrypt-into" => {
            let mut out = vec![0; caller.key.size()];
            let password = caller.password();
            caller
                .key
                .encrypt_into(&password, &mut out)
                .expect("it fits");
            caller.print(&[out]);
        }
        "encrypt-many" => {
            let passwords = caller.passwords();
            let ciphertexts = caller.key.encrypt_many(&passwords).expect("they fit");
            caller.print(&ciphertexts);
        }
        "encrypt-many-on" => {
            let passwords = caller.passwords();
            let threads = Threads::at_most(NonZero::new(2).expect("not 0"));
            // As `encrypt_many_on` does it, but that each thread waits for the other with its share in hand.
            let barrier = Barrier::new(2);
            let shares = passwords.chunks(passwords.len() / 2);
            let count = 2 * Threads::SHARE;
            let shares = threads.share_out(count, caller.key.size(), shares, |share| {
                barrier.wait();
                caller.key.encrypt_many(share).expect("they fit")
            });
            caller.print(&shares.concat());
        }
        "encrypt-many-into" => {
            let passwords = caller.passwords();
            let mut out = vec![0; passwords.len() * caller.key.size()];
            caller
                .key
                .encrypt_many_into(&passwords, &mut out)
                .expect("they fit");
            let blocks: Vec<&[u8]> = out.chunks(caller.key.size()).collect();
            caller.print(&blocks);
        }
        "encrypt-with-rng" => {
            let password = caller.password();
            let ciphertext = caller.key.encrypt_with_rng(&mut ramp(), &password);
            caller.print(&[ciphertext.expect("it fits")]);
        }
        "encrypt-into-with-rng" => {
            let mut out = vec![0; caller.key.size()];
            let password = caller.password();
            caller
                .key
                .encrypt_into_with_rng(&mut ramp(), &password, &mut out)
                .expect("it fits");
            caller.print(&[out]);
        }
        "encrypt-many-with-rng" => {
            let passwords = caller.passwords();
            let ciphertexts = caller.key.encrypt_many_with_rng(&mut ramp(), &passwords);
            caller.print(&ciphertexts.expect("they fit"));
        }
        "encrypt-many-into-with-rng" => {
            let passwords = caller.passwords();
            let mut out = vec![0; passwords.len() * caller.key.size()];
            caller
                .key
                .encrypt_many_into_with_rng(&mut ramp(), &passwords, &mut out)
                .expect("they fit");
            let blocks: Vec<&[u8]> = out.chunks(caller.key.size()).collect();
            caller.print(&blocks);
        }
        "too-long" => {
            let password = caller.password();
            let error = caller.key.encrypt(&password).expect_err("too long");
            assert!(matches!(error, Error::PasswordTooLong { .. }));
        }
        "too-long-in-batch" => {
            let passwords = caller.passwords();
            let error = caller.key.encrypt_many(&passwords).expect_err("too long");
            assert!(matches!(error, Error::InBatch { .. }));
        }
        "wrong-output" => {
            let mut out = vec![0; caller.key.size() - 1];
            let password = caller.password();
            let error = caller.key.encrypt_into(&password, &mut out);
            assert!(matches!(error, Err(Error::OutputLength { .. })));
        }
        "no-random-bytes" => {
            let password = caller.password();
            let error = caller
                .key
                .encrypt_with_rng(&mut half(|| Error::RandomSource), &password);
            assert_eq!(error.expect_err("no padding"), Error::RandomSource);
        }
        "os-random-fails" => {
            let password = caller.password();
            let error = caller.key.encrypt(&password);
            assert_eq!(error.expect_err("no padding"), Error::RandomSource);
        }
        "random-source-panics" => {
            let passwords = caller.passwords();
            let encrypt = || {
                caller
                    .key
                    .encrypt_many_with_rng(&mut half(|| resume_unwind(Box::new(()))), &passwords)
            };
            assert!(catch_unwind(AssertUnwindSafe(encrypt)).is_err());
        }
        "work-panics" => plant::unwinding(&caller.secrets[0]),
        "fork" => {
            let password = caller.password();
            let encrypt = || caller.print(&[caller.key.encrypt(&password).expect("it fits")]);
            encrypt();
            // Here the preloaded library forks.
            black_box(std::os::unix::process::parent_id());
            (0..3).for_each(|_| encrypt());
        }
        "check" => {
            let policy = Policy::from_strings([
                "passwordMinLength is 5",
                "passwordMinUpper is 1",
                "passwordMinCharType is 3",
                "passwordRepeatedChar is 2",
                "checkPasswordAgainstAccountID is true",
                "checkPasswordAgainstDisplayName is true",
                "checkPasswordsAgainstDictionary is true",
                "checkPasswordsAgainstIdentityAttributes is true",
            ]);
            let context = Context::new()
                .with_account_id("CN=Abby Smith,OU=Austin,OU=Americas")
                .with_account_name("Abby.Smith")
                .with_dictionary(Dictionary::parse("qwerty\nabcd\n").expect("a dictionary"))
                .with_identity_attribute("phone", "555-555-1234");
            let report = policy.check(&caller.password(), &context);
            let findings: Vec<String> = report.findings().map(|f| f.to_string()).collect();
            black_box(findings);
        }
        "judge" => {
            // Not in a normal form, so that all of it is decomposed; and what is left out, or refused.
            let secret = &caller.secrets[0][..];
            let odd = [secret, "e\u{323}\u{301}\u{a0}".as_bytes()];
            let marked = ["\u{feff}".as_bytes(), secret];
            let refused = [secret, b"\n"];
            for parts in [&odd, &marked, &refused] {
                let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
                parts.iter().for_each(|part| bytes.extend_from_slice(part));
                let password = Password::try_from(bytes).expect("not empty");
                let error = password.judge().err().map(|error| error.to_string());
                assert_eq!(error.is_some(), *parts == refused);
                black_box((error, password.into_judged().is_ok()));
            }
        }
        "generate" => {
            let policy =
                Policy::from_strings(["passwordMinNumeric is 12", "passwordMinUpper is 4"]);
            let password = policy.generate(&mut pwseal::SysRng, 24).expect("possible");
            caller.print(&[password.expose()]);
        }
        "change-request" => {
            let request = info().change_request(None, &caller.password());
            caller.print_request(&request.expect("a body"));
        }
        "change-request-cached" => {
            let (info, mut cache) = (info(), KeyCache::new());
            let recipient = info.recipient_cached(None, &mut cache).expect("an account");
            let request = recipient.change_request(&caller.password());
            caller.print_request(&request.expect("a body"));
        }
        "change-request-despite-policy" => {
            let mut info = info();
            add_policy(&mut info, "passwordMinLength is 1000");
            let recipient = info.recipient(None).expect("an account");
            let request = recipient.change_request_despite_policy(&caller.password());
            caller.print_request(&request.expect("a body"));
        }
        "change-request-violated" => {
            let mut info = info();
            add_policy(&mut info, "passwordMinLength is 1000");
            add_policy(&mut info, "checkPasswordAgainstAccountID is true");
            let password = caller.password();
            let error = info.change_request(None, &password).expect_err("too short");
            black_box(error.to_string());
            let recipient = info.recipient(None).expect("an account");
            assert!(recipient.check(&password).has_violation());
        }
        "digit-token" => {
            let mut json = Zeroizing::new(Vec::with_capacity(512));
            json.extend_from_slice(br#"{"requestId": "r", "digitToken": ""#);
            json.extend_from_slice(&caller.secrets[0]);
            json.extend_from_slice(br#""}"#);
            let token = DigitToken::from_response(&Response::new(&json[..])).expect("a token");
            assert!(token.digit_token().map(str::as_bytes) == Some(&caller.secrets[0]));
            black_box(format!("{:?}", token.clone()));
        }
        planted => plant::plant(planted, &caller),
    }
}

impl Caller {
    fn password(&self) -> Password {
        Password::new(&self.secrets[0][..]).expect("not empty")
    }

    fn passwords(&self) -> Vec<Password> {
        let secrets = self.secrets.iter();
        secrets
            .map(|secret| Password::new(&secret[..]).expect("not empty"))
            .collect()
    }

    /// The ciphertext of a request, which is sent too.
    fn print_request(&self, request: &PasswordChangeRequest) {
        self.print(&[request.encrypted_password()]);
        black_box(request.to_json());
        let api = Api::new(ApiVersion::V2026, "acme").expect("a tenant");
        black_box(api.set_password(request).expect("a request"));
    }

    /// One line of hexadecimal digits for each result.
    fn print(&self, results: &[impl AsRef<[u8]>]) {
        black_box(results.as_ptr());
        for result in results.iter().filter(|_| self.prints) {
            let hex: String = result.as_ref().iter().map(|b| format!("{b:02x}")).collect();
            println!("{hex}");
        }
    }
}

/// The published example.
fn add_policy(info: &mut PasswordInfo<'_>, policy: &'static str) {
    info.policies.get_or_insert_default().push(policy.into());
}

fn info() -> PasswordInfo<'static> {
    let json = include_str!("../../examples/password-info.json");
    PasswordInfo::from_json(json).expect("an example")
}

/// A random source of the caller's: how it fills a buffer. It holds no state that is searched for.
struct Source<F>(F);

impl<F: FnMut(&mut [u8]) -> Result<(), Error>> TryRng for Source<F> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        (self.0)(out)
    }
}

impl<F: FnMut(&mut [u8]) -> Result<(), Error>> TryCryptoRng for Source<F> {}

/// One that works, and gives the same in every run.
fn ramp() -> impl TryCryptoRng<Error = Error> {
    let mut state = 7;
    Source(move |out: &mut [u8]| {
        fill(&mut state, out);
        Ok(())
    })
}

/// One that gives half of what it is asked for, and then fails or panics.
fn half(mut then: impl FnMut() -> Error) -> impl TryCryptoRng<Error = Error> {
    Source(move |out: &mut [u8]| {
        let half = out.len() / 2;
        fill(&mut 1, &mut out[..half]);
        Err(then())
    })
}

fn fill(state: &mut u64, out: &mut [u8]) {
    for byte in out {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = state.to_be_bytes()[0];
    }
}
