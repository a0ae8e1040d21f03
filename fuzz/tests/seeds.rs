//! Every committed input of every fuzz target, without a fuzzer.

use std::fs;
use std::path::Path;

use pwseal_fuzz::TARGETS;

#[test]
fn every_seed_is_run() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut folders: Vec<_> = fs::read_dir(&seeds)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name));

    for (name, run) in TARGETS {
        let mut files: Vec<_> = fs::read_dir(seeds.join(name))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(files.len() >= 5, "{name} has {} seeds", files.len());
        for file in files {
            // Where one fails, the last line says which it was.
            println!("{}", file.display());
            run(&fs::read(&file).unwrap());
        }
    }
}
