//! The four operations and the versions of the API: paths, scopes, what counts as success.

use core::fmt;
use core::str::FromStr;

use http::{Method, StatusCode};

/// An enum with one row for each variant, and the list of all variants. They are written once, so
/// that the list and the rows have all.
macro_rules! table {
    ($(#[$enum_attribute:meta])* pub enum $name:ident: $row:ty {
        $($(#[$attribute:meta])* $variant:ident = $value:expr,)+
    }) => {
        $(#[$enum_attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$attribute])* $variant,)+
        }

        impl $name {
            /// All of them, in order: versions from the oldest, operations as they are used.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn row(self) -> $row {
                match self {
                    $(Self::$variant => $value,)+
                }
            }
        }
    };
}

table! {
    /// A published version of the API.
    pub enum ApiVersion: &'static str {
        /// `beta`. Here `query-password-info` wants a token of the `client_credentials` grant, and
        /// answers a personal access token with 403.
        Beta = "beta",
        /// `v3`, which has no digit tokens.
        V3 = "v3",
        /// `v2024`
        V2024 = "v2024",
        /// `v2025`
        V2025 = "v2025",
        /// `v2026`
        V2026 = "v2026",
        /// `v1` of the layout in which each API has a version of its own: the newest one.
        V1 = "v1",
    }
}

impl ApiVersion {
    /// The name as it stands in a URL, and as [`FromStr`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row()
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ApiVersion {
    type Err = UnknownApiVersion;

    /// Reads a [`name`](Self::name).
    ///
    /// ```
    /// use pwseal_api::ApiVersion;
    ///
    /// assert_eq!("v2026".parse(), Ok(ApiVersion::V2026));
    /// assert!("2026".parse::<ApiVersion>().is_err());
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownApiVersion> {
        let mut all = Self::ALL.iter().copied();
        all.find(|version| version.name() == name)
            .ok_or(UnknownApiVersion)
    }
}

/// A name that no version of the API has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownApiVersion;

impl fmt::Display for UnknownApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such version of the API: take one of")?;
        let mut separator = " ";
        for version in ApiVersion::ALL {
            write!(f, "{separator}{version}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl std::error::Error for UnknownApiVersion {}

/// What an operation is made of.
struct Row {
    name: &'static str,
    method: Method,
    scope: &'static str,
    success: StatusCode,
    is_safe: bool,
}

table! {
    /// One of the API's four operations.
    ///
    /// | operation | scope of the token | success |
    /// |---|---|---|
    /// | `query-password-info` | `idn:password-info:read` | 200 |
    /// | `set-password` | `idn:password-change:manage` | 202 |
    /// | `password-change-status` | `idn:password-change:read` | 200 |
    /// | `generate-password-reset-token` | `idn:password-digit-token:create` | 200 |
    pub enum Operation: Row {
        /// The key, the accounts and the policies of an identity on a source.
        QueryPasswordInfo = Row {
            name: "query-password-info",
            method: Method::POST,
            scope: "idn:password-info:read",
            success: StatusCode::OK,
            is_safe: true,
        },
        /// Orders a password change.
        SetPassword = Row {
            name: "set-password",
            method: Method::POST,
            scope: "idn:password-change:manage",
            success: StatusCode::ACCEPTED,
            is_safe: false,
        },
        /// How far an ordered change is.
        PasswordChangeStatus = Row {
            name: "password-change-status",
            method: Method::GET,
            scope: "idn:password-change:read",
            success: StatusCode::OK,
            is_safe: true,
        },
        /// A token of digits with which a person may reset a password. Experimental from v2024 on.
        GenerateDigitToken = Row {
            name: "generate-password-reset-token",
            method: Method::POST,
            scope: "idn:password-digit-token:create",
            success: StatusCode::OK,
            is_safe: false,
        },
    }
}

impl Operation {
    /// The operation's part of the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The OAuth scope that the token needs.
    #[must_use]
    pub fn scope(self) -> &'static str {
        self.row().scope
    }

    /// The one status that means success: 202 for `set-password`, which is only ordered then,
    /// and else 200.
    #[must_use]
    pub fn success(self) -> StatusCode {
        self.row().success
    }

    /// Whether the operation changes nothing, so that a request may be sent again without knowing what
    /// became of the first (RFC 9110, section 9.2.1). `query-password-info` is such a one, although it is
    /// a POST.
    ///
    /// ```
    /// use pwseal_api::Operation;
    ///
    /// assert!(Operation::QueryPasswordInfo.is_safe());
    /// assert!(!Operation::SetPassword.is_safe());
    /// ```
    #[must_use]
    pub fn is_safe(self) -> bool {
        self.row().is_safe
    }

    /// Whether a version has the operation.
    #[must_use]
    pub fn is_in(self, version: ApiVersion) -> bool {
        (self, version) != (Self::GenerateDigitToken, ApiVersion::V3)
    }

    /// Whether a version wants the header `X-SailPoint-Experimental`.
    #[must_use]
    pub fn is_experimental_in(self, version: ApiVersion) -> bool {
        self == Self::GenerateDigitToken && !matches!(version, ApiVersion::Beta | ApiVersion::V3)
    }

    pub(crate) fn method(self) -> Method {
        self.row().method
    }

    /// The path in a URL; `rest` is empty or starts with `/`.
    pub(crate) fn path(self, version: ApiVersion, rest: &str) -> String {
        let name = self.name();
        match version {
            ApiVersion::V1 => format!("/{name}/{version}{rest}"),
            _ => format!("/{version}/{name}{rest}"),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
