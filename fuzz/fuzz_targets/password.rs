//! The target `password`, for cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| pwseal_fuzz::password::run(input));
