//! Nothing but benchmarks: see `benches/encrypt.rs`.
