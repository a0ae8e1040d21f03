//! Checks a modulus and an exponent, and holds what a backend made of them.

use alloc::boxed::Box;
use core::fmt;

use crate::backend::{Backend, BackendStatus, Engine};
use crate::error::{BlockError, KeyError};
use crate::limbs;
use crate::self_test;

/// The shortest modulus accepted, in bits.
pub const MIN_BITS: usize = 1024;

/// The longest modulus accepted, in bits.
pub const MAX_BITS: usize = 16_384;

/// An RSA public key (n, e), ready for use by one [`Backend`].
///
/// It may be used from many threads at once.
#[derive(Clone)]
pub struct PublicKey {
    n: Box<[u8]>,
    e: Box<[u8]>,
    engine: Engine,
}

impl PublicKey {
    /// A key from the modulus and the exponent, both big-endian, leading zeros allowed,
    /// for the fastest backend of this CPU.
    ///
    /// # Errors
    ///
    /// The modulus must be odd and have [`MIN_BITS`] to [`MAX_BITS`] bits, of any bit length
    /// between; the exponent must be odd, at least 3 and below the modulus
    /// (RFC 8017, section 3.1).
    pub fn new(n: &[u8], e: &[u8]) -> Result<Self, KeyError> {
        let (n, e) = checked(n, e)?;
        Self::untested(n, e, Backend::for_modulus(n))
    }

    /// As [`new`](Self::new), for a backend of the caller's choice.
    ///
    /// A backend whose self-test for one block of this length failed ([`BackendStatus::Failed`]) is replaced by
    /// [`Backend::Portable`]; [`backend`](Self::backend) tells which one it is.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`KeyError::BackendUnavailable`].
    pub fn with_backend(n: &[u8], e: &[u8], backend: Backend) -> Result<Self, KeyError> {
        let (n, e) = checked(n, e)?;
        match backend.status_for(n) {
            BackendStatus::Passed => Self::untested(n, e, backend),
            BackendStatus::Failed => Self::untested(n, e, Backend::Portable),
            BackendStatus::Unavailable => Err(KeyError::BackendUnavailable { backend }),
        }
    }

    /// Of numbers that are [`checked`].
    fn untested(n: &[u8], e: &[u8], backend: Backend) -> Result<Self, KeyError> {
        let engine = Engine::new(backend, n).ok_or(KeyError::BackendUnavailable { backend })?;
        Ok(Self {
            n: n.into(),
            e: e.into(),
            engine,
        })
    }

    /// Encrypts in place: each block of [`size`](Self::size) bytes, a big-endian message
    /// representative `m`, becomes the ciphertext representative `m^e mod n`.
    ///
    /// One block or many: a backend that works on several at once does so here.
    ///
    /// # Errors
    ///
    /// When the buffer is no whole number of blocks, or a block is not below the modulus.
    /// The buffer is unchanged then.
    pub fn rsaep(&self, blocks: &mut [u8]) -> Result<(), BlockError> {
        let (len, size) = (blocks.len(), self.size());
        if len % size != 0 {
            return Err(BlockError::Length { len, size });
        }
        for (index, block) in blocks.chunks_exact(size).enumerate() {
            if !limbs::is_below(block, &self.n) {
                return Err(BlockError::OutOfRange { index });
            }
        }
        let at_once = match self.make_ready_for(len / size) {
            true => len.max(size),
            // One after the other.
            false => size,
        };
        for blocks in blocks.chunks_mut(at_once) {
            self.engine.power(&self.e, size, blocks);
        }
        Ok(())
    }

    /// Runs the self-test of the code for several blocks at once, if there are several and it has not run yet, so that who has one does not
    /// wait for it, and says whether they may be worked on at once. [`rsaep`](Self::rsaep) calls it itself. Who calls it before has no
    /// secret in memory meanwhile.
    #[doc(hidden)]
    pub fn make_ready_for(&self, blocks: usize) -> bool {
        blocks <= 1 || self_test::passed_several(self.backend(), &self.n)
    }

    /// The modulus `n`, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.n
    }

    /// The exponent `e`, big-endian, without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        &self.e
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bit_len(&self.n)
    }

    /// The length of the modulus and so of a block, in bytes: `k` in RFC 8017.
    #[must_use]
    pub fn size(&self) -> usize {
        self.n.len()
    }

    /// The backend that this key was built for.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.engine.backend()
    }
}

impl PartialEq for PublicKey {
    /// Two keys are equal when modulus and exponent are, whatever their backends.
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n && self.e == other.e
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits())
            .field("backend", &self.backend())
            .finish_non_exhaustive()
    }
}

/// A modulus and an exponent, without leading zeros, if they make a key.
fn checked<'a>(n: &'a [u8], e: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), KeyError> {
    let (n, e) = (strip_leading_zeros(n), strip_leading_zeros(e));
    match bit_len(n) {
        bits if bits < MIN_BITS => return Err(KeyError::ModulusTooShort { bits }),
        bits if bits > MAX_BITS => return Err(KeyError::ModulusTooLong { bits }),
        _ => {}
    }
    if is_even(n) {
        return Err(KeyError::ModulusEven);
    }
    if bit_len(e) < 2 || e == [2] {
        return Err(KeyError::ExponentTooSmall);
    }
    if is_even(e) {
        return Err(KeyError::ExponentEven);
    }
    // Both are without leading zeros, so that the longer one is the larger.
    if (e.len(), e) >= (n.len(), n) {
        return Err(KeyError::ExponentTooLarge);
    }
    Ok((n, e))
}

fn strip_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// The length in bits of a big-endian number without leading zeros.
pub(crate) fn bit_len(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(first) => bytes.len() * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

fn is_even(bytes: &[u8]) -> bool {
    bytes.last().is_none_or(|last| last % 2 == 0)
}
