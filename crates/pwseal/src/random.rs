//! Random bytes: of the operating system, and for one call out of a seed from there.

use chacha20::ChaCha20Rng;
use rand_core::{SeedableRng as _, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::error::Error;

/// The operating system's random numbers.
///
/// It keeps nothing: no state that a fork could copy, and no file descriptor, which a daemon could close and have
/// again as its log. On Linux and Android it is `getrandom(2)` and nothing else. Where that is refused, by a sandbox
/// or a kernel before 3.17, it is an error, and `/dev/urandom` is not read in its place.
///
/// ```
/// use pwseal::policy::Policy;
///
/// let policy = Policy::from_strings(["passwordMinLength is 12"]);
/// let password = policy.generate(&mut pwseal::SysRng, 16)?;
/// assert_eq!(password.len(), 16);
/// # Ok::<(), pwseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SysRng;

impl TryRng for SysRng {
    /// [`Error::RandomSource`].
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        let mut bytes = [0; 4];
        fill(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        let mut bytes = [0; 8];
        fill(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        fill(out)
    }
}

impl TryCryptoRng for SysRng {}

/// A generator for the padding of one call: ChaCha20 on a seed from the operating system.
/// It wipes its state when it is dropped.
pub(crate) fn call_rng() -> Result<ChaCha20Rng, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    fill(&mut *seed)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}

/// The crate getrandom would read `/dev/urandom` where the system call is refused, and keep its descriptor.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn fill(mut out: &mut [u8]) -> Result<(), Error> {
    use rustix::io::Errno;
    use rustix::rand::{GetRandomFlags, getrandom};

    while !out.is_empty() {
        match getrandom(&mut *out, GetRandomFlags::empty()) {
            Ok(0) => return Err(Error::RandomSource),
            Ok(filled) => out = &mut out[filled..],
            Err(Errno::INTR) => {}
            Err(_) => return Err(Error::RandomSource),
        }
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn fill(out: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(out).map_err(|_| Error::RandomSource)
}
