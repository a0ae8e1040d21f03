//! The known name that a misspelt one may mean.

use alloc::vec::Vec;
use core::mem;

use super::requirement::Requirement;

/// The requirement that is meant by a name in a policy string, if one is near: a name of a policy
/// string or of a field with a letter or two wrong, in any case.
pub(super) fn nearest(name: &str) -> Option<Requirement> {
    let name: Vec<u8> = name
        .bytes()
        .take(64)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    let names = Requirement::ALL.into_iter().flat_map(|requirement| {
        let names = [Some(requirement.name()), requirement.field_name()];
        names
            .into_iter()
            .flatten()
            .map(move |known| (requirement, known))
    });
    let distances = names.map(|(requirement, known)| {
        let known = known.to_ascii_lowercase();
        (distance(&name, known.as_bytes()), requirement)
    });
    let (distance, requirement) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= name.len() / 4).then_some(requirement)
}

/// How many letters must be inserted, left out, replaced or swapped with their neighbour to make
/// one of the other (optimal string alignment).
pub(super) fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i);
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
        before_last = mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("lenght", "length", 1),
            ("kitten", "sitting", 3),
            ("abc", "ca", 3),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }
}
