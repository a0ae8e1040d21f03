//! The order of squarings and multiplications that raises a message to a public exponent.

/// One step of the ladder, a Montgomery product each. The exponent is public, and so is
/// the order of the steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// The message times R^2: into Montgomery form. Always the first step.
    Enter,
    /// Square what there is.
    Square,
    /// Multiply by what the first step gave.
    TimesBase,
    /// Multiply by the plain message, which is the way out of Montgomery form. Always the
    /// last step.
    Leave,
}

/// The steps that make `m^e` of `m`, for `e` odd, at least 3, big-endian and without
/// leading zeros: from the second highest bit down, a square each and a product where
/// the bit is set. The last bit is set because `e` is odd.
pub(crate) fn steps(e: &[u8]) -> impl Iterator<Item = Step> + '_ {
    let top = e.len() * 8 - 1 - e[0].leading_zeros() as usize;
    let ladder = (0..top).rev().flat_map(move |bit| {
        let is_set = (e[e.len() - 1 - bit / 8] >> (bit % 8)) & 1 == 1;
        let product = match bit {
            0 => Step::Leave,
            _ => Step::TimesBase,
        };
        core::iter::once(Step::Square).chain(is_set.then_some(product))
    });
    core::iter::once(Step::Enter).chain(ladder)
}

#[cfg(test)]
mod tests {
    use super::{Step, steps};

    /// What the steps make of the exponents of the message and of R.
    fn walk(e: &[u8]) -> (u64, u64) {
        steps(e).fold((0, 0), |(m, r), step| match step {
            Step::Enter => (1, 1),
            Step::Square => (2 * m, 2 * r - 1),
            Step::TimesBase => (m + 1, r),
            Step::Leave => (m + 1, r - 1),
        })
    }

    #[test]
    fn the_steps_make_the_exponent_and_leave_montgomery_form() {
        for e in [3_u64, 5, 7, 17, 255, 257, 65_537, (1 << 40) + 3] {
            let bytes = e.to_be_bytes();
            let bytes = &bytes[e.leading_zeros() as usize / 8..];
            assert_eq!(walk(bytes), (e, 0));
            assert_eq!(steps(bytes).last(), Some(Step::Leave));
        }
    }
}
