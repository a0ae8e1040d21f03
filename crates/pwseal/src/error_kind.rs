//! What a program may want to tell apart among the errors.

use crate::error::Error;

/// An enum, and the list of all its variants. They are written once, so that the list has all.
macro_rules! kinds {
    ($(#[$enum_attribute:meta])* pub enum $name:ident { $($(#[$attribute:meta])* $kind:ident,)+ }) => {
        $(#[$enum_attribute])*
        pub enum $name {
            $($(#[$attribute])* $kind,)+
        }

        impl $name {
            /// All kinds. Whatever maps kinds to something else can show at compile time that it
            /// maps each of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];
        }
    };
}

kinds! {
    /// What an [`Error`] is about: for programs, which need not know every variant.
    ///
    /// ```
    /// use pwseal::{ErrorKind, PublicKey};
    ///
    /// let error = PublicKey::parse("ssh-rsa AAAA").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnsupportedKey);
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The key cannot be read or used: it is empty, damaged, or no key.
        InvalidKey,
        /// The key is recognised for what it is, and is none that is taken here: a private key, another
        /// form or algorithm, or a modulus that is too short or too long.
        UnsupportedKey,
        /// The backend that was asked for is not in this CPU or this build.
        BackendUnavailable,
        /// The password is empty.
        EmptyPassword,
        /// The password is too long for the key.
        PasswordTooLong,
        /// The password is not acceptable as text, and nobody said that it is meant as it is.
        PasswordNotText,
        /// The output buffer has the wrong length.
        OutputLength,
        /// The source of random bytes failed.
        RandomSource,
        /// There is not enough memory.
        OutOfMemory,
        /// The policy cannot be read, or says nothing.
        InvalidPolicy,
        /// No password, or none of the length asked for, can satisfy the policy.
        PolicyConflict,
        /// Next to no password satisfies the policy.
        PolicyTooNarrow,
        /// A password to be generated is too long.
        GeneratedTooLong,
        /// The dictionary cannot be read.
        InvalidDictionary,
    }
}

impl Error {
    /// What it is about. Of one password in a batch, what is wrong with that one.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        use rsaep::KeyError as K;
        match self {
            Self::EmptyKey
            | Self::KeyNotText { .. }
            | Self::Base64Character { .. }
            | Self::Base64Length { .. }
            | Self::Base64End
            | Self::PemMissing
            | Self::PemFraming
            | Self::PemHeaders
            | Self::PemBlocks { .. }
            | Self::JwkSet { .. }
            | Self::KeyNumber { .. }
            | Self::NotDer
            | Self::Der { .. }
            | Self::KeyTruncated { .. }
            | Self::TrailingBytes { .. } => ErrorKind::InvalidKey,
            Self::OtherInput(_)
            | Self::PemLabel { .. }
            | Self::PrivateKey
            | Self::CertificateVersion { .. }
            | Self::ExponentTooLong { .. }
            | Self::UnknownStructure
            | Self::OtherStructure { .. }
            | Self::Algorithm { .. }
            | Self::AlgorithmParameters => ErrorKind::UnsupportedKey,
            Self::Rsa(K::BackendUnavailable { .. }) => ErrorKind::BackendUnavailable,
            Self::Rsa(K::ModulusTooShort { .. } | K::ModulusTooLong { .. }) => {
                ErrorKind::UnsupportedKey
            }
            // Others are about numbers that make no key.
            Self::Rsa(_) => ErrorKind::InvalidKey,
            Self::EmptyPassword => ErrorKind::EmptyPassword,
            Self::PasswordTooLong { .. } => ErrorKind::PasswordTooLong,
            Self::PasswordNotText { .. } | Self::HalfSurrogate { .. } => ErrorKind::PasswordNotText,
            Self::OutputLength { .. } => ErrorKind::OutputLength,
            Self::RandomSource => ErrorKind::RandomSource,
            Self::OutOfMemory => ErrorKind::OutOfMemory,
            Self::InBatch { error, .. } => error.kind(),
            Self::PolicyString { .. } => ErrorKind::InvalidPolicy,
            Self::PolicyConflict { .. } => ErrorKind::PolicyConflict,
            Self::PolicyTooNarrow | Self::GeneratedHasWord => ErrorKind::PolicyTooNarrow,
            Self::GeneratedTooLong { .. } => ErrorKind::GeneratedTooLong,
            Self::DictionaryNotText { .. }
            | Self::DictionaryLineTooLong { .. }
            | Self::DictionaryWhiteSpace { .. }
            | Self::DictionaryOtherFormat
            | Self::DictionaryTooManyWords { .. } => ErrorKind::InvalidDictionary,
        }
    }
}
