//! Whether the time of the arithmetic tells a fixed message from random ones, for each backend:
//! Welch's t-test on the times, after O. Reparaz, J. Balasch and I. Verbauwhede, "Dude, is my code
//! constant time?". A |t| above 5 says that it does.
//!
//! Beside each is its control: random messages in both classes, measured in the same way. What it shows is the noise of the
//! machine and of the method.
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

/// For each backend the measurement and its control.
macro_rules! backends {
    ($($name:ident $control:ident = $Backend:ident, $blocks:expr;)+) => {
        $(
            fn $name(runner: &mut CtRunner, rng: &mut BenchRng) {
                backend(Backend::$Backend, $blocks, Messages::FixedOrRandom, runner, rng);
            }

            fn $control(runner: &mut CtRunner, rng: &mut BenchRng) {
                backend(Backend::$Backend, $blocks, Messages::Random, runner, rng);
            }
        )+

        ctbench_main!($($name, $control,)+ leaky);
    };
}

backends! {
    portable portable_control = Portable, 1;
    adx adx_control = Adx, 1;
    avx2_x4 avx2_x4_control = Avx2X4, 4;
    avx512_x8 avx512_x8_control = Avx512X8, BLOCKS;
    ifma ifma_control = Ifma, 1;
    ifma_x8 ifma_x8_control = IfmaX8, BLOCKS;
    ifma_x8_winograd ifma_x8_winograd_control = IfmaX8Winograd, BLOCKS;
}

/// The messages of both classes.
#[derive(Clone, Copy)]
enum Messages {
    /// One has a fixed message, which each run draws anew, and the other random ones.
    FixedOrRandom,
    /// Both have random ones.
    Random,
}

fn backend(
    backend: Backend,
    blocks: usize,
    messages: Messages,
    runner: &mut CtRunner,
    rng: &mut BenchRng,
) {
    let key = key(backend);
    measure(blocks, messages, runner, rng, |message| {
        key.rsaep(message).expect("below the modulus");
    });
}

/// What must be found: twice the work when the last byte of a message is odd.
fn leaky(runner: &mut CtRunner, rng: &mut BenchRng) {
    let key = key(Backend::Portable);
    measure(1, Messages::FixedOrRandom, runner, rng, |message| {
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
fn measure(
    blocks: usize,
    messages: Messages,
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    call: impl Fn(&mut [u8]),
) {
    let mut left = vec![0; blocks * SIZE];
    rng.fill_bytes(&mut left);
    // Even, for the leaky variant.
    left[SIZE - 1] &= 0xfe;
    let mut drawn = vec![0; blocks * SIZE];
    let mut message = vec![0; blocks * SIZE];
    for _ in 0..MEASUREMENTS {
        // Drawn for both, so that what comes before a call is the same.
        rng.fill_bytes(&mut message);
        rng.fill_bytes(&mut drawn);
        if let Messages::Random = messages {
            left.copy_from_slice(&drawn);
        }
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
        for (byte, left) in message.iter_mut().zip(&left) {
            *byte ^= (*byte ^ left) & black_box(mask);
        }
        message.chunks_mut(SIZE).for_each(|block| block[0] = 0);
        let cell = RefCell::new(&mut message);
        runner.run_one(class, || call(black_box(&mut cell.borrow_mut()[..])));
    }
}
