//! `pwseal_api` and `pwseal_request`: the operations of the API as HTTP requests.

use core::ffi::c_char;

use pwseal_api::http;
use pwseal_api::{DigitTokenRequest, PasswordInfoQuery};
use zeroize::Zeroizing;

use crate::boundary::{self, Failure};
use crate::change_request::ChangeRequest;
use crate::getters::{self, item};
use crate::pointers;
use crate::status::Status;

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

/// An HTTP request, for a client of the caller's to send: method, URL, headers and body. Made by
/// the functions of `pwseal_api`, freed by `pwseal_request_free`, which wipes its body. It never
/// changes: many threads may use one at once.
///
/// It carries everything but the bearer token, which is not given to this library (the header
/// `Authorization: Bearer TOKEN`), and what any client adds itself (`Host`, `Content-Length`).
#[derive(Debug)]
pub struct Request {
    head: http::request::Parts,
    body: Zeroizing<Vec<u8>>,
}

/// Puts a new handle into `*out`: the API of a tenant, at `https://TENANT.api.identitynow.com`.
/// `version` is a `pwseal_api_version`.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, INVALID_TENANT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_new(
    version: i32,
    tenant: *const c_char,
    tenant_len: usize,
    out: *mut *mut Api,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(out, || {
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_at(
    version: i32,
    base_url: *const c_char,
    base_url_len: usize,
    out: *mut *mut Api,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(out, || {
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_query_password_info(
    api: *const Api,
    user_name: *const c_char,
    user_name_len: usize,
    source_name: *const c_char,
    source_name_len: usize,
    out: *mut *mut Request,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle, inputs and an output.
        unsafe {
            let api = pointers::handle("api", api)?;
            pointers::hand_out(out, || {
                let query = PasswordInfoQuery::new(
                    pointers::text("user_name", user_name, user_name_len)?,
                    pointers::text("source_name", source_name, source_name_len)?,
                );
                Ok(api.0.query_password_info(&query)?.into())
            })
        }
    })
}

/// Puts the request of `set-password` into `*out`.
///
/// Errors: NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_set_password(
    api: *const Api,
    change: *const ChangeRequest,
    out: *mut *mut Request,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of handles and an output.
        unsafe {
            let api = pointers::handle("api", api)?;
            let change = pointers::handle("change", change)?;
            pointers::hand_out(out, || Ok(api.0.set_password(&change.0)?.into()))
        }
    })
}

/// Puts the request of `password-change-status` into `*out`: the id is what `set-password`
/// answered.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, INVALID_REQUEST_ID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_password_change_status(
    api: *const Api,
    request_id: *const c_char,
    request_id_len: usize,
    out: *mut *mut Request,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            let api = pointers::handle("api", api)?;
            pointers::hand_out(out, || {
                let id = pointers::text("request_id", request_id, request_id_len)?;
                Ok(api.0.password_change_status(id)?.into())
            })
        }
    })
}

/// Puts the request of `generate-password-reset-token` into `*out`: the uid of the person, how many
/// digits (6 to 18), and for how many minutes the token is valid (1 to 60). 0 leaves the number to
/// the server.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, NOT_IN_VERSION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_api_generate_digit_token(
    api: *const Api,
    user_id: *const c_char,
    user_id_len: usize,
    length: u32,
    duration_minutes: u32,
    out: *mut *mut Request,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            let api = pointers::handle("api", api)?;
            pointers::hand_out(out, || {
                let mut token =
                    DigitTokenRequest::new(pointers::text("user_id", user_id, user_id_len)?);
                token.length = unless_zero(length, "a digit token has 6 to 18 digits")?;
                token.duration_minutes = unless_zero(
                    duration_minutes,
                    "a digit token is valid for 1 to 60 minutes",
                )?;
                Ok(api.0.generate_digit_token(&token)?.into())
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

/// Writes the method, `GET` or `POST`.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_method(
    request: *const Request,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("request", request, out, out_len, |request| {
            Ok(request.head.method.as_str())
        })
    }
}

/// Writes the URL.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_url(
    request: *const Request,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("request", request, out, out_len, |request| {
            Ok(request.head.uri.to_string())
        })
    }
}

/// How many headers it has, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_header_count(request: *const Request) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(request, 0, |request| request.head.headers.len()) }
}

/// Writes the name of the header number `index`, counted from 0, in lower case.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_header_name(
    request: *const Request,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("request", request, out, out_len, |request| {
            Ok(request.header(index)?.0.as_str())
        })
    }
}

/// Writes the value of the header number `index`, counted from 0.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_header_value(
    request: *const Request,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("request", request, out, out_len, |request| {
            Ok(request.header(index)?.1.as_bytes())
        })
    }
}

/// Writes the body: JSON, or empty for a `GET`. That of `set-password` is to be wiped after use
/// (`pwseal_wipe`).
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_request_body(
    request: *const Request,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("request", request, out, out_len, |request| {
            Ok(&request.body[..])
        })
    }
}

impl Request {
    fn header(&self, index: usize) -> Result<(&http::HeaderName, &http::HeaderValue), Failure> {
        let headers: Vec<_> = self.head.headers.iter().collect();
        item(headers.into_iter(), index)
    }
}

impl From<http::Request<Vec<u8>>> for Request {
    fn from(request: http::Request<Vec<u8>>) -> Self {
        let (head, body) = request.into_parts();
        Self {
            head,
            body: body.into(),
        }
    }
}

fn version(number: i32) -> Result<pwseal_api::ApiVersion, Failure> {
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
    found.map(|(_, version)| *version).ok_or_else(|| {
        let message = format!("{number} is no pwseal_api_version");
        Failure::new(Status::OutOfRange, message)
    })
}

/// A number of a digit token, where 0 stands for none. The API's own limits are checked later: here
/// it is only kept from becoming a smaller one.
fn unless_zero(number: u32, wanted: &str) -> Result<Option<u8>, Failure> {
    let number = u8::try_from(number).map_err(|_| {
        let message = format!("{wanted}, not {number}");
        Failure::new(Status::OutOfRange, message)
    })?;
    Ok(Some(number).filter(|number| *number != 0))
}
