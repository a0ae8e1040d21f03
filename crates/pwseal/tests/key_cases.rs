//! The files that users have: each is read or refused as the table says that every interface is tried with.

use std::fs;
use std::path::Path;

use pwseal::PublicKey;

/// `tests/cases/keys` of the repository holds one file for each row of its table.
#[test]
fn every_case_is_read_or_refused_as_the_table_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let table = fs::read_to_string(folder.join("keys.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut named = Vec::new();
    for row in table.lines().skip(1) {
        let [file, verdict, wanted] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}: three columns");
        };
        let input = fs::read(folder.join("keys").join(file)).unwrap();
        let (found, is_right) = match (PublicKey::parse(&input), verdict) {
            (Ok(key), "read") => {
                let fingerprint = key.fingerprint().to_string();
                (fingerprint.clone(), fingerprint == wanted)
            }
            (Ok(key), _) => (format!("{key:?}"), false),
            (Err(error), "refused") => (error.to_string(), error.to_string().contains(wanted)),
            (Err(error), _) => (error.to_string(), false),
        };
        if !is_right || found.contains('\n') {
            wrong.push(format!("{file}: {found}"));
        }
        named.push(file.to_owned());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut files: Vec<String> = fs::read_dir(folder.join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    named.sort();
    assert_eq!(files, named);
}
