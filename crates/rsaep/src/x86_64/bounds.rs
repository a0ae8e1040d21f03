//! The bounds of docs/ifma.md, for both IFMA backends.

use std::vec;
use std::vec::Vec;

use num_bigint::BigUint;

use super::radix52::{self, BITS, INNER_ROOM, QUOTIENT_BITS, QUOTIENT_FROM};
use super::table;
use crate::bounds::{hold_for_every_length, two_to_the};

/// What a register's lane holds.
const LANE: usize = 64;

/// The largest row W^(len + i) mod n of the table for each i, as [`table::fill`] makes them, and the largest column on
/// the way, in limbs.
fn rows(width: usize, len: usize, n: &BigUint) -> (Vec<BigUint>, usize) {
    let largest_limb = two_to_the(width) - 1_u8;
    // (row + digit n) / W
    let divided = |row: &BigUint| (row + &largest_limb * n) >> width;
    let mut top = table::first(len);
    let mut rows = vec![BigUint::ZERO; 2 * len];
    rows[top] = n - 1_u8;
    for row in (0..top).rev() {
        rows[row] = divided(&rows[row + 1]);
    }
    let mut columns = 1 + 2 * top;
    while top < len - 1 {
        let sum: BigUint = rows[..top].iter().sum();
        let up = two_to_the(width * len) - two_to_the(width * top);
        let mut row = up + sum * &largest_limb;
        for at in (top + 1..2 * top).rev() {
            row = divided(&row);
            rows[at] = row.clone();
        }
        // The limb, both halves of each of the products, and two more for each division.
        columns = columns.max(1 + 2 * top + 2 * (top - 1));
        top = 2 * top - 1;
    }
    rows.truncate(len);
    (rows, columns)
}

#[test]
fn those_of_the_ifma_backends_hold() {
    let one = BigUint::from(1_u8);
    let limb = two_to_the(BITS) - &one;
    let lane = two_to_the(LANE);
    hold_for_every_length(|bits, bounds| {
        let len = radix52::len(BITS, bits);
        let (fold_at, quotients) = (radix52::fold_at(BITS, bits), radix52::quotients(BITS, bits));
        let (n, top) = (two_to_the(bits) - &one, two_to_the(BITS * len));
        let (rows, columns) = rows(BITS, len, &n);
        bounds.below(
            "a column of the table",
            &(&limb * columns + &lane / &limb),
            &lane,
        );
        for row in &rows {
            bounds.below("a row of the table", row, &top);
        }
        bounds.below(
            "row 0, of which 2^fold_at mod n is made",
            &rows[0],
            &(&n + &n),
        );

        // In one step, and in two where the code has them: limbs from `split` on are replaced first, by one row.
        let mut splits = vec![len, radix52::split(len)];
        splits.dedup();
        for split in splits {
            // How many halves of products are in a column before the fold, and after it.
            let before = 2 * len + 2 * (len - split);
            let mut after = before + 2 * split + 2;
            let mut folded = &limb * rows[..split].iter().sum::<BigUint>();
            if split < len {
                bounds.below("the row of the first step", &rows[split], &top);
                let at = BITS * (len + split);
                let above = ((two_to_the(at) - &one) * before + two_to_the(at)) >> at;
                bounds.below("the limb above the lower half", &above, &limb);
                folded += above * &rows[split];
                after += 2;
            }
            let carry = &lane >> BITS;
            bounds.below("a column", &(&limb * after + carry), &lane);

            let sums = (&top - &one) * before + folded;
            let above = sums >> fold_at;
            bounds.below("what is above fold_at", &above, &(&limb + &one));
            let top_shift = fold_at - BITS * (len - 1);
            assert!((1..BITS).contains(&top_shift), "{bits} bits");
            // All columns below the highest limb may be full.
            let highest = two_to_the(BITS * (len - 1));
            let below = (&highest - &one) * after;
            let rest = (two_to_the(top_shift) - &one) * highest + below;
            let x = rest + above * (&n - &one);
            bounds.below("x", &x, &top);
            if matches!(len, 40 | 60 | 80) {
                bounds.below("2 x", &(&x + &x), &top);
            }
            bounds.below("the message, twice", &(&n + &n), &top);

            // The quotients, from the highest down.
            let mut x = x;
            for shift in (0..quotients).rev() {
                let from = bits - QUOTIENT_FROM + QUOTIENT_BITS * shift;
                assert!(from / BITS < len, "{bits} bits");
                let read = x >> from;
                bounds.below("what is read for a quotient", &read, &(&limb + &one));
                // The quotient is too small by less than 1: by the bits that are not read, less than 2^-8 of it, and by the
                // reciprocal, less than 1 + 2^-18 too small, as far as it is multiplied. Both times 2^70.
                let error = two_to_the(70 - 8) + read * (two_to_the(18) + &one);
                bounds.below("the error of a quotient", &error, &two_to_the(70));
                bounds.below("n, moved up", &(&n << (QUOTIENT_BITS * shift)), &top);
                x = (&n << (QUOTIENT_BITS * shift + 1)) - &one;
            }
            bounds.below("what the last subtraction is of", &x, &(&n + &n));
        }

        // Eight blocks: columns of a square by halves have a sign.
        let of_a_half = &limb * len;
        let largest = &of_a_half * 3_u8 + &limb * 2_u8 + (&lane >> BITS);
        bounds.below("a column of a square by halves", &largest, &(&lane >> 1));
        let product = &limb * (2 * len) + (&lane >> BITS);
        bounds.below(
            "a column of a product, with a sign",
            &product,
            &(&lane >> 1),
        );
    });
}

/// Limbs of 51 bits, of which a product has a lower half below 2W and an upper half, below W / 2, that counts twice.
#[test]
fn those_of_inner_products_hold() {
    const WIDTH: usize = 51;
    let one = BigUint::from(1_u8);
    let w = two_to_the(WIDTH);
    let limb = &w - &one;
    let (factor, lane) = (two_to_the(52), two_to_the(LANE));
    let room = BigUint::from(INNER_ROOM);
    assert!(&limb + &limb < factor, "a sum of two limbs is a factor");
    hold_for_every_length(|bits, bounds| {
        let len = radix52::len(WIDTH, bits);
        let (fold_at, quotients) = (
            radix52::fold_at(WIDTH, bits),
            radix52::quotients(WIDTH, bits),
        );
        let (n, top) = (two_to_the(bits) - &one, two_to_the(WIDTH * len));
        let least = two_to_the(bits - 1) + &one;
        let (rows, columns) = rows(WIDTH, len, &n);
        bounds.below("a column of the table", &(&w * 2_u8 * columns), &lane);
        for row in &rows {
            bounds.below("a row of the table", row, &top);
        }
        bounds.below("row 0", &rows[0], &(&n + &n));

        // A square by halves is of numbers whose limbs may be twice as large.
        let product = &w * (3 * len);
        let carry = &lane >> WIDTH;
        let halves = &product * 3_u8 + &carry;
        bounds.below("a column of a square by halves", &halves, &(&lane >> 1));
        // Sums of pairs, of their limbs, and of the key; twice their upper halves.
        let pairs = &w * 2_u8 * (len / 2 + 1) + BigUint::from(2 * len + 2);
        let column = &product + &pairs + &limb + &carry;
        bounds.below("a column of a fold", &column, &(&lane >> 1));

        // The columns below the highest limb.
        let highest = two_to_the(WIDTH * (len - 1));
        let below = |column: &BigUint| column * (&highest - &one) / &limb;
        let shift = radix52::multiple_shift(bits);
        let read = ((&least << shift) - below(&column)) / &highest;
        bounds.below("the room", &room, &read);
        bounds.below(
            "what is below it",
            &below(&(&pairs + &carry)),
            &(&room * &highest),
        );

        let low = &product * (&top - &one) / &limb;
        let folded = &limb * rows.iter().sum::<BigUint>();
        let above = (low + folded + (&n << shift)) >> fold_at;
        bounds.below("what is above fold_at", &above, &factor);
        let top_shift = fold_at - WIDTH * (len - 1);
        assert!((1..WIDTH).contains(&top_shift), "{bits} bits");
        let rest = (two_to_the(top_shift) + &room) * &highest + below(&column);
        let mut x = rest + above * (&n - &one);
        bounds.below("x", &x, &top);

        for shift in (0..quotients).rev() {
            let from = bits - QUOTIENT_FROM + QUOTIENT_BITS * shift;
            assert!(from / WIDTH < len, "{bits} bits");
            let read = x >> from;
            bounds.below("what is read for a quotient", &read, &factor);
            // As above.
            let error = two_to_the(70 - 8) + read * (two_to_the(18) + &one);
            bounds.below("the error of a quotient", &error, &two_to_the(70));
            bounds.below("n, moved up", &(&n << (QUOTIENT_BITS * shift)), &top);
            x = (&n << (QUOTIENT_BITS * shift + 1)) - &one;
        }
        bounds.below("what the last subtraction is of", &x, &(&n + &n));
    });
}
