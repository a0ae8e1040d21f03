//! Which implementations there are, and which one a key gets.

use core::fmt;

/// An implementation of the arithmetic. A key is built for one and keeps it.
///
/// ```
/// use rsaep::Backend;
/// assert!(Backend::available().contains(&Backend::detect()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Safe Rust on 64-bit limbs: any CPU, any size.
    Portable,
    /// ifma
    Ifma,
}

impl Backend {
    /// The backends that this CPU can run, the slowest first.
    #[must_use]
    pub fn available() -> &'static [Self] {
        &[Self::Portable, Self::Ifma]
    }

    /// The fastest backend that this CPU can run.
    #[must_use]
    pub fn detect() -> Self {
        Self::Ifma
    }

    /// The name in lower case, as benchmarks and messages print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Ifma => "ifma",
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
