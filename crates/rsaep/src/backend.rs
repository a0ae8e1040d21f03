//! Which implementations there are, which of them this CPU can run, and whether they are right.

use core::fmt;
use core::str::FromStr;
use core::sync::atomic::{AtomicU8, Ordering};

use crate::error::KeyError;
use crate::portable::Portable;
use crate::self_test::{self, Part};
use crate::x86_64::{Adx, Avx2X4, Avx512X8, Ifma, IfmaX8, IfmaX8Winograd};

/// A modulus, made ready for one implementation of the arithmetic. The token of a CPU feature in it is
/// the proof that the CPU has the feature.
pub(crate) trait Implementation: Clone + Sized {
    /// Whether this CPU, the operating system and this build have it.
    fn is_available() -> bool;

    /// Whether it is for this CPU. One that runs here but is made for other CPUs is used when it is named.
    fn is_for_this_cpu() -> bool {
        Self::is_available()
    }

    /// From an odd modulus, big-endian, without leading zeros. `None` where it is not available.
    fn new(modulus: &[u8]) -> Option<Self>;

    /// The length of modulus, in bits, for which the self-test has known answers and which runs the same code for one block as
    /// this modulus.
    fn tested_by(modulus: &[u8]) -> usize;

    /// The same for several blocks at once.
    fn several_tested_by(modulus: &[u8]) -> usize {
        Self::tested_by(modulus)
    }

    /// The batches that together take all ways through the code for several blocks at once: numbers of blocks, at most nine.
    const BATCHES: &'static [usize] = &[];

    /// Replaces each block `m` of `size` bytes by `m^e mod n`. `size` is the length of the
    /// modulus, every block is below it, and `e` is odd, at least 3, big-endian, without
    /// leading zeros.
    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]);
}

/// The one list of the backends: name in Rust, name in text, [`Implementation`]. Of those that are for a CPU, the last is
/// the fastest.
macro_rules! backends {
    ($($(#[$doc:meta])* $Name:ident = $name:literal, $Implementation:ty;)+) => {
        /// An implementation of the arithmetic. A key is built for one and keeps it.
        ///
        /// ```
        /// use rsaep::Backend;
        /// assert!(Backend::available().any(|backend| backend == Backend::detect()));
        /// assert_eq!("portable".parse(), Ok(Backend::Portable));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Backend {
            $($(#[$doc])* $Name,)+
        }

        impl Backend {
            /// All of them, whether this CPU has them or not.
            pub const ALL: &'static [Self] = &[$(Self::$Name),+];

            /// The name in lower case, as benchmarks and messages print it and [`FromStr`] reads it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$Name => $name,)+
                }
            }

            fn is_available(self) -> bool {
                match self {
                    $(Self::$Name => <$Implementation>::is_available(),)+
                }
            }

            /// As [`Implementation::tested_by`] and [`Implementation::several_tested_by`].
            pub(crate) fn tested_by(self, part: Part, modulus: &[u8]) -> usize {
                match (self, part) {
                    $((Self::$Name, Part::One) => <$Implementation>::tested_by(modulus),
                    (Self::$Name, Part::Several) => <$Implementation>::several_tested_by(modulus),)+
                }
            }

            /// The batches that take all ways through a part.
            pub(crate) fn batches(self, part: Part) -> &'static [usize] {
                match (self, part) {
                    (_, Part::One) => &[1],
                    $((Self::$Name, Part::Several) => <$Implementation>::BATCHES,)+
                }
            }

            fn is_for_this_cpu(self) -> bool {
                match self {
                    $(Self::$Name => <$Implementation>::is_for_this_cpu(),)+
                }
            }
        }

        /// What a backend made of a modulus.
        #[derive(Clone)]
        pub(crate) enum Engine {
            $($Name($Implementation),)+
        }

        impl Engine {
            /// `None` where the backend is not available.
            pub(crate) fn new(backend: Backend, modulus: &[u8]) -> Option<Self> {
                match backend {
                    $(Backend::$Name => <$Implementation>::new(modulus).map(Self::$Name),)+
                }
            }

            /// As [`Implementation::power`].
            pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
                match self {
                    $(Self::$Name(modulus) => modulus.power(e, size, blocks),)+
                }
            }

            pub(crate) fn backend(&self) -> Backend {
                match self {
                    $(Self::$Name(_) => Backend::$Name,)+
                }
            }
        }
    };
}

backends! {
    /// Safe Rust on 64-bit limbs: any CPU, any size.
    Portable = "portable", Portable;
    /// x86-64 with BMI2 and ADX: as [`Portable`](Self::Portable), with inner loops of MULX and two carry chains.
    Adx = "adx", Adx;
    /// x86-64 with AVX2, four blocks at a time, and what is left as [`Adx`](Self::Adx) does, or [`Portable`](Self::Portable).
    Avx2X4 = "avx2-x4", Avx2X4;
    /// x86-64 with AVX-512, eight blocks at a time, and what is left as [`Adx`](Self::Adx) does, or [`Portable`](Self::Portable).
    Avx512X8 = "avx512-x8", Avx512X8;
    /// x86-64 with AVX-512 IFMA, one block at a time.
    Ifma = "ifma", Ifma;
    /// x86-64 with AVX-512 IFMA, eight blocks at a time, and what is left as [`Ifma`](Self::Ifma) does.
    IfmaX8 = "ifma-x8", IfmaX8;
    /// x86-64 with AVX-512 IFMA, for CPUs that start additions beside multiplications: as [`IfmaX8`](Self::IfmaX8), with half
    /// the multiplications of a reduction.
    IfmaX8Winograd = "ifma-x8-winograd", IfmaX8Winograd;
}

/// Whether a [`Backend`] can be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackendStatus {
    /// It gave the known answers of its self-tests.
    Passed,
    /// It gave a wrong answer: a broken CPU or emulator, or a fault of this crate. Code that gave one is not used: keys
    /// are built for [`Backend::Portable`] instead, or, if only the code for several blocks at once did, do one block after the
    /// other. Please report it.
    Failed,
    /// This CPU or this build does not have it.
    Unavailable,
}

/// The place of the preferred backend in [`Backend::ALL`], counted from 1; 0 for none.
static PREFERRED: AtomicU8 = AtomicU8::new(0);

impl Backend {
    /// The backends that this CPU can run, [`Portable`](Self::Portable) first. Some may be made for other CPUs, and slower
    /// here than those before them.
    pub fn available() -> impl DoubleEndedIterator<Item = Self> + Clone {
        let all = Self::ALL.iter().copied();
        all.filter(|backend| backend.is_available())
    }

    /// The backend of keys for which none is named: the [preferred](Self::prefer) one, or else the
    /// fastest for this CPU, if it passes its self-tests.
    #[must_use]
    pub fn detect() -> Self {
        Self::choose(Self::status)
    }

    /// As [`detect`](Self::detect), for a modulus: only the self-test of the code that it runs counts.
    pub(crate) fn for_modulus(modulus: &[u8]) -> Self {
        Self::choose(|backend| backend.status_for(modulus))
    }

    fn choose(status: impl Fn(Self) -> BackendStatus) -> Self {
        let preferred = usize::from(PREFERRED.load(Ordering::Relaxed));
        let passed = |backend: &Self| status(*backend) == BackendStatus::Passed;
        match preferred.checked_sub(1).and_then(|at| Self::ALL.get(at)) {
            Some(preferred) => Some(*preferred).filter(passed),
            None => Self::available()
                .filter(|backend| backend.is_for_this_cpu())
                .rfind(passed),
        }
        .unwrap_or(Self::Portable)
    }

    /// Makes this the backend of every key that is built from now on in this process and for which none
    /// is named. It is for programs, not for libraries.
    ///
    /// # Errors
    ///
    /// [`KeyError::BackendUnavailable`], also for one that failed its self-test; nothing has changed then.
    pub fn prefer(self) -> Result<(), KeyError> {
        if self.status() != BackendStatus::Passed {
            return Err(KeyError::BackendUnavailable { backend: self });
        }
        PREFERRED.store(self as u8 + 1, Ordering::Relaxed);
        Ok(())
    }

    /// Whether it can be used here. The first call for a backend runs its self-tests, which
    /// take some hundred microseconds; the answers are kept.
    ///
    /// A key runs those for its length only, and that of the code for several blocks at once when it has several for the first
    /// time. So [`PublicKey::new`](crate::PublicKey::new) may take a backend that failed another one.
    #[must_use]
    pub fn status(self) -> BackendStatus {
        if self.is_available() {
            self_test::status(self)
        } else {
            BackendStatus::Unavailable
        }
    }

    /// Whether it can be used for one block and a modulus.
    pub(crate) fn status_for(self, modulus: &[u8]) -> BackendStatus {
        if self.is_available() {
            self_test::status_for(self, modulus)
        } else {
            BackendStatus::Unavailable
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
        let mut all = Self::ALL.iter().copied();
        all.find(named).ok_or(UnknownBackend)
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
