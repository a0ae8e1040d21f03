//! The last failure on each thread: its message, and its numbers.

use core::cell::{Cell, OnceCell};
use core::ffi::c_char;
use core::fmt::{self, Write as _};

use crate::detail::Details;
use crate::failure::Failure;
use crate::{reserve, thread};

/// The room for a message, with its NUL.
const ROOM: usize = 4096;
/// What a message ends with that is longer.
const CUT: &[u8] = b"...";

#[derive(Default)]
pub(crate) struct Last {
    details: Cell<Details>,
    /// Made with the first error, and [`ROOM`] bytes long. It stays where it is, so that a pointer to an older message is still
    /// one to a message.
    message: OnceCell<Vec<Cell<u8>>>,
}

impl Last {
    /// None if there is no memory for it.
    fn message(&self) -> Option<&[Cell<u8>]> {
        if self.message.get().is_none() {
            let mut message = Vec::new();
            message.try_reserve_exact(ROOM).ok()?;
            message.resize(ROOM, Cell::new(0));
            // There was none.
            let _ = self.message.set(message);
        }
        self.message.get().map(Vec::as_slice)
    }
}

/// Keeps the message and the numbers of a failure for who asks. Without memory for it there is none.
pub(crate) fn remember(failure: &Failure<'_>) {
    let Some(last) = thread::own().map(|thread| &thread.last) else {
        return;
    };
    last.details.set(failure.details());
    // A message may be put together, which takes memory: of the call's reserve, or of one of its own.
    let own = (!reserve::is_open()).then(|| reserve::Call::new(0));
    let has_reserve = own.as_ref().is_none_or(|own| own.ready().is_ok());
    if let Some(message) = reserve::without(|| last.message()) {
        let mut writer = Writer {
            message,
            len: 0,
            is_cut: false,
        };
        // What a message cannot say is left out of it.
        let _ = match has_reserve {
            true => write!(writer, "{failure}"),
            false => writer.write_str(failure.status().text()),
        };
        writer.end();
    }
}

/// Writes a message in its place, as much as there is room for.
struct Writer<'a> {
    message: &'a [Cell<u8>],
    len: usize,
    is_cut: bool,
}

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &self.message[self.len..ROOM - 1];
        for (cell, byte) in room.iter().zip(text.bytes()) {
            cell.set(byte);
        }
        self.is_cut |= text.len() > room.len();
        self.len += text.len().min(room.len());
        Ok(())
    }
}

impl Writer<'_> {
    fn end(self) {
        let mut end = self.len;
        if self.is_cut {
            end = ROOM - 1 - CUT.len();
            // Between two characters.
            while self.message[end].get() & 0xc0 == 0x80 {
                end -= 1;
            }
            for (cell, byte) in self.message[end..].iter().zip(CUT) {
                cell.set(*byte);
            }
            end += CUT.len();
        }
        self.message[end].set(0);
    }
}

/// What went wrong in the last call that failed on this thread, in English, with positions and
/// lengths: empty if none failed yet, never NULL. A call that succeeds leaves it as it is, and so does
/// one with `out` NULL that asks for the room.
///
/// The text belongs to the library. It stays until the next call fails on this thread, which
/// writes its own to the same place: a pointer to an older text then shows the new one. It must not
/// be used when the thread has ended. Where there was no memory for the first text of a thread, it is empty. A text of more than 4095 bytes is cut and ends with "...".
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_last_error() -> *const c_char {
    let message = thread::existing().and_then(|thread| thread.last.message.get());
    message.map_or(c"".as_ptr(), |message| message.as_ptr().cast())
}

/// A number that tells more of what `pwseal_last_error` says; -1 where that failure has none, and
/// for a number that is no `pwseal_detail` of this version.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_last_error_detail(detail: DetailNumber) -> i64 {
    thread::existing().map_or(-1, |thread| thread.last.details.get().get(detail))
}

/// A [`Detail`](crate::detail::Detail), or any other number.
type DetailNumber = i32;

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;
    use crate::failure::Usage;

    // From C it would take a password-info with a hundred accounts.
    #[test]
    fn a_long_message_is_cut_between_characters() {
        let fail = |field: String| {
            remember(&Usage::NoField(field.leak()).into());
            last_error()
        };
        let before = "there is no ";
        let room = 4095 - before.len();
        let fits = "x".repeat(room);
        assert_eq!(fail(fits.clone()), [before, &fits].concat());
        assert_eq!(
            fail("x".repeat(room + 1)),
            [before, &"x".repeat(room - 3), "..."].concat()
        );
        for shift in 0..3 {
            let wide = ["x".repeat(shift), "\u{20ac}".repeat(2000)].concat();
            let message = fail(wide);
            let kept = message.strip_suffix("...").expect("it is cut");
            let euros = kept[before.len() + shift..].chars();
            assert!(euros.clone().all(|c| c == '\u{20ac}'));
            assert_eq!(euros.count(), (room - 3 - shift) / 3);
        }
        assert_eq!(fail("short".into()), "there is no short");
    }

    fn last_error() -> String {
        // SAFETY: the pointer is to a text with its NUL, which no call writes to meanwhile.
        let message = unsafe { CStr::from_ptr(pwseal_last_error()) };
        message.to_str().expect("UTF-8").to_owned()
    }
}
