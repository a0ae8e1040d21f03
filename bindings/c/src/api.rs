//! `pwseal_api` and `pwseal_request`: the operations of the API as HTTP requests.

use core::ffi::c_char;
use core::ptr;

use pwseal_api::http;
use pwseal_api::{DigitTokenRequest, PasswordInfoQuery};
use zeroize::Zeroizing;

use crate::answer::Header;
use crate::boundary;
use crate::change_request::ChangeRequest;
use crate::failure::{Failure, Usage};
use crate::getters;
use crate::pointers::{self, Text};
use crate::status::Status;
use crate::text::CText;

/// A published version of the API. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum ApiVersion {
    /// `beta`.
    Beta = 0,
    /// `v3`, which has no digit tokens.
    V3 = 1,
    /// `v2024`.
    V2024 = 2,
    /// `v2025`.
    V2025 = 3,
    /// `v2026`.
    V2026 = 4,
    /// `v1` of the layout in which each API has a version of its own: the newest one.
    V1 = 5,
}

/// A tenant's API in one version: makes requests, and sends none. Made by `pwseal_api_new` or
/// `pwseal_api_at`, freed by `pwseal_api_free`. It never changes: many threads may use one at once.
#[derive(Debug)]
pub struct Api(pwseal_api::Api);

/// An HTTP request, for a client of the caller's to send. Made by
/// the functions of `pwseal_api`, freed by `pwseal_request_free`, which wipes its body. It never
/// changes: many threads may use one at once.
#[derive(Debug)]
pub struct Request {
    http: HttpRequest,
    /// What `http` points to.
    _texts: Vec<CText>,
    _headers: Vec<Header>,
}

/// What a `pwseal_request` is made of. It carries everything but the bearer token, which is not given to this library
/// (the header `Authorization: Bearer TOKEN`), and what any client adds itself (`Host`, `Content-Length`).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: Text,
    /// The URL.
    pub url: Text,
    /// The headers, with names in lower case.
    pub headers: *const Header,
    /// How many there are.
    pub headers_len: usize,
    /// The body: JSON, or empty for a `GET`. A copy of that of `set-password` is to be wiped after use
    /// (`pwseal_wipe`).
    pub body: Text,
}

/// An [`ApiVersion`], or any other number.
type ApiVersionNumber = i32;

/// Puts a new handle into `*out`: the API of a tenant, at `https://TENANT.api.identitynow.com`.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, INVALID_TENANT.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_new(
    version: ApiVersionNumber,
    tenant: *const c_char,
    tenant_len: usize,
    out: *mut *mut Api,
) -> Status {
    boundary::allocating(tenant_len, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let tenant = pointers::text("tenant", tenant, tenant_len)?;
                Ok(Api(pwseal_api::Api::new(self::version(version)?, tenant)?))
            })
        }
    })
}

/// Puts a new handle into `*out`: the API at another address, such as a vanity domain or a proxy. A
/// path in it comes before the API's own. `http:` is taken for the machine itself only.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, INVALID_BASE_URL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_at(
    version: ApiVersionNumber,
    base_url: *const c_char,
    base_url_len: usize,
    out: *mut *mut Api,
) -> Status {
    boundary::allocating(base_url_len, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let url = pointers::text("base_url", base_url, base_url_len)?;
                Ok(Api(pwseal_api::Api::at(self::version(version)?, url)?))
            })
        }
    })
}

/// Frees an API. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_free(api: *mut Api) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(api) }
    });
}

/// Puts the request of `query-password-info` into `*out`: the person's login name, and the display
/// name of the source.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_query_password_info(
    api: *const Api,
    user_name: *const c_char,
    user_name_len: usize,
    source_name: *const c_char,
    source_name_len: usize,
    out: *mut *mut Request,
) -> Status {
    boundary::allocating(user_name_len.saturating_add(source_name_len), |call| {
        // SAFETY: what the header demands of a handle, inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let api = pointers::handle("api", api)?;
                let query = PasswordInfoQuery::new(
                    pointers::text("user_name", user_name, user_name_len)?,
                    pointers::text("source_name", source_name, source_name_len)?,
                );
                Request::new(api.0.query_password_info(&query)?)
            })
        }
    })
}

/// Puts the request of `set-password` into `*out`.
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_set_password(
    api: *const Api,
    change: *const ChangeRequest,
    out: *mut *mut Request,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of handles and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let api = pointers::handle("api", api)?;
                let change = pointers::handle("change", change)?;
                Request::new(api.0.set_password(&change.change)?)
            })
        }
    })
}

/// Puts the request of `password-change-status` into `*out`: the id is what `set-password`
/// answered.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, INVALID_REQUEST_ID.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_password_change_status(
    api: *const Api,
    request_id: *const c_char,
    request_id_len: usize,
    out: *mut *mut Request,
) -> Status {
    boundary::allocating(request_id_len, |call| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let api = pointers::handle("api", api)?;
                let id = pointers::text("request_id", request_id, request_id_len)?;
                Request::new(api.0.password_change_status(id)?)
            })
        }
    })
}

/// Puts the request of `generate-password-reset-token` into `*out`: the uid of the person, how many
/// digits (6 to 18), and for how many minutes the token is valid (1 to 60). 0 leaves the number to
/// the server.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, NOT_IN_VERSION.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_generate_digit_token(
    api: *const Api,
    user_id: *const c_char,
    user_id_len: usize,
    length: u32,
    duration_minutes: u32,
    out: *mut *mut Request,
) -> Status {
    boundary::allocating(user_id_len, |call| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let api = pointers::handle("api", api)?;
                let mut token =
                    DigitTokenRequest::new(pointers::text("user_id", user_id, user_id_len)?);
                token.length = unless_zero(length, "a digit token has 6 to 18 digits")?;
                token.duration_minutes = unless_zero(
                    duration_minutes,
                    "a digit token is valid for 1 to 60 minutes",
                )?;
                Request::new(api.0.generate_digit_token(&token)?)
            })
        }
    })
}

/// Frees a request. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_free(request: *mut Request) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(request) }
    });
}

/// Lends all of a request: it is valid as long as the handle. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_http(request: *const Request) -> *const HttpRequest {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(request, ptr::null(), |request| &raw const request.http) }
}

// SAFETY: it never changes, and its pointers are to what it owns and drops last.
unsafe impl Send for Request {}
// SAFETY: as above.
unsafe impl Sync for Request {}

impl Request {
    fn new(request: http::Request<Vec<u8>>) -> Result<Self, Failure<'static>> {
        let (head, body) = request.into_parts();
        let body = Zeroizing::new(body);
        let count = head.headers.len();
        let (mut texts, mut headers) = (Vec::new(), Vec::new());
        texts
            .try_reserve_exact(3 + 2 * count)
            .map_err(|_| Failure::OutOfMemory)?;
        headers
            .try_reserve_exact(count)
            .map_err(|_| Failure::OutOfMemory)?;
        let mut lend = |text: CText| {
            let lent = text.lend();
            texts.push(text);
            lent
        };
        for (name, value) in &head.headers {
            headers.push(Header {
                name: lend(CText::new(name.as_str())?),
                value: lend(CText::new(value.as_bytes())?),
            });
        }
        let http = HttpRequest {
            method: lend(CText::new(head.method.as_str())?),
            url: lend(CText::shown(&head.uri)?),
            headers: headers.as_ptr(),
            headers_len: headers.len(),
            body: lend(CText::secret(&body[..])?),
        };
        Ok(Self {
            http,
            _texts: texts,
            _headers: headers,
        })
    }
}

fn version(number: ApiVersionNumber) -> Result<pwseal_api::ApiVersion, Usage> {
    use pwseal_api::ApiVersion as V;
    let versions = [
        (ApiVersion::Beta, V::Beta),
        (ApiVersion::V3, V::V3),
        (ApiVersion::V2024, V::V2024),
        (ApiVersion::V2025, V::V2025),
        (ApiVersion::V2026, V::V2026),
        (ApiVersion::V1, V::V1),
    ];
    let found = versions.iter().find(|(known, _)| *known as i32 == number);
    found.map(|(_, version)| *version).ok_or(Usage::NotIn {
        list: "pwseal_api_version",
        number: number.into(),
    })
}

/// A number of a digit token, where 0 stands for none. The API's own limits are checked later: here
/// it is only kept from becoming a smaller one.
fn unless_zero(number: u32, wanted: &'static str) -> Result<Option<u8>, Usage> {
    let number = u8::try_from(number).map_err(|_| Usage::DigitToken { wanted, number })?;
    Ok(Some(number).filter(|number| *number != 0))
}
