//! Overwrites what code leaves behind without meaning to: values that the compiler, or a memory
//! copy of the C library, kept in vector registers or spilled to the stack.

use core::hint::black_box;

/// How much of the stack below a call is overwritten, in bytes. `tests/tests/outside.rs` of the workspace looks for
/// what lies deeper, at every level of optimisation.
///
/// In optimised code the longest frames are those of the arithmetic, less than 3 KiB: kernels with longer ones are not used
/// in a build that would have them (`x86_64/cpu.rs`). All of it must run on a stack of 16 KiB.
/// What is not optimised keeps all variables of all inlined functions apart. Whether the caller is optimised this crate
/// cannot know; where it is not, debug assertions are on.
const STACK: usize = if cfg!(all(rsaep_optimised, not(debug_assertions))) {
    8 << 10
} else {
    64 << 10
};

/// Runs `work`, which handles a secret, and then overwrites the stack that it used and, on
/// x86-64, the vector registers, also when `work` panics. It must not return a secret; a pointer to one is allowed.
///
/// Other copies, in buffers of its own, are for `work` to wipe.
///
/// ```
/// let secret = [7; 32];
/// let sum: u32 = rsaep::without_traces(|| secret.iter().sum());
/// assert_eq!(sum, 224);
/// ```
pub fn without_traces<T>(work: impl FnOnce() -> T) -> T {
    let _wiped = Wiped;
    call(work)
}

/// Overwrites both when it is dropped, on a return and on a panic's way out.
struct Wiped;

impl Drop for Wiped {
    #[inline(always)]
    fn drop(&mut self) {
        wipe_stack();
        wipe_vector_registers();
    }
}

/// A frame of its own, which begins where that of [`wipe_stack`] does.
#[inline(never)]
fn call<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe_stack() {
    black_box(&mut [0_u8; STACK]);
}

/// Overwrites the vector registers, on x86-64. A memory copy goes through them and leaves the last of what it copied there,
/// and nothing on the stack.
///
/// ```
/// let secret = [7; 32];
/// let copy = secret.to_vec();
/// // So that the copy is made before.
/// std::hint::black_box(&copy);
/// rsaep::wipe_vector_registers();
/// assert_eq!(copy, secret);
/// ```
#[inline(always)]
pub fn wipe_vector_registers() {
    crate::x86_64::wipe_registers();
}
