//! The C interface of pwseal. Its documentation is the header, `include/pwseal.h`, which is
//! made from the comments here, and `README.md`.
//!
//! Every exported function has one shape: inside [`boundary`], raw pointers become references
//! (`pointers`), safe code does the work, and the outcome becomes a `Status`.
#![expect(
    clippy::missing_safety_doc,
    reason = "what a caller must keep is the same everywhere and stands once, atop the header"
)]

// In the order of the header.
pub mod status;

pub mod boundary;

pub mod key;
pub mod wipe;

mod pointers;

#[cfg(panic = "abort")]
compile_error!("a panic becomes a status, which needs a profile with panic = \"unwind\"");
