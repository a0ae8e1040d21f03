//! The known name that a misspelt one may mean.

use alloc::string::String;

use super::requirement::Requirement;
use crate::edit_distance::edit_distance;

/// The requirement that is meant by a name in a policy string, if one is near: a name of a policy
/// string or of a field with a letter or two wrong, in any case.
pub(super) fn nearest(name: &str) -> Option<Requirement> {
    let name: String = name
        .chars()
        .take(64)
        .map(|c| c.to_ascii_lowercase())
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
        (edit_distance(&name, &known), requirement)
    });
    let (distance, requirement) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= name.chars().count() / 4).then_some(requirement)
}
