//! HTTP responses as text, as `curl --include` and saved answers have them.

use core::fmt;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::{Response, StatusCode};

/// Reads a response of which the head is there as well as the body: what `curl --include` writes, or what was saved of
/// it. With several one after the other, as interim answers, proxies, redirects and `curl --retry` leave them, it is the last.
/// None of these leaves one after a successful one: two of which both may be meant are refused.
///
/// The body of a response has as many bytes as its `Content-Length` says, or all that follow up to the next head.
///
/// ```
/// use pwseal_api::{PasswordStatus, State, parse_http_response};
///
/// let text = b"HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n{\"state\": \"FINISHED\"}";
/// let response = parse_http_response(text)?;
/// assert_eq!(PasswordStatus::from_response(&response)?.state, Some(State::Finished));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`HttpTextError`] for what does not start with a status line, is cut off, or goes on after a successful answer.
pub fn parse_http_response(mut text: &[u8]) -> Result<Response<&[u8]>, HttpTextError> {
    loop {
        let (mut response, rest) = head(text)?;
        let status = response.status();
        // A proxy answers CONNECT without a body.
        if status.is_informational() || is_head(rest) {
            text = rest;
            continue;
        }
        let length = response.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.trim().parse().ok());
        // RFC 9112, section 6.3: a transfer coding overrides the length. The text has neither the coding nor its chunks. And what
        // curl unpacked is longer than what came.
        let other = [TRANSFER_ENCODING, CONTENT_ENCODING];
        let is_other = other
            .iter()
            .any(|name| response.headers().contains_key(name));
        let length = length.filter(|_| !is_other);
        let end = match length {
            Some(expected) if rest.len() < expected => {
                let len = rest.len();
                return Err(HttpTextError::CutOff { len, expected });
            }
            Some(length) => length,
            None => next_head(rest).unwrap_or(rest.len()),
        };
        let (body, after) = rest.split_at(end);
        let after = after.trim_ascii_start();
        if is_head(after) {
            if status.is_success() && !body.trim_ascii().is_empty() {
                return Err(HttpTextError::Several);
            }
            text = after;
            continue;
        }
        *response.body_mut() = body;
        return Ok(response);
    }
}

/// Whether a text starts as a response does, with the version of HTTP and a status.
pub(crate) fn is_head(text: &[u8]) -> bool {
    status(text).is_some()
}

/// The status in a line such as `HTTP/1.1 200 OK` or `HTTP/2 200`.
fn status(text: &[u8]) -> Option<StatusCode> {
    let version = text.strip_prefix(b"HTTP/")?;
    let blank = version
        .iter()
        .take("1.1 ".len())
        .position(|byte| *byte == b' ')?;
    let (version, rest) = version.split_at(blank);
    let is_version = !version.is_empty() && version.iter().all(|byte| b"0123.".contains(byte));
    let code = rest.get(1..4)?;
    let ends = rest.get(4).is_none_or(|byte| b" \r\n".contains(byte));
    StatusCode::from_bytes(code)
        .ok()
        .filter(|_| is_version && ends)
}

/// Where the next head starts. One that a string of JSON or a tag has in it is none: its line has the end of that.
fn next_head(text: &[u8]) -> Option<usize> {
    let mut start = 0;
    text.split_inclusive(|byte| *byte == b'\n')
        .find_map(|line| {
            let mark = line.iter().rposition(|byte| b"\"<".contains(byte));
            let from = mark.map_or(0, |mark| mark + 1);
            let at = (from..line.len()).find(|at| line[*at] == b'H' && is_head(&line[*at..]));
            let at = at.map(|at| start + at);
            start += line.len();
            at
        })
}

/// A head, and what follows it.
fn head(text: &[u8]) -> Result<(Response<&[u8]>, &[u8]), HttpTextError> {
    let mut response = Response::new(&[][..]);
    *response.status_mut() = status(text).ok_or(HttpTextError::NoStatus)?;
    let mut rest = text;
    let mut lines = core::iter::from_fn(|| {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    });
    let mut is_whole = false;
    for line in lines.by_ref().skip(1) {
        if line.is_empty() {
            is_whole = true;
            break;
        }
        // What no header is says nothing.
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            response
                .headers_mut()
                .try_append(name, value)
                .map_err(|_| HttpTextError::NoStatus)?;
        }
    }
    match is_whole {
        true => Ok((response, rest)),
        false => Err(HttpTextError::HeadCutOff),
    }
}

/// What is wrong with the text of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpTextError {
    /// It does not start with a status line.
    NoStatus,
    /// No empty line ends its head.
    HeadCutOff,
    /// Another answer is after a successful one.
    Several,
    /// Its body is shorter than its `Content-Length` says.
    #[non_exhaustive]
    CutOff {
        /// The length of the body in bytes.
        len: usize,
        /// The length in bytes that it should have.
        expected: usize,
    },
}

impl fmt::Display for HttpTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStatus => f.write_str(
                "the answer does not start with an HTTP status: `curl --include` writes it before the body",
            ),
            Self::HeadCutOff => f.write_str("the answer is cut off in its head"),
            Self::Several => f.write_str(
                "there is another answer after a successful one, and which is meant is not known: \
                 write each to a file of its own",
            ),
            Self::CutOff { len, expected } => {
                write!(f, "the answer is cut off: its body has {len} bytes of {expected}")
            }
        }
    }
}

impl std::error::Error for HttpTextError {}
