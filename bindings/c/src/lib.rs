//! The C interface of pwseal. Its documentation is the header, `include/pwseal.h`, which is
//! made from the comments here, and `README.md`.
//!
//! Every exported function has one shape: inside `boundary`, raw pointers become references
//! (`pointers`), safe code does the work, and the outcome becomes a `Status`. `getters` has the
//! shape of those that read one thing of a handle. A text that is lent is kept as C looks at it (`text`).
//!
//! # What the header demands
//!
//! The arguments for unsafe code name these promises of every caller:
//!
//! * A handle is NULL or alive, and is not freed meanwhile. Where a function changes it, or frees
//!   it, nobody else uses it.
//! * An input is NULL, or as many bytes or elements as its length says can be read there and stay
//!   as they are. So it is with the texts within an element.
//! * An output is NULL or free to be written, with as many bytes as `*out_len` says, and overlaps no other argument.
#![expect(
    clippy::missing_safety_doc,
    reason = "what a caller must keep is the same everywhere and stands once, atop the header"
)]

// In the order of the header.
pub mod version;

pub mod status;

pub mod last_error;

pub mod detail;

pub mod answer;
pub mod api;
pub mod change_request;
pub mod context;
pub mod key;
pub mod password;
pub mod password_info;
pub mod policy;
pub mod poll;
pub mod report;
pub mod warning;
pub mod wipe;

mod base64;
mod boundary;
mod failure;
mod getters;
mod pointers;
mod reserve;
mod text;
mod thread;

#[cfg(panic = "abort")]
compile_error!("a panic becomes a status, which needs a profile with panic = \"unwind\"");

/// What the header says of threads.
const _: () = {
    const fn many_threads_may_use<T: Send + Sync>() {}
    many_threads_may_use::<key::Key>();
    many_threads_may_use::<password::Password>();
    many_threads_may_use::<password_info::PasswordInfo>();
    many_threads_may_use::<policy::Policy>();
    many_threads_may_use::<context::Context>();
    many_threads_may_use::<context::Dictionary>();
    many_threads_may_use::<report::Report>();
    many_threads_may_use::<change_request::ChangeRequest>();
    many_threads_may_use::<api::Api>();
    many_threads_may_use::<api::Request>();
    many_threads_may_use::<answer::Answer>();
};
