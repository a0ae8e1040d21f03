//! The committed header is the one that the source gives.

use std::fs;
use std::path::Path;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_header_is_up_to_date() {
    let config = Path::new(CRATE).join("cbindgen.toml");
    let config = cbindgen::Config::from_file(config.to_str().expect("UTF-8")).expect("a config");
    let mut header = Vec::new();
    cbindgen::Builder::new()
        .with_crate(CRATE)
        .with_config(config)
        .generate()
        .expect("a header")
        .write(&mut header);

    let committed = Path::new(CRATE).join("include/pwseal.h");
    let generated = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pwseal.h");
    fs::write(&generated, &header).expect("written");
    assert!(
        fs::read(&committed).unwrap_or_default() == header,
        "the header does not fit the source; look at the difference and take the new one:\n\
         diff {committed:?} {generated:?}\n\
         cp {generated:?} {committed:?}",
    );
}
