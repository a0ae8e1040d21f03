//! The target `engine`, for cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| pwseal_fuzz::engine::run(input));
