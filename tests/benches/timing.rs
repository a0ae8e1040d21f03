//! Whether the time of the arithmetic tells a fixed message from random ones, for each backend:
//! Welch's t-test on the times, after O. Reparaz, J. Balasch and I. Verbauwhede, "Dude, is my code
//! constant time?". A |t| above 5 says that it does.
//!
//! `tests/long timing` runs it and reads the result.
#![allow(
    clippy::panic,
    missing_docs,
    reason = "that is how a measurement fails; its main has no place for a comment"
)]

use std::cell::RefCell;
use std::hint::black_box;

use dudect_bencher::rand::Rng;
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};
use rsaep::{Backend, PublicKey};

const SIZE: usize = 256;

/// The measurements of one backend.
const MEASUREMENTS: usize = 1_000_000;

/// As many blocks as the widest backend takes at once.
const BLOCKS: usize = 8;

fn portable(runner: &mut CtRunner, rng: &mut BenchRng) {
    backend(Backend::Portable, 1, runner, rng);
}

fn adx(runner: &mut CtRunner, rng: &mut BenchRng) {
    backend(Backend::Adx, 1, runner, rng);
}

fn ifma(runner: &mut CtRunner, rng: &mut BenchRng) {
    backend(Backend::Ifma, 1, runner, rng);
}

fn ifma_x8(runner: &mut CtRunner, rng: &mut BenchRng) {
    backend(Backend::IfmaX8, BLOCKS, runner, rng);
}

fn backend(backend: Backend, blocks: usize, runner: &mut CtRunner, rng: &mut BenchRng) {
    let key = key(backend);
    measure(blocks, runner, rng, |message| {
        key.rsaep(message).expect("below the modulus");
    });
}

/// What must be found: twice the work when the last byte of a message is odd.
fn leaky(runner: &mut CtRunner, rng: &mut BenchRng) {
    let key = key(Backend::Portable);
    measure(1, runner, rng, |message| {
        let odd = message[SIZE - 1] & 1 == 1;
        key.rsaep(message).expect("below the modulus");
        if odd {
            message[0] = 0;
            key.rsaep(message).expect("below the modulus");
        }
    });
}

fn key(backend: Backend) -> PublicKey {
    let n: [u8; SIZE] = std::array::from_fn(|i| (i * i * 167 + i * 29 + 0x8d).to_le_bytes()[0] | 1);
    let key = PublicKey::with_backend(&n, &[1, 0, 1], backend);
    key.unwrap_or_else(|error| panic!("{backend} is not measured: {error}"))
}

/// Times one call for each measurement. Both classes are copied into the same buffer before.
fn measure(blocks: usize, runner: &mut CtRunner, rng: &mut BenchRng, call: impl Fn(&mut [u8])) {
    let mut fixed = vec![0; blocks * SIZE];
    rng.fill_bytes(&mut fixed);
    // Even, for the leaky variant.
    fixed[SIZE - 1] &= 0xfe;
    let mut message = vec![0; blocks * SIZE];
    for _ in 0..MEASUREMENTS {
        // Drawn for both, so that what comes before a call is the same.
        rng.fill_bytes(&mut message);
        let class = if rng.next_u32() & 1 == 0 {
            Class::Left
        } else {
            Class::Right
        };
        let mask = if matches!(class, Class::Left) {
            0xff
        } else {
            0
        };
        for (byte, fixed) in message.iter_mut().zip(&fixed) {
            *byte ^= (*byte ^ fixed) & black_box(mask);
        }
        message.chunks_mut(SIZE).for_each(|block| block[0] = 0);
        let cell = RefCell::new(&mut message);
        runner.run_one(class, || call(black_box(&mut cell.borrow_mut()[..])));
    }
}

ctbench_main!(portable, adx, ifma, ifma_x8, leaky);
