//! All tests are one program: to link another with optimised code takes longer than most of them run.

#[cfg(target_os = "linux")]
mod c_boundary;
#[cfg(target_os = "linux")]
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "the tests of registers and addresses use it")
)]
mod common;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod constant_time;
#[cfg(target_os = "linux")]
mod faults;
mod layering;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod machine_code;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod memory;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod outside;
mod packages;
#[cfg(target_os = "linux")]
mod system_calls;
