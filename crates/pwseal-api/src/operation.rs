//! The four operations and the versions of the API: paths, scopes, what counts as success.

use core::fmt;
use core::str::FromStr;

use http::{Method, StatusCode};

/// A published version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `beta`. Here `query-password-info` wants a token of the `client_credentials` grant, and
    /// answers a personal access token with 403.
    Beta,
    /// `v3`, which has no digit tokens.
    V3,
    /// `v2024`
    V2024,
    /// `v2025`
    V2025,
    /// `v2026`
    V2026,
    /// `v1` of the layout in which each API has a version of its own: the newest one.
    V1,
}

impl ApiVersion {
    /// All versions, the oldest first.
    pub const ALL: &'static [Self] = &[
        Self::Beta,
        Self::V3,
        Self::V2024,
        Self::V2025,
        Self::V2026,
        Self::V1,
    ];

    /// The name as it stands in a URL, and as [`FromStr`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Beta => "beta",
            Self::V3 => "v3",
            Self::V2024 => "v2024",
            Self::V2025 => "v2025",
            Self::V2026 => "v2026",
            Self::V1 => "v1",
        }
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

/// One of the API's four operations.
///
/// | operation | scope of the token | success |
/// |---|---|---|
/// | `query-password-info` | `idn:password-info:read` | 200 |
/// | `set-password` | `idn:password-change:manage` | 202 |
/// | `password-change-status` | `idn:password-change:read` | 200 |
/// | `generate-password-reset-token` | `idn:password-digit-token:create` | 200 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// The key, the accounts and the policies of an identity on a source.
    QueryPasswordInfo,
    /// Orders a password change.
    SetPassword,
    /// How far an ordered change is.
    PasswordChangeStatus,
    /// A token of digits with which a person may reset a password. Experimental from v2024 on.
    GenerateDigitToken,
}

impl Operation {
    /// All operations, in the order in which they are used.
    pub const ALL: &'static [Self] = &[
        Self::QueryPasswordInfo,
        Self::SetPassword,
        Self::PasswordChangeStatus,
        Self::GenerateDigitToken,
    ];

    /// The operation's part of the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::QueryPasswordInfo => "query-password-info",
            Self::SetPassword => "set-password",
            Self::PasswordChangeStatus => "password-change-status",
            Self::GenerateDigitToken => "generate-password-reset-token",
        }
    }

    /// The OAuth scope that the token needs.
    #[must_use]
    pub fn scope(self) -> &'static str {
        match self {
            Self::QueryPasswordInfo => "idn:password-info:read",
            Self::SetPassword => "idn:password-change:manage",
            Self::PasswordChangeStatus => "idn:password-change:read",
            Self::GenerateDigitToken => "idn:password-digit-token:create",
        }
    }

    /// The one status that means success: 202 for `set-password`, which is only ordered then,
    /// and else 200.
    #[must_use]
    pub fn success(self) -> StatusCode {
        match self {
            Self::SetPassword => StatusCode::ACCEPTED,
            _ => StatusCode::OK,
        }
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
        match self {
            Self::PasswordChangeStatus => Method::GET,
            _ => Method::POST,
        }
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
