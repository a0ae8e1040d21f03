//! Memory that runs out is a status, and not the end of the process.
//!
//! Rust ends the process when there is no memory, and much of what allocates here is in other crates. So each call that may
//! allocate takes a reserve first, as long as its input may need: if there is none, it has failed before it began. When the
//! system has no memory within the call, the allocator gives of the reserve, so that the call comes to its end. There it is
//! known that memory ran out: what was made is dropped, and the call fails. Nothing of the reserve is left then.
//!
//! Nothing is written to a reserve before it is needed. So it costs addresses alone where memory is committed at its first use, as
//! Linux does by default, and memory until the call ends where it is committed when it is taken, as on Windows. A thread keeps
//! a short one.

use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::alloc::{GlobalAlloc, Layout, System};

use crate::failure::Failure;
use crate::thread::{self, Thread};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// Of what regions are made, in bytes: their length and their alignment.
const UNIT: usize = 1 << 16;

/// The longest region that is taken, whatever the input.
const LONGEST: usize = 4096 * UNIT;

/// The longest region that a thread keeps.
const KEPT: usize = 32 * UNIT;

/// How many bytes of reserve there are for each byte of input. The most is needed by lists of empty objects in JSON, and by
/// keys: see [`of_key`].
const EACH: usize = 128;

/// The longest text of a key whose table counts, in bytes: with 16384 bits it has less.
const LONGEST_KEY: usize = 4096;

/// As an input of how many bytes a key counts that comes in so many: a table of a backend grows with the square of its length. One of
/// 16384 bits, which come in 2.1 KB, has 824 KB.
pub(crate) fn of_key(len: usize) -> usize {
    let longest = len.min(LONGEST_KEY);
    len.saturating_add(longest * longest / 64)
}

/// As an input of how many bytes a batch counts for a key of so many: the tables and the scratch memory of several blocks at once, and
/// those of the self-test.
pub(crate) fn of_batch(key_size: usize) -> usize {
    key_size * key_size / 32
}

/// As an input of how many bytes the self-tests of a backend count, which are of keys of up to 14080 bits.
pub(crate) const OF_SELF_TESTS: usize = 1 << 16;

/// The regions of which something is in use, by their addresses and lengths in units: `address << 16 | length`. They are
/// here, and not in the threads, because another thread may free what came from one.
static USED: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];

/// How many allocations there are in each, and [`ABANDONED`] where its thread has none of it any more.
static LIVE: [AtomicUsize; 64] = [const { AtomicUsize::new(0) }; 64];

const ABANDONED: usize = 1 << (usize::BITS - 1);

/// How many regions are in use, which is none but where memory runs out.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A reserve of one thread. What it gives is cut off its front, and is not given again.
pub(crate) struct Region {
    start: *mut u8,
    layout: Layout,
    taken: Cell<usize>,
    /// The place in [`USED`].
    slot: Cell<Option<usize>>,
    /// Whether it gives anything now.
    is_open: Cell<bool>,
}

impl Region {
    fn new(len: usize) -> Option<Self> {
        let layout = Layout::from_size_align(len, UNIT).ok()?;
        // SAFETY: the length is not 0.
        let start = unsafe { System.alloc(layout) };
        (!start.is_null()).then_some(Self {
            start,
            layout,
            taken: Cell::new(0),
            slot: Cell::new(None),
            is_open: Cell::new(true),
        })
    }

    fn give(&self, layout: Layout) -> *mut u8 {
        let Some(slot) = self.slot() else {
            return ptr::null_mut();
        };
        // The region is aligned to more than anything else is.
        let start = self.taken.get().next_multiple_of(layout.align());
        let end = start.checked_add(layout.size());
        let Some(end) = end.filter(|end| *end <= self.layout.size()) else {
            return ptr::null_mut();
        };
        self.taken.set(end);
        LIVE[slot].fetch_add(1, Ordering::Relaxed);
        // SAFETY: within the region, as just checked.
        unsafe { self.start.add(start) }
    }

    /// Its place in [`USED`], which it takes now if it has none; none if it does not give, or all places are taken.
    fn slot(&self) -> Option<usize> {
        if !self.is_open.get() {
            return None;
        }
        if self.slot.get().is_none() {
            let units = u64::try_from(self.layout.size() / UNIT).ok()?;
            let entry = u64::try_from(self.start.expose_provenance()).ok()? | units;
            let free = USED.iter().position(|used| {
                used.compare_exchange(0, entry, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok()
            });
            COUNT.fetch_add(usize::from(free.is_some()), Ordering::AcqRel);
            self.slot.set(free);
        }
        self.slot.get()
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        match self.slot.get() {
            // What was kept for longer than the call, such as a key's own, has to be freed first.
            Some(slot) if LIVE[slot].fetch_or(ABANDONED, Ordering::AcqRel) > 0 => {}
            Some(slot) => release(slot),
            // SAFETY: `new` had it of the system with this layout, and nothing of it was given.
            None => unsafe { System.dealloc(self.start, self.layout) },
        }
    }
}

/// Gives a region back to the system, of which nothing is in use.
fn release(slot: usize) {
    let used = USED[slot].load(Ordering::Acquire);
    let (start, units) = (used & !MASK, used & MASK);
    LIVE[slot].store(0, Ordering::Relaxed);
    USED[slot].store(0, Ordering::Release);
    COUNT.fetch_sub(1, Ordering::AcqRel);
    let (Ok(start), Ok(units)) = (usize::try_from(start), usize::try_from(units)) else {
        return;
    };
    if let Ok(layout) = Layout::from_size_align(units * UNIT, UNIT) {
        // SAFETY: `Region::new` had it of the system with this layout, and nothing in it is in use.
        unsafe { System.dealloc(ptr::with_exposed_provenance_mut(start), layout) };
    }
}

/// The bits of an entry of [`USED`] that are the length.
const MASK: u64 = UNIT as u64 - 1;

/// The place in [`USED`] of the region that an allocation is from.
fn slot_of(allocation: *mut u8) -> Option<usize> {
    // What came from a region was seen after it was counted.
    if COUNT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let address = u64::try_from(allocation.addr()).ok()?;
    USED.iter().position(|used| {
        let used = used.load(Ordering::Acquire);
        let (start, units) = (used & !MASK, used & MASK);
        used != 0 && address.wrapping_sub(start) < units << UNIT.ilog2()
    })
}

struct Allocator;

// SAFETY: memory is the system's, or a piece of a region, which is as long and as aligned as is asked for, and is given
// once. Which of the two it is, its address says: a region stays where it is as long as anything in it is in use.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises what the function called wants.
        let memory = unsafe { System.alloc(layout) };
        if memory.is_null() {
            give(layout)
        } else {
            memory
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises what the function called wants.
        let memory = unsafe { System.alloc_zeroed(layout) };
        if !memory.is_null() {
            return memory;
        }
        let memory = give(layout);
        if !memory.is_null() {
            // SAFETY: it is as long as was asked for.
            unsafe { memory.write_bytes(0, layout.size()) };
        }
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        match slot_of(memory) {
            Some(slot) => {
                if LIVE[slot].fetch_sub(1, Ordering::AcqRel) == ABANDONED + 1 {
                    release(slot);
                }
            }
            // SAFETY: the caller promises what the function called wants, and the memory is the system's.
            None => unsafe { System.dealloc(memory, layout) },
        }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        if slot_of(memory).is_none() {
            // SAFETY: the caller promises what the function called wants, and the memory is the system's.
            let moved = unsafe { System.realloc(memory, layout, len) };
            if !moved.is_null() {
                return moved;
            }
        }
        // SAFETY: the caller promises that the new length makes a layout; the old memory is as long as its own says, and no
        // part of the new one.
        unsafe {
            let moved = give(Layout::from_size_align_unchecked(len, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(memory, layout.size().min(len));
                self.dealloc(memory, layout);
            }
            moved
        }
    }
}

/// Memory of the reserve of this thread.
fn give(layout: Layout) -> *mut u8 {
    let give = |thread: &Thread| {
        let region = thread.region.take()?;
        let memory = region.give(layout);
        thread.region.set(Some(region));
        Some(memory)
    };
    thread::existing().and_then(give).unwrap_or(ptr::null_mut())
}

/// A call that may allocate. It has its reserve as long as this lives, or none if there was no memory for it.
pub(crate) struct Call(Option<&'static Thread>);

impl Call {
    /// Takes the reserve for an input of so many bytes.
    pub(crate) fn new(input_len: usize) -> Self {
        let thread = thread::own();
        Self(thread.filter(|thread| take(thread, input_len).is_some()))
    }

    /// Fails if the call has no reserve, so that it must not allocate.
    pub(crate) fn ready(&self) -> Result<(), Failure<'static>> {
        self.0.map(|_| ()).ok_or(Failure::OutOfMemory)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let Some(thread) = self.0 else { return };
        if let Some(region) = thread.region.take() {
            region.is_open.set(false);
            // One that gave something is made anew.
            if region.slot.get().is_none() && region.layout.size() <= KEPT {
                thread.region.set(Some(region));
            }
        }
    }
}

/// Has a thread have a reserve for an input of so many bytes.
fn take(thread: &Thread, input_len: usize) -> Option<()> {
    let len = input_len.saturating_mul(EACH).saturating_add(UNIT);
    let len = len.min(LONGEST).next_multiple_of(UNIT);
    let kept = thread.region.take();
    let region = match kept {
        Some(kept) if kept.layout.size() >= len => kept,
        _ => Region::new(len)?,
    };
    region.is_open.set(true);
    thread.region.set(Some(region));
    Some(())
}

/// Takes a longer reserve for this call, whose input is longer than was known when it began.
pub(crate) fn enlarge(input_len: usize) -> Result<(), Failure<'static>> {
    let thread = thread::existing();
    let taken = thread.and_then(|thread| take(thread, input_len));
    taken.ok_or(Failure::OutOfMemory)
}

/// Fails if memory ran out in this call: then what was made may be of the reserve, and is to be dropped.
pub(crate) fn check() -> Result<(), Failure<'static>> {
    let ran_out = |thread: &Thread| {
        let region = thread.region.take()?;
        let ran_out = region.slot.get().is_some();
        thread.region.set(Some(region));
        Some(ran_out)
    };
    match thread::existing().and_then(ran_out) {
        Some(true) => Err(Failure::OutOfMemory),
        _ => Ok(()),
    }
}

/// Does something that can fail for want of memory by itself, and is to keep nothing of the reserve.
pub(crate) fn without<T>(make: impl FnOnce() -> T) -> T {
    let was_open = open(false);
    let made = make();
    open(was_open);
    made
}

/// Whether this thread is within a call that has its reserve.
pub(crate) fn is_open() -> bool {
    let is_open = open(false);
    open(is_open);
    is_open
}

/// Opens the reserve of this thread or closes it, and says what it was. Without one it is closed.
fn open(is_open: bool) -> bool {
    let Some(thread) = thread::existing() else {
        return false;
    };
    let Some(region) = thread.region.take() else {
        return false;
    };
    let was_open = region.is_open.replace(is_open);
    thread.region.set(Some(region));
    was_open
}
