//! The bounds of docs/, computed for every length of modulus, from the constants of the code.
//!
//! Each kernel has a function that gives the largest values that its numbers, limbs and columns can take for a modulus of
//! some bits. They grow with the modulus, so that the largest of its length is the worst.

use std::string::String;
use std::vec::Vec;
use std::{format, println};

use num_bigint::BigUint;

use crate::key::{MAX_BITS, MIN_BITS};
use crate::radix64::{self, BLOCK, Quotient};

/// What was compared for one length.
pub(crate) struct Bounds {
    bits: usize,
    broken: Vec<String>,
    compared: usize,
}

impl Bounds {
    /// The largest value must be below a limit.
    pub(crate) fn below(&mut self, what: &str, largest: &BigUint, limit: &BigUint) {
        self.compared += 1;
        if largest >= limit {
            let (bits, has, may) = (self.bits, largest.bits(), limit.bits());
            self.broken.push(format!(
                "{bits} bits: {what} may have {has} bits, and not be below a number of {may}"
            ));
        }
    }
}

/// Compares for every length of modulus.
pub(crate) fn hold_for_every_length(kernel: impl Fn(usize, &mut Bounds)) {
    let mut bounds = Bounds {
        bits: 0,
        broken: Vec::new(),
        compared: 0,
    };
    for bits in MIN_BITS..=MAX_BITS {
        bounds.bits = bits;
        kernel(bits, &mut bounds);
    }
    println!("{} comparisons", bounds.compared);
    assert!(bounds.compared > MAX_BITS - MIN_BITS);
    let broken = &bounds.broken;
    assert!(
        broken.is_empty(),
        "{} bounds are broken, such as {:?}",
        broken.len(),
        broken[0]
    );
}

pub(crate) fn two_to_the(bits: usize) -> BigUint {
    BigUint::from(1_u8) << bits
}

#[test]
#[should_panic(expected = "2000 bits: a number may have 2001 bits")]
fn a_bound_that_is_broken_for_one_length_is_found() {
    hold_for_every_length(|bits, bounds| {
        let limit = two_to_the(2000 + usize::from(bits != 2000));
        bounds.below("a number", &two_to_the(2000), &limit);
    });
}

/// docs/portable.md
#[test]
fn those_of_the_portable_and_the_adx_backend_hold() {
    let one = BigUint::from(1_u8);
    let block = two_to_the(64 * BLOCK);
    hold_for_every_length(|bits, bounds| {
        let ones = two_to_the(bits) - two_to_the(bits - 32);
        // The least and the largest modulus that begin with 32 ones, and that do not.
        let moduli = [
            (0, [two_to_the(bits - 1), &ones - &one]),
            (1, [ones, two_to_the(bits) - &one]),
        ];
        for (spare, [least, largest]) in moduli {
            let (blocks, shift) = (radix64::blocks(bits, spare), radix64::shift(bits, spare));
            let top = two_to_the(64 * BLOCK * blocks);
            let (from, reciprocal) = (bits + spare - Quotient::BITS, 62 + Quotient::BITS);
            assert_eq!(from + shift + Quotient::BITS, 64 * BLOCK * blocks);

            // A residue is a remainder of a division by n moved up to the top of its own limbs.
            let residue = (&largest << (bits.next_multiple_of(64) - bits)) - &one;
            bounds.below("a residue", &residue, &top);
            let digits = &block - &one;
            let folds = &digits * residue * (blocks - 1);
            let sum = &top * &block + folds + &digits * &largest;
            let y = sum >> (64 * BLOCK);
            let carries = &y / &top;
            bounds.below("the carries", &carries, &BigUint::from(blocks + 1));
            let read = &y >> (from + shift);
            bounds.below("what is read for a quotient", &read, &two_to_the(64));

            for n in [&least, &largest] {
                let (moved, above) = (n << shift, (n >> from) + &one);
                let inverse = two_to_the(reciprocal) / &above;
                bounds.below("the reciprocal", &inverse, &two_to_the(64));
                // The quotient of what is read by `above` is then rounded down by less than 1 too much.
                bounds.below(
                    "the error of a quotient",
                    &(&read * &above),
                    &two_to_the(reciprocal),
                );
                // y less n as often: (T + 2 + Q) u
                let rest = (&above + 2_u8 + &y / &moved) << (from + shift);
                bounds.below("x", &rest, &top);
                bounds.below("x", &rest, &(&moved << 1));

                // The end: as far as the number is longer than n, by 20 bits at a time.
                if shift > 0 {
                    let read =
                        n >> from << (Quotient::STEP + 1) | (two_to_the(Quotient::STEP + 1) - &one);
                    bounds.below("what is read at the end", &read, &two_to_the(64));
                    bounds.below(
                        "the error at the end",
                        &(&read * &above),
                        &two_to_the(reciprocal),
                    );
                    let quotient = two_to_the(Quotient::STEP + 2);
                    let rest = (&above + 2_u8 + quotient) << from;
                    bounds.below("what is left at the end", &rest, &(n << 1));
                }
            }
        }
    });
    let limb = two_to_the(64) - &one;
    let sum = &limb * &limb + &limb + &limb;
    assert!(
        sum < two_to_the(128),
        "a product of limbs, a limb and a carry"
    );
}
