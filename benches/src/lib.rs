//! Nothing but benchmarks: see the folder `benches`.
