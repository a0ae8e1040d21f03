//! Bytes in memory that is wiped.

use std::io::{self, Read, Write};

use zeroize::optimization_barrier;

/// Bytes at the start of a buffer, of which those in use are wiped. The others need not be, and
/// stay untouched: memory that is not written to is none.
#[derive(Default)]
pub(super) struct Secret {
    buffer: Vec<u8>,
    len: usize,
}

impl Secret {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            buffer: vec![0; capacity],
            len: 0,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Makes room for so many bytes more. What was in a smaller buffer is wiped.
    fn reserve(&mut self, more: usize) {
        let needed = self.len + more;
        if needed > self.buffer.len() {
            let mut larger = Self::with_capacity(needed.max(2 * self.buffer.len()));
            larger.extend(self.bytes());
            *self = larger;
        }
    }

    /// Adds bytes, for which there must be room.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let len = self.len + bytes.len();
        self.buffer[self.len..len].copy_from_slice(bytes);
        self.len = len;
    }

    /// Writes over bytes that are there.
    pub(super) fn write_at(&mut self, start: usize, bytes: &[u8]) {
        self.buffer[..self.len][start..start + bytes.len()].copy_from_slice(bytes);
    }

    /// Adds what one read of at most so many bytes gives, and returns how much that was.
    pub(super) fn read(&mut self, input: &mut impl Read, most: usize) -> io::Result<usize> {
        let free = &mut self.buffer[self.len..];
        let most = most.min(free.len());
        let read = loop {
            match input.read(&mut free[..most]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.len += read;
        Ok(read)
    }

    /// Moves the bytes from `start` on to the front.
    pub(super) fn drop_first(&mut self, start: usize) {
        self.buffer.copy_within(start..self.len, 0);
        self.truncate(self.len - start);
    }

    pub(super) fn truncate(&mut self, len: usize) {
        let wiped = &mut self.buffer[len..self.len];
        // All at once: a byte at a time takes as long as to parse them.
        wiped.fill(0);
        optimization_barrier(wiped);
        self.len = len;
    }

    pub(super) fn clear(&mut self) {
        self.truncate(0);
    }
}

/// Grows, if need be.
impl Write for Secret {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.reserve(bytes.len());
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Secret;

    #[test]
    fn what_is_not_in_use_is_wiped() {
        let mut secret = Secret::with_capacity(8);
        secret.extend(b"12345678");
        secret.drop_first(5);
        assert_eq!(secret.bytes(), b"678");
        assert_eq!(secret.buffer[3..], [0; 5]);
        secret.clear();
        assert_eq!(secret.buffer, [0; 8]);
    }

    #[test]
    fn it_grows_where_it_is_written_to() {
        let mut secret = Secret::default();
        let text = b"1234567".repeat(50);
        for piece in text.chunks(7) {
            secret.write_all(piece).expect("it grows");
        }
        assert_eq!(secret.bytes(), text);
        secret.write_at(345, b"abcde");
        assert_eq!(secret.bytes()[343..], *b"12abcde");
    }
}
