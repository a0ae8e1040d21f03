//! The operations as HTTP requests, for a client of the caller's to send.

use core::net::{Ipv4Addr, Ipv6Addr};

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::change_request::PasswordChangeRequest;
use crate::digit_token::DigitTokenRequest;
use crate::error::Error;
use crate::operation::{ApiVersion, Operation};
use crate::password_info::PasswordInfoQuery;

const EXPERIMENTAL: HeaderName = HeaderName::from_static("x-sailpoint-experimental");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The longest base URL in bytes.
const MAX_BASE_URL_LEN: usize = 2048;

/// All but what RFC 3986, section 2.3, calls unreserved.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A tenant's API in one version: makes requests, and sends none.
///
/// ```
/// use pwseal_api::{Api, ApiVersion, PasswordInfoQuery, authorize};
///
/// let api = Api::new(ApiVersion::V2026, "acme")?;
/// let query = PasswordInfoQuery::new("Abby.Smith", "My-AD");
/// let mut request = api.query_password_info(&query)?;
/// authorize(&mut request, "eyJhbGciOi.J9.c2ln")?;
///
/// assert_eq!(request.method(), "POST");
/// assert_eq!(request.uri(), "https://acme.api.identitynow.com/v2026/query-password-info");
/// # Ok::<(), pwseal_api::Error>(())
/// ```
///
/// A request carries everything but the token, which [`authorize`] adds, and what any client
/// adds itself (`Host`, `Content-Length`, `User-Agent`). Its body is a plain `Vec<u8>`: the body
/// of `set-password` holds a ciphertext, `Debug` of the request prints it, and what a client does
/// with it is out of reach here.
///
/// A client must not follow redirects with these requests: after a 307 or 308 it would send the
/// ciphertext to wherever the answer points, and the token perhaps with it. A redirect is no
/// success here, so that it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    version: ApiVersion,
    /// Without a slash at its end.
    base: String,
    allows_http: bool,
}

impl Api {
    /// The API of a tenant: `https://{tenant}.api.identitynow.com`.
    ///
    /// # Errors
    ///
    /// [`Error::Tenant`] for what is no label of a host name.
    pub fn new(version: ApiVersion, tenant: &str) -> Result<Self, Error> {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_label = (1..=63).contains(&tenant.len())
            && tenant.bytes().all(is_inner)
            && !tenant.starts_with('-')
            && !tenant.ends_with('-');
        if !is_label {
            return Err(Error::Tenant);
        }
        Ok(Self {
            version,
            base: format!("https://{tenant}.api.identitynow.com"),
            allows_http: false,
        })
    }

    /// The API at another address: a vanity domain, another cloud, a proxy. A path in it comes
    /// before the API's own.
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrl`] for what is no URL of at most 2,048 bytes with a host, and a port if any.
    /// `http:` would show token and ciphertext to the network, and is taken for `localhost` and
    /// loopback addresses (`127.0.0.1`, `[::1]`) only.
    pub fn at(version: ApiVersion, base_url: &str) -> Result<Self, Error> {
        Self::at_address(version, base_url, false)
    }

    /// As [`at`](Self::at), and takes `http:` for any host. Whoever is on the way reads token and ciphertext,
    /// so that it is for tests.
    ///
    /// ```
    /// use pwseal_api::{Api, ApiVersion};
    ///
    /// assert!(Api::at(ApiVersion::V2026, "http://mock:8080").is_err());
    /// let api = Api::at_test_server(ApiVersion::V2026, "http://mock:8080")?;
    /// assert_eq!(api.base_url(), "http://mock:8080");
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrl`]
    pub fn at_test_server(version: ApiVersion, base_url: &str) -> Result<Self, Error> {
        Self::at_address(version, base_url, true)
    }

    fn at_address(version: ApiVersion, base_url: &str, allows_http: bool) -> Result<Self, Error> {
        match base_url_problem(base_url, allows_http) {
            Some(problem) => Err(Error::BaseUrl { problem }),
            None => Ok(Self {
                version,
                base: base_url.trim_end_matches('/').into(),
                allows_http,
            }),
        }
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// What all URLs begin with, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// Whether it is [for tests](Self::at_test_server).
    #[must_use]
    pub fn allows_http(&self) -> bool {
        self.allows_http
    }

    /// `query-password-info`. The answer is read by
    /// [`PasswordInfo::from_response`](crate::PasswordInfo::from_response).
    ///
    /// # Errors
    ///
    /// [`Error::RequestField`] for a name that is blank.
    pub fn query_password_info(
        &self,
        query: &PasswordInfoQuery<'_>,
    ) -> Result<Request<Vec<u8>>, Error> {
        not_blank("userName", query.user_name)?;
        not_blank("sourceName", query.source_name)?;
        self.request(Operation::QueryPasswordInfo, "", query.to_json())
    }

    /// `set-password`. The answer is read by
    /// [`PasswordChangeResponse::from_response`](crate::PasswordChangeResponse::from_response).
    ///
    /// # Errors
    ///
    /// None with today's versions.
    pub fn set_password(&self, change: &PasswordChangeRequest) -> Result<Request<Vec<u8>>, Error> {
        self.request(Operation::SetPassword, "", change.to_json().into_bytes())
    }

    /// `password-change-status` of the change with this `requestId`. The answer is read by
    /// [`PasswordStatus::from_response`](crate::PasswordStatus::from_response).
    ///
    /// # Errors
    ///
    /// [`Error::RequestId`]
    pub fn password_change_status(&self, request_id: &str) -> Result<Request<Vec<u8>>, Error> {
        if !is_request_id(request_id) {
            return Err(Error::RequestId);
        }
        let segment = utf8_percent_encode(request_id, PATH_SEGMENT);
        let rest = format!("/{segment}");
        self.request(Operation::PasswordChangeStatus, &rest, Vec::new())
    }

    /// `generate-password-reset-token`. The answer is read by
    /// [`DigitToken::from_response`](crate::DigitToken::from_response).
    ///
    /// # Errors
    ///
    /// [`Error::RequestField`] for a user id that is blank, [`Error::NotInVersion`] for v3, and [`Error::DigitTokenLength`] and
    /// [`Error::DigitTokenDuration`] for values out of range.
    pub fn generate_digit_token(
        &self,
        token: &DigitTokenRequest<'_>,
    ) -> Result<Request<Vec<u8>>, Error> {
        not_blank("userId", token.user_id)?;
        self.request(Operation::GenerateDigitToken, "/digit", token.to_json()?)
    }

    fn request(
        &self,
        operation: Operation,
        rest: &str,
        body: Vec<u8>,
    ) -> Result<Request<Vec<u8>>, Error> {
        let version = self.version;
        if !operation.is_in(version) {
            return Err(Error::NotInVersion { operation, version });
        }
        let url = self.base.clone() + &operation.path(version, rest);
        // Only a request id is long enough to make a URL that `http` refuses.
        let uri: Uri = url.parse().map_err(|_| Error::RequestId)?;

        let mut request = Request::new(body);
        *request.method_mut() = operation.method();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
        if operation != Operation::PasswordChangeStatus {
            headers.insert(CONTENT_TYPE, JSON);
        }
        if operation.is_experimental_in(version) {
            headers.insert(EXPERIMENTAL, HeaderValue::from_static("true"));
        }
        Ok(request)
    }
}

/// Whether it can be a part of a path of its own. A client would resolve dots, however they are encoded, to another path.
pub(crate) fn is_request_id(id: &str) -> bool {
    !matches!(id.trim(), "" | "." | "..")
}

fn not_blank(field: &'static str, value: &str) -> Result<(), Error> {
    match value.trim().is_empty() {
        true => Err(Error::RequestField { field }),
        false => Ok(()),
    }
}

/// What is wrong with a base URL, in words that follow "it".
fn base_url_problem(base_url: &str, allows_http: bool) -> Option<&'static str> {
    if base_url.len() > MAX_BASE_URL_LEN {
        return Some("has more than 2048 bytes");
    }
    let is_https = match base_url.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => true,
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => false,
        _ => return Some("does not start with https://"),
    };
    // With a path, as it will be used.
    let used = format!("{}/", base_url.trim_end_matches('/'));
    let uri: Option<Uri> = used.parse().ok();
    let Some(authority) = uri.as_ref().and_then(Uri::authority) else {
        return Some("is no URL like https://acme.api.identitynow.com");
    };
    let authority = authority.as_str();
    if authority.contains('@') {
        return Some("holds a user name");
    }
    let (host, port) = match authority.rsplit_once(':') {
        // The colon is one of an IPv6 address.
        Some((_, after)) if after.ends_with(']') => (authority, None),
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let Some(is_loopback) = is_loopback(host) else {
        return Some("has no valid host");
    };
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if !port.is_none_or(is_port) {
        return Some("has a port that is no number up to 65535");
    }
    if !is_https && !is_loopback && !allows_http {
        return Some("is without encryption: use https");
    }
    let path = uri.as_ref().map_or("", Uri::path).trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.parse::<ApiVersion>().is_ok() {
        return Some("ends with a version of the API: leave it out, as it is added");
    }
    base_url
        .contains(['?', '#'])
        .then_some("has a query or a fragment")
}

/// Whether a host is this machine, and nothing if it is none: no name, no address.
fn is_loopback(host: &str) -> Option<bool> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(address.is_loopback());
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(address.is_loopback());
    }
    let in_a_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (!host.is_empty() && host.bytes().all(in_a_name))
        .then_some(host.eq_ignore_ascii_case("localhost"))
}

/// Sets a request's bearer token, marked sensitive, so that `Debug` and HTTP/2 header tables
/// leave it out. [`Operation::scope`] says which scope it needs.
///
/// # Errors
///
/// [`Error::BearerScheme`] for a token with `Bearer` before it, and [`Error::BearerToken`] for what RFC 6750, section 2.1, does not allow in a token.
pub fn authorize<B>(request: &mut Request<B>, token: &str) -> Result<(), Error> {
    let scheme = token.split_once(' ').map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("Bearer")) {
        return Err(Error::BearerScheme);
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if let Some(position) = token.bytes().position(|byte| !is_allowed(byte)) {
        return Err(Error::BearerToken { position });
    }
    if token.is_empty() {
        return Err(Error::BearerToken { position: 0 });
    }
    let mut text = Zeroizing::new(String::with_capacity("Bearer ".len() + token.len()));
    text.push_str("Bearer ");
    text.push_str(token);
    let mut value = HeaderValue::from_str(&text).expect("visible ASCII");
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}
