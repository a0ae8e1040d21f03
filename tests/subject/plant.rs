//! What the tests must find: each leaves a secret behind in another way, or lets it decide.
#![allow(
    clippy::panic,
    reason = "a scenario that does not exist fails its test"
)]

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use pwseal::rand_core::TryRng as _;
use rsaep::without_traces;
use zeroize::Zeroizing;

use super::{Caller, ramp};

/// Does the one that is named.
pub(crate) fn plant(name: &str, caller: &Caller) {
    let secret = &caller.secrets[0];
    match name {
        "plant-all" => {
            black_box(secret.to_vec().leak());
        }
        "plant-unwinding" => unwind(|work| work(), secret),
        "plant-heap" => drop(black_box(secret.to_vec())),
        "plant-piece" => {
            black_box(secret[3..11].to_vec().leak());
        }
        "plant-stack" => on_stack(secret),
        "plant-em" => drop(black_box(em(caller).to_vec())),
        "plant-limbs-64" => {
            let limb = em(caller).rchunks_exact(8).map(be_word).nth(1);
            black_box(Box::leak(Box::new(limb)));
        }
        "plant-limbs-52" => {
            // Thirteen bytes are two limbs.
            let low = em(caller)
                .rchunks_exact(13)
                .map(|pair| be_word(&pair[5..]))
                .nth(1);
            black_box(Box::leak(Box::new(low.map(|low| low & ((1 << 52) - 1)))));
        }
        "plant-seed" => {
            let mut seed = vec![0; 32];
            let filled = pwseal::SysRng.try_fill_bytes(&mut seed);
            filled.expect("random bytes");
            black_box(seed.leak());
        }
        "plant-branch" => {
            if black_box(secret[5]) & 1 == 1 {
                black_box(secret.len());
            }
        }
        "plant-index" => {
            let table = black_box([1_u8; 256]);
            black_box(table[usize::from(secret[5])]);
        }
        "plant-file" => drop(std::fs::File::open("/dev/null")),
        "plant-socket" => drop(std::net::TcpListener::bind("127.0.0.1:0")),
        name => panic!("no scenario {name}"),
    }
}

/// Leaves a secret on the stack and panics, where both are overwritten.
pub(crate) fn unwinding(secret: &[u8]) {
    unwind(|work| without_traces(work), secret);
}

fn unwind(run: impl FnOnce(&dyn Fn()), secret: &[u8]) {
    let work = || {
        let mut local = [0; 4096];
        for place in local.chunks_exact_mut(32) {
            place.copy_from_slice(&secret[..32]);
        }
        black_box(&local);
        resume_unwind(Box::new(()));
    };
    let run = AssertUnwindSafe(|| run(&work));
    assert!(catch_unwind(run).is_err());
}

#[inline(never)]
fn on_stack(secret: &[u8]) {
    let mut local = [0; 512];
    local[..32].copy_from_slice(&secret[..32]);
    black_box(&local);
}

/// EM as `encrypt-with-rng` builds it, whose ciphertext is printed so that it is known.
fn em(caller: &Caller) -> Zeroizing<Vec<u8>> {
    let password = caller.password();
    let ciphertext = caller.key.encrypt_with_rng(&mut ramp(), &password);
    caller.print(&[ciphertext.expect("it fits")]);

    let size = caller.key.size();
    let separator = size - password.len() - 1;
    let mut em = Zeroizing::new(vec![0; size]);
    let mut ramp = ramp();
    em[1] = 2;
    for at in 2..separator {
        while em[at] == 0 {
            let byte = &mut em[at..=at];
            ramp.try_fill_bytes(byte).expect("a ramp");
        }
    }
    em[separator + 1..].copy_from_slice(password.expose());
    em
}

fn be_word(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}
