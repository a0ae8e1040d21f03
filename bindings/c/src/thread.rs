//! What each thread has of its own: the place of its last error, and the reserve of its memory.
//!
//! A thread-local variable would do but for two things: where a library is loaded later, the C library makes the place
//! of such variables at their first use, and ends the process if it has no memory; and so it does where a destructor is
//! registered. A key of POSIX threads fails instead.

use core::cell::Cell;

use crate::last_error::Last;
use crate::reserve::Region;

#[derive(Default)]
pub(crate) struct Thread {
    pub(crate) last: Last,
    pub(crate) region: Cell<Option<Region>>,
}

/// What this thread has, if it was made before.
pub(crate) fn existing() -> Option<&'static Thread> {
    // SAFETY: it came from `own`, and lives until the end of the thread, which this is.
    unsafe { key::get().as_ref() }
}

/// What this thread has; none without memory for it.
pub(crate) fn own() -> Option<&'static Thread> {
    if let Some(thread) = existing() {
        return Some(thread);
    }
    let thread = crate::pointers::boxed(Thread::default()).ok()?;
    let thread = Box::into_raw(thread);
    if !key::set(thread) {
        // SAFETY: it was just made, and nobody has seen it.
        drop(unsafe { Box::from_raw(thread) });
        return None;
    }
    // SAFETY: as in `existing`.
    unsafe { thread.as_ref() }
}

/// # Safety
///
/// `thread` came from [`own`], and its thread ends.
unsafe extern "C" fn end(thread: *mut core::ffi::c_void) {
    // SAFETY: `own` made it from a `Box`, and nobody uses it any more.
    drop(unsafe { Box::from_raw(thread.cast::<Thread>()) });
}

#[cfg(unix)]
mod key {
    use core::ptr;
    use core::sync::atomic::{AtomicU64, Ordering};

    use super::Thread;

    /// The key and one more, and 0 as long as there is none. Keys have at most 8 bytes.
    static KEY: AtomicU64 = AtomicU64::new(0);

    fn existing() -> Option<libc::pthread_key_t> {
        let key = KEY.load(Ordering::Acquire).checked_sub(1)?;
        key.try_into().ok()
    }

    fn made() -> Option<libc::pthread_key_t> {
        if let Some(key) = existing() {
            return Some(key);
        }
        let mut key = 0;
        // SAFETY: a place for the key, and a function that takes back what is set.
        if unsafe { libc::pthread_key_create(&mut key, Some(super::end)) } != 0 {
            return None;
        }
        let number = u64::from(key) + 1;
        if KEY
            .compare_exchange(0, number, Ordering::AcqRel, Ordering::Acquire)
            .is_err()
        {
            // Another thread was faster.
            // SAFETY: the key was just made, and nobody has it.
            unsafe { libc::pthread_key_delete(key) };
        }
        existing()
    }

    pub(super) fn get() -> *mut Thread {
        match existing() {
            // SAFETY: the key exists.
            Some(key) => unsafe { libc::pthread_getspecific(key) }.cast(),
            None => ptr::null_mut(),
        }
    }

    pub(super) fn set(thread: *mut Thread) -> bool {
        // SAFETY: the key exists.
        made().is_some_and(|key| unsafe { libc::pthread_setspecific(key, thread.cast()) } == 0)
    }

    /// Where the library is unloaded, no thread that ends later may look for its function. Those that live keep a few
    /// kilobytes.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[used]
    #[unsafe(link_section = ".fini_array")]
    static UNLOADED: extern "C" fn() = {
        extern "C" fn unload() {
            if let Some(key) = existing() {
                KEY.store(0, Ordering::Release);
                // SAFETY: the key exists, and is used no more.
                unsafe { libc::pthread_key_delete(key) };
            }
        }
        unload
    };
}

#[cfg(not(unix))]
mod key {
    use core::cell::Cell;
    use core::ptr;

    use super::Thread;

    struct Owner(Cell<*mut Thread>);

    impl Drop for Owner {
        fn drop(&mut self) {
            if !self.0.get().is_null() {
                // SAFETY: the thread ends.
                unsafe { super::end(self.0.get().cast()) };
            }
        }
    }

    std::thread_local! {
        static OWNER: Owner = const { Owner(Cell::new(ptr::null_mut())) };
    }

    pub(super) fn get() -> *mut Thread {
        OWNER
            .try_with(|owner| owner.0.get())
            .unwrap_or(ptr::null_mut())
    }

    pub(super) fn set(thread: *mut Thread) -> bool {
        OWNER.try_with(|owner| owner.0.set(thread)).is_ok()
    }
}
