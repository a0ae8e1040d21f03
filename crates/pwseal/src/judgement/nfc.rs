//! Whether text is in Normalization Form C (Unicode Standard Annex #15).

use alloc::vec::Vec;

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};
use unicode_normalization::{IsNormalized, is_nfc_quick};
use zeroize::Zeroizing;

/// The most code points that one decomposes to.
const LONGEST_DECOMPOSITION: usize = 4;

/// The crate's own iterators would leave copies in memory that is not wiped.
pub(super) fn is_nfc(text: &str) -> bool {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => {
            let mut chars = decompose(text);
            reorder(&mut chars);
            let len = recompose(&mut chars);
            chars[..len].iter().copied().eq(text.chars())
        }
    }
}

fn decompose(text: &str) -> Zeroizing<Vec<char>> {
    // Room for all of it, so that no copy is left behind.
    let most = LONGEST_DECOMPOSITION * text.chars().count();
    let mut chars = Zeroizing::new(Vec::with_capacity(most));
    for c in text.chars() {
        decompose_canonical(c, |part| chars.push(part));
    }
    chars
}

/// The Canonical Ordering Algorithm: a stable sort of each run of marks by their class.
fn reorder(chars: &mut [char]) {
    for end in 1..chars.len() {
        let class = canonical_combining_class(chars[end]);
        let mut at = end;
        while class != 0 && at > 0 && canonical_combining_class(chars[at - 1]) > class {
            chars.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The Canonical Composition Algorithm, in place. Returns how many characters remain.
fn recompose(chars: &mut [char]) -> usize {
    let mut starter = None;
    let (mut len, mut last_class) = (0, 0);
    for index in 0..chars.len() {
        let c = chars[index];
        let class = canonical_combining_class(c);
        // What stands between the two blocks, unless it has a lower class.
        let composed = starter.and_then(|starter: usize| {
            let is_next = len == starter + 1;
            let reaches = is_next || (last_class < class && last_class != 0);
            reaches.then(|| Some((starter, compose(chars[starter], c)?)))?
        });
        if let Some((starter, composed)) = composed {
            chars[starter] = composed;
            continue;
        }
        if class == 0 {
            starter = Some(len);
        }
        last_class = class;
        chars[len] = c;
        len += 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::{LONGEST_DECOMPOSITION, decompose, is_nfc};

    /// The planes that have characters: those above are for private use.
    fn characters() -> impl Iterator<Item = char> {
        ('\0'..='\u{323af}').chain('\u{e0000}'..='\u{e0fff}')
    }

    #[test]
    fn every_character_is_judged_as_the_crate_normalizes_it() {
        for c in characters() {
            for text in [&[c][..], &['e', c], &[c, '\u{301}'], &['é', c, '\u{323}']] {
                let text: String = text.iter().collect();
                assert_eq!(is_nfc(&text), text.nfc().eq(text.chars()), "{text:?}");
            }
        }
    }

    #[test]
    fn no_character_outgrows_the_buffer() {
        for c in characters() {
            let text: String = [c; 3].iter().collect();
            let chars = decompose(&text);
            assert_eq!(chars.capacity(), 3 * LONGEST_DECOMPOSITION, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_judged_as_the_crate_normalizes_them(
            indices in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            // What composes, and what stands between.
            let pool: Vec<char> = "aeoé\u{301}\u{300}\u{323}\u{327}\u{308}\u{345}ệ\u{1100}\u{1161}\u{11a8}가ক\u{9be}\u{9c7}\u{334}ώ\u{338}=Å"
                .chars()
                .collect();
            let text: String = indices.iter().map(|index| *index.get(&pool)).collect();
            prop_assert_eq!(is_nfc(&text), text.nfc().eq(text.chars()), "{:?}", text);
        }
    }
}
