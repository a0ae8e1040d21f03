//! The target `policy`, for cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| pwseal_fuzz::policy::run(input));
