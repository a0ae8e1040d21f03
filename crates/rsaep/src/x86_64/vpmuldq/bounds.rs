//! The bounds of docs/vpmuldq.md.

use num_bigint::BigUint;

use super::modulus::{self, QUOTIENT_FROM, QUOTIENT_SHIFT, RECIPROCAL};
use crate::bounds::{hold_for_every_length, two_to_the};

#[test]
fn those_of_signed_digits_hold() {
    let one = BigUint::from(1_u8);
    let lane = two_to_the(63);
    hold_for_every_length(|bits, bounds| {
        let (width, len) = modulus::digits(bits);
        let (w, half) = (two_to_the(width), two_to_the(width - 1));
        let n = two_to_the(bits);
        // The largest number of so many digits.
        let digits = |len: usize| &half * ((two_to_the(width * len) - &one) / (&w - &one));
        let (top, highest) = (two_to_the(width * len), two_to_the(width * (len - 1)));

        // Between steps, if the highest digit of an upper half is below W.
        let x = digits(len) + (&half * (len - 1) + &w) * &n;
        bounds.below("x", &x, &top);
        let t = (&x + digits(len - 1)) / &highest + &one;
        bounds.below("the highest digit of x", &t, &w);
        let upper = (&x * &x + digits(len)) / &top + &one;
        let u = (upper + digits(len - 1)) / &highest + &one;
        bounds.below("the highest digit of an upper half", &u, &w);
        bounds.below("the highest digit of a row", &(&n / &highest + &one), &half);
        bounds.below("a sum of quarters", &(&half * 3_u8 + &t), &two_to_the(31));

        // Columns come to their carry with 2^63 + W / 2, and must stay between 0 and 2^64.
        let carry = (&lane >> width) + &half;
        let square = &half * &half * (len - 2) + &half * &t * 2_u8;
        bounds.below("a column of a product", &(square + &carry), &lane);
        bounds.below(
            "the highest column of a product",
            &(&t * &t + &carry),
            &lane,
        );
        let fold = &half + &half * &half * (len - 1) + &half * &u;
        bounds.below("a column of a fold", &(fold + &carry), &lane);

        // The end: an offset of at most W^len + n.
        let least = two_to_the(bits - 1) + &one;
        let mut y = &x + &top + &n;
        bounds.below(
            "what is reduced",
            &y,
            &two_to_the(64 * modulus::words_len(bits)),
        );
        let reciprocal = two_to_the(bits + RECIPROCAL) / &least;
        bounds.below("the reciprocal", &reciprocal, &two_to_the(64));
        for shift in [QUOTIENT_SHIFT, 0] {
            let read = &y >> (bits + shift - QUOTIENT_FROM);
            bounds.below("what is read for a quotient", &read, &two_to_the(64));
            // The bits that are not read, and the reciprocal, which is less than 2 too small.
            let error = &reciprocal + &read * 2_u8;
            bounds.below(
                "the error of a quotient",
                &error,
                &two_to_the(RECIPROCAL + QUOTIENT_FROM),
            );
            y = &n << (shift + 1);
        }
    });
}
