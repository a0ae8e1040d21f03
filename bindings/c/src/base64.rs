//! Base64 in the place of what is encoded, so that nothing is allocated for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How much is encoded at a time.
const CHUNK: usize = 48;

/// Encodes the bytes from `start` to the end (RFC 4648, section 4) to the front of the same buffer. `start` is as much at least
/// as the text is longer than the bytes, so that no text reaches bytes that were not read yet.
pub(crate) fn encode_in_place(buffer: &mut [u8], start: usize) {
    let len = buffer.len() - start;
    let (mut from, mut to) = (start, 0);
    while from < buffer.len() {
        let mut chunk = [0; CHUNK];
        let count = CHUNK.min(buffer.len() - from);
        let chunk = &mut chunk[..count];
        chunk.copy_from_slice(&buffer[from..from + count]);
        from += count;
        let text = &mut buffer[to..to + count.div_ceil(3) * 4];
        // The room is what the text needs.
        to += STANDARD.encode_slice(chunk, text).unwrap_or_default();
    }
    debug_assert_eq!(to, len.div_ceil(3) * 4);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_encoded_in_place() {
        for len in 0..=2048_u16 {
            let bytes: Vec<u8> = (0..len).map(|n| n.to_le_bytes()[0] ^ 0x5a).collect();
            let text = STANDARD.encode(&bytes);
            let start = text.len() - bytes.len();
            let mut buffer = vec![0; start];
            buffer.extend_from_slice(&bytes);
            encode_in_place(&mut buffer, start);
            assert_eq!(buffer, text.as_bytes());
        }
    }
}
