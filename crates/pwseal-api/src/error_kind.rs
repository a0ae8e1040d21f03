//! What a program may want to tell apart among the errors.

use pwseal::ErrorKind as CoreKind;

use crate::error::Error;

/// An enum of the kinds that are listed and those of the core, and the list of all of them. They
/// are written once, so that the list has all.
macro_rules! kinds {
    ($(#[$enum_attribute:meta])* pub enum $name:ident {
        $(#[$core_attribute:meta])* Core(CoreKind),
        $($(#[$attribute:meta])* $kind:ident,)+
    }) => {
        $(#[$enum_attribute])*
        pub enum $name {
            $(#[$core_attribute])* Core(CoreKind),
            $($(#[$attribute])* $kind,)+
        }

        impl $name {
            /// All kinds, with those of the core. Whatever maps kinds to something else can show at
            /// compile time that it maps each of them.
            pub const ALL: &'static [Self] = &{
                const OWN: &[$name] = &[$($name::$kind,)+];
                let mut all = [OWN[0]; OWN.len() + CoreKind::ALL.len()];
                let mut index = 0;
                while index < all.len() {
                    all[index] = match index.checked_sub(OWN.len()) {
                        None => OWN[index],
                        Some(index) => $name::Core(CoreKind::ALL[index]),
                    };
                    index += 1;
                }
                all
            };
        }
    };
}

kinds! {
    /// What an [`Error`] is about: for programs, which need not know every variant.
    ///
    /// ```
    /// use pwseal_api::{ErrorKind, PasswordInfo};
    ///
    /// let kind = |text| PasswordInfo::from_json(text).unwrap_err().kind();
    /// assert_eq!(kind(r#"{"identityId": 7}"#), ErrorKind::InvalidPasswordInfo);
    /// assert_eq!(kind("<html>Sign in"), ErrorKind::OtherMessage);
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The key, the password or the policy, or encryption itself.
        Core(CoreKind),
        /// The password-info is no JSON, or not of the shape of the API's message.
        InvalidPasswordInfo,
        /// The body of `set-password` is no JSON, not of the shape of the API's message, or not encrypted.
        InvalidChangeRequest,
        /// The input is something else than the message that is wanted: an error of the API, HTML, a
        /// key.
        OtherMessage,
        /// A field is absent, null or blank.
        MissingField,
        /// The identity has no account on the source.
        NoAccounts,
        /// There are several accounts, and none was chosen.
        AccountNotChosen,
        /// No account has the id or name that was asked for.
        AccountNotFound,
        /// Several accounts have the name that was asked for.
        AccountNameNotUnique,
        /// The password violates a rule of the policies.
        PolicyViolation,
        /// The version of the API lacks the operation.
        NotInVersion,
        /// The tenant is no label of a host name.
        InvalidTenant,
        /// The base URL cannot be used.
        InvalidBaseUrl,
        /// The request id is empty, or nothing that can stand in a URL.
        InvalidRequestId,
        /// The bearer token is empty, or cannot stand in a header.
        InvalidBearerToken,
        /// A number is out of its range.
        OutOfRange,
    }
}

impl Error {
    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Core(error) => ErrorKind::Core(error.kind()),
            Self::Json(error) if error.is_other_message() => ErrorKind::OtherMessage,
            Self::Json(_) | Self::AccountJson(_) => ErrorKind::InvalidPasswordInfo,
            Self::ChangeRequestJson(_) | Self::NotEncrypted => ErrorKind::InvalidChangeRequest,
            Self::MissingField { .. }
            | Self::ChangeRequestField { .. }
            | Self::RequestField { .. } => ErrorKind::MissingField,
            Self::NoAccounts => ErrorKind::NoAccounts,
            Self::AccountNotChosen { .. } => ErrorKind::AccountNotChosen,
            Self::AccountNotFound { .. } => ErrorKind::AccountNotFound,
            Self::AccountNameNotUnique { .. } => ErrorKind::AccountNameNotUnique,
            Self::Policy(_) => ErrorKind::PolicyViolation,
            Self::NotInVersion { .. } => ErrorKind::NotInVersion,
            Self::Tenant => ErrorKind::InvalidTenant,
            Self::BaseUrl { .. } => ErrorKind::InvalidBaseUrl,
            Self::RequestId => ErrorKind::InvalidRequestId,
            Self::BearerToken { .. } | Self::BearerScheme => ErrorKind::InvalidBearerToken,
            Self::DigitTokenLength { .. } | Self::DigitTokenDuration { .. } => {
                ErrorKind::OutOfRange
            }
        }
    }
}
