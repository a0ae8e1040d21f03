//! The order of squarings and multiplications that raises a message to a public exponent.

/// One step of the ladder, which begins with the message. The exponent is public, and so is
/// the order of the steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Square what there is.
    Square,
    /// Multiply by the message.
    Multiply,
    /// Multiply by the message for the last time. It is told apart for arithmetic with numbers in a form: a factor that is
    /// not in the form is the way out of it.
    Last,
}

/// The steps that make `m^e` of `m`, for `e` odd, at least 3, big-endian and without
/// leading zeros: from the second highest bit down, a square each and a product where
/// the bit is set. The last bit is set because `e` is odd.
pub(crate) fn steps(e: &[u8]) -> impl Iterator<Item = Step> + '_ {
    let top = e.len() * 8 - 1 - e[0].leading_zeros() as usize;
    (0..top).rev().flat_map(move |bit| {
        let is_set = (e[e.len() - 1 - bit / 8] >> (bit % 8)) & 1 == 1;
        let product = match bit {
            0 => Step::Last,
            _ => Step::Multiply,
        };
        core::iter::once(Step::Square).chain(is_set.then_some(product))
    })
}

#[cfg(test)]
mod tests {
    use super::{Step, steps};

    #[test]
    fn the_steps_make_the_exponent() {
        for e in [3_u64, 5, 7, 17, 255, 257, 65_537, (1 << 40) + 3] {
            let bytes = e.to_be_bytes();
            let bytes = &bytes[e.leading_zeros() as usize / 8..];
            let made = steps(bytes).fold(1, |power, step| match step {
                Step::Square => 2 * power,
                Step::Multiply | Step::Last => power + 1,
            });
            assert_eq!(made, e);
            assert_eq!(steps(bytes).filter(|step| *step == Step::Last).count(), 1);
            assert_eq!(steps(bytes).last(), Some(Step::Last));
        }
    }
}
