//! Where a test may plant a fault in a kernel. Outside of this crate's unit tests it is nothing.
//!
//! Each piece of a kernel that could be wrong alone ends with a place, which has the piece's result.

#[cfg(not(test))]
#[inline(always)]
pub(crate) fn place<T>(_: &'static str, _: &mut [T]) {}

#[cfg(test)]
pub(crate) use planted::{place, planted, seen};

#[cfg(test)]
mod planted {
    use core::ops::BitXorAssign;
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeSet;
    use std::thread_local;

    thread_local! {
        static PLANTED: Cell<Option<&'static str>> = const { Cell::new(None) };
        static SEEN: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    }

    /// Changes a bit of the result, the first time, if that is planted. Twice could be as good as not at all.
    pub(crate) fn place<T: BitXorAssign + From<u8>>(name: &'static str, result: &mut [T]) {
        SEEN.with_borrow_mut(|seen| seen.insert(name));
        if PLANTED.get() == Some(name) {
            PLANTED.set(None);
            // Not the lowest word, which some code computes apart from the others.
            let middle = result.len() / 2;
            result[middle] ^= T::from(1);
        }
    }

    /// Runs `work` with a fault at a place.
    pub(crate) fn planted<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
        PLANTED.set(Some(name));
        let result = work();
        PLANTED.set(None);
        result
    }

    /// The places that `work` comes through.
    pub(crate) fn seen(work: impl FnOnce()) -> BTreeSet<&'static str> {
        SEEN.take();
        work();
        SEEN.take()
    }
}
