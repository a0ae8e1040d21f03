//! Which implementations there are, which of them this CPU can run, and whether they are right.

use core::fmt;
use core::str::FromStr;
use core::sync::atomic::{AtomicU8, Ordering};

use crate::error::KeyError;
use crate::self_test;
#[cfg(all(target_arch = "x86_64", not(rsaep_portable_only)))]
use crate::x86_64;

/// An implementation of the arithmetic. A key is built for one and keeps it.
///
/// ```
/// use rsaep::Backend;
/// assert!(Backend::available().contains(&Backend::detect()));
/// assert_eq!("portable".parse(), Ok(Backend::Portable));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Safe Rust on 64-bit limbs: any CPU, any size.
    Portable,
    /// x86-64 with BMI2 and ADX: `Portable` with an inner loop of MULX and two carry chains.
    Adx,
    /// x86-64 with AVX-512 IFMA, one block at a time.
    Ifma,
    /// x86-64 with AVX-512 IFMA, eight blocks at a time, and what is left as [`Ifma`](Self::Ifma) does.
    IfmaX8,
}

/// Whether a [`Backend`] can be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// It gave the known answer of its self-test.
    Passed,
    /// It gave a wrong answer: a broken CPU or emulator, or a fault of this crate. Keys for it
    /// are built for [`Backend::Portable`] instead. Please report it.
    Failed,
    /// This CPU or this build does not have it.
    Unavailable,
}

/// The place of the preferred backend in [`Backend::ALL`], counted from 1; 0 for none.
static PREFERRED: AtomicU8 = AtomicU8::new(0);

impl Backend {
    pub(crate) const ALL: [Self; 4] = [Self::Portable, Self::Adx, Self::Ifma, Self::IfmaX8];

    /// The backends that this CPU can run, the slowest first.
    #[must_use]
    pub fn available() -> &'static [Self] {
        #[cfg(all(target_arch = "x86_64", not(rsaep_portable_only)))]
        match (x86_64::has_adx(), x86_64::has_ifma()) {
            (true, true) => return &Self::ALL,
            (true, false) => return &[Self::Portable, Self::Adx],
            (false, true) => return &[Self::Portable, Self::Ifma, Self::IfmaX8],
            (false, false) => {}
        }
        &[Self::Portable]
    }

    /// The backend of a key for which none is named: the [preferred](Self::prefer) one, or else the
    /// fastest that this CPU can run, if it passes its self-test.
    #[must_use]
    pub fn detect() -> Self {
        let preferred = usize::from(PREFERRED.load(Ordering::Relaxed));
        let passed = |backend: &&Self| backend.status() == Status::Passed;
        match preferred.checked_sub(1).and_then(|at| Self::ALL.get(at)) {
            Some(preferred) => Some(preferred).filter(passed),
            None => Self::available().iter().rfind(passed),
        }
        .copied()
        .unwrap_or(Self::Portable)
    }

    /// Makes this the backend of every key that is built from now on in this process and for which none
    /// is named. It is for programs, not for libraries.
    ///
    /// # Errors
    ///
    /// [`KeyError::BackendUnavailable`], also for one that failed its self-test; nothing has changed then.
    pub fn prefer(self) -> Result<(), KeyError> {
        if self.status() != Status::Passed {
            return Err(KeyError::BackendUnavailable { backend: self });
        }
        PREFERRED.store(self as u8 + 1, Ordering::Relaxed);
        Ok(())
    }

    /// Whether it can be used here. The first call for a backend runs its self-test, which
    /// takes some tens of microseconds; the answer is kept.
    #[must_use]
    pub fn status(self) -> Status {
        if Self::available().contains(&self) {
            self_test::status(self)
        } else {
            Status::Unavailable
        }
    }

    /// The name in lower case, as benchmarks and messages print it and [`FromStr`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Adx => "adx",
            Self::Ifma => "ifma",
            Self::IfmaX8 => "ifma-x8",
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Backend {
    type Err = UnknownBackend;

    /// Reads a [`name`](Self::name). Whether the CPU has the backend is another question.
    fn from_str(name: &str) -> Result<Self, UnknownBackend> {
        let named = |backend: &Self| backend.name() == name;
        Self::ALL.into_iter().find(named).ok_or(UnknownBackend)
    }
}

/// A name that no backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownBackend;

impl fmt::Display for UnknownBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no backend has this name; there are:")?;
        Backend::ALL
            .iter()
            .try_for_each(|backend| write!(f, " {backend}"))
    }
}

impl core::error::Error for UnknownBackend {}
