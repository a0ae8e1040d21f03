//! `pwseal.Api` and the requests that it makes.

use pwseal_api::http::{self, HeaderValue};
use pwseal_api::{
    ApiVersion, DigitTokenRequest, PasswordChangeRequest, PasswordInfoQuery, UnknownApiVersion,
    authorize,
};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBytes, PyDict, PyTuple};
use zeroize::Zeroizing;

use crate::account::Account;
use crate::change_requests::How;
use crate::context::Context;
use crate::error::{from_api, plain};
use crate::input::{self, Number, Text, TextOrBuffer};
use crate::json::Json;
use crate::password_info::PasswordInfo;
use crate::value::{Value, cannot_be_pickled, value};
use crate::warning;

/// The API of a tenant, https://{tenant}.api.identitynow.com, in one version: beta, v3, v2024,
/// v2025, v2026 or v1, which is that of the newest layout. It makes requests and sends none.
///
/// Every method takes the bearer token to send, and leaves the header Authorization out without
/// one.
///
/// Raises InputError if the tenant is no label of a host name, or the version is none of these.
///
/// >>> api = pwseal.Api("v2026", "acme")
/// >>> request = api.query_password_info("Abby.Smith", "My-AD", token="eyJhbGciOi.J9.c2ln")
/// >>> request.method, request.url
/// ('POST', 'https://acme.api.identitynow.com/v2026/query-password-info')
/// >>> request.headers["content-type"]
/// 'application/json'
/// >>> request.body
/// b'{"userName":"Abby.Smith","sourceName":"My-AD"}'
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Api(pwseal_api::Api);

#[pymethods]
impl Api {
    #[new]
    fn new(py: Python<'_>, version: Text<'_>, tenant: Text<'_>) -> PyResult<Self> {
        let api = pwseal_api::Api::new(read_version(&version)?, tenant.read("the tenant")?);
        api.map(Self).map_err(|error| from_api(py, error))
    }

    /// The API at another address: a vanity domain, another cloud, a proxy.
    ///
    /// http: is taken for this machine only: token and ciphertext would be read on the way. allow_http=True says that
    /// the address is a server for tests.
    ///
    /// Raises InputError if the URL or the version cannot be used.
    ///
    /// >>> api = pwseal.Api.at("v1", "https://identity.acme.com")
    /// >>> api.query_password_info("Abby.Smith", "My-AD").url
    /// 'https://identity.acme.com/query-password-info/v1'
    #[staticmethod]
    #[pyo3(signature = (version, base_url, allow_http = false))]
    fn at(
        py: Python<'_>,
        version: Text<'_>,
        base_url: Text<'_>,
        allow_http: bool,
    ) -> PyResult<Self> {
        let version = read_version(&version)?;
        let base_url = base_url.read("the base URL")?;
        let api = match allow_http {
            true => pwseal_api::Api::at_test_server(version, base_url),
            false => pwseal_api::Api::at(version, base_url),
        };
        api.map(Self).map_err(|error| from_api(py, error))
    }

    /// The version, such as v2026.
    #[getter]
    fn version(&self) -> &'static str {
        self.0.version().name()
    }

    /// What all URLs begin with.
    #[getter]
    fn base_url(&self) -> &str {
        self.0.base_url()
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Api {} at {}>", self.version(), self.base_url())
    }

    /// Ask for the key, the accounts and the policies of a person, by login name, on a source,
    /// by display name. PasswordInfo.from_response reads the answer.
    #[pyo3(signature = (user_name, source_name, *, token = None))]
    fn query_password_info(
        &self,
        py: Python<'_>,
        user_name: Text<'_>,
        source_name: Text<'_>,
        token: Option<Text<'_>>,
    ) -> PyResult<Request> {
        let query = PasswordInfoQuery::new(
            user_name.read("the login name")?,
            source_name.read("the source's name")?,
        );
        Request::new(py, self.0.query_password_info(&query), token)
    }

    /// Encrypt a password and order its change: as PasswordInfo.change_request, and raises what
    /// that raises. PasswordChangeResponse.from_response reads the answer.
    ///
    /// >>> pwseal.Api("v2026", "acme").set_password(info, "correct horse 7")
    /// <pwseal.Request POST https://acme.api.identitynow.com/v2026/set-password>
    #[pyo3(signature = (
        info,
        password,
        account = None,
        check_policy = true,
        *,
        context = None,
        raw = false,
        wipe = false,
        token = None,
    ))]
    #[allow(clippy::too_many_arguments)] // All but two are optional.
    fn set_password(
        &self,
        py: Python<'_>,
        info: &PasswordInfo,
        password: TextOrBuffer<'_>,
        account: Option<Account<'_>>,
        check_policy: bool,
        context: Option<&Context>,
        raw: bool,
        wipe: bool,
        token: Option<Text<'_>>,
    ) -> PyResult<Request> {
        let how = How {
            check_policy,
            raw,
            wipe,
        };
        let change = info.request(py, &password, account.as_ref(), context, how)?;
        let request = Request::new(py, self.0.set_password(&change), token)?;
        Ok(Request {
            warnings: warning::objects(py, change.warnings())?,
            ..request
        })
    }

    /// Order the change of a body that was made before: what change_request made, or pwseal
    /// request or pwseal bulk, in whose lines it is the field request. It is JSON as text or
    /// bytes, a mapping or the SDK's model.
    ///
    /// Raises InputError if a field is missing, or if encryptedPassword cannot be an encrypted one.
    ///
    /// >>> body = info.change_request("correct horse 7")
    /// >>> pwseal.Api("v2026", "acme").set_password_body(body)
    /// <pwseal.Request POST https://acme.api.identitynow.com/v2026/set-password>
    #[pyo3(signature = (body, *, token = None))]
    fn set_password_body(
        &self,
        py: Python<'_>,
        body: Json,
        token: Option<Text<'_>>,
    ) -> PyResult<Request> {
        let change =
            PasswordChangeRequest::from_json(&body).map_err(|error| from_api(py, error))?;
        Request::new(py, self.0.set_password(&change), token)
    }

    /// Ask how far the change with this id is. PasswordStatus.from_response reads the answer,
    /// and StatusPoll says when to ask again.
    ///
    /// Raises InputError if the id is empty or cannot stand in a URL.
    ///
    /// >>> pwseal.Api("v2026", "acme").password_change_status("089899f13a8f").url
    /// 'https://acme.api.identitynow.com/v2026/password-change-status/089899f13a8f'
    #[pyo3(signature = (request_id, *, token = None))]
    fn password_change_status(
        &self,
        py: Python<'_>,
        request_id: Text<'_>,
        token: Option<Text<'_>>,
    ) -> PyResult<Request> {
        let request_id = request_id.read("the request id")?;
        Request::new(py, self.0.password_change_status(request_id), token)
    }

    /// Ask for a token of 6 to 18 digits, valid for 1 to 60 minutes, with which the person with
    /// this uid may reset a password. DigitToken.from_response reads the answer.
    ///
    /// Raises InputError for numbers out of range, and in version v3, which has no such tokens.
    ///
    /// >>> pwseal.Api("v2026", "acme").generate_digit_token("Abby.Smith", length=8).body
    /// b'{"userId":"Abby.Smith","length":8}'
    #[pyo3(signature = (user_id, *, length = None, duration_minutes = None, token = None))]
    fn generate_digit_token(
        &self,
        py: Python<'_>,
        user_id: Text<'_>,
        length: Option<Number<u8>>,
        duration_minutes: Option<Number<u8>>,
        token: Option<Text<'_>>,
    ) -> PyResult<Request> {
        let length = length.map(|length| length.or("a digit token has 6 to 18 digits"));
        let minutes = duration_minutes
            .map(|minutes| minutes.or("a digit token is valid for 1 to 60 minutes"));
        let mut wanted = DigitTokenRequest::new(user_id.read("the user id")?);
        wanted.length = length.transpose()?;
        wanted.duration_minutes = minutes.transpose()?;
        Request::new(py, self.0.generate_digit_token(&wanted), token)
    }
}

value!(Api);

impl Value for Api {
    const FROM: Option<&'static str> = Some("at");

    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (self.version(), self.base_url(), self.0.allows_http()).into_pyobject(py)
    }
}

fn read_version(name: &Text<'_>) -> PyResult<ApiVersion> {
    let version = name.read("the version")?.parse();
    version.map_err(|error: UnknownApiVersion| plain(error))
}

/// A request for the HTTP client of your choice. Its headers are a dict, to which more may be
/// added. The repr leaves headers and body out.
///
/// Let the client follow no redirects with it: after a 307 or 308 it would send the body, and
/// with it the ciphertext, to wherever the answer points. An answer with such a status is an
/// ApiError.
///
/// >>> request = pwseal.Api("v2026", "acme").password_change_status("089899f13a8f")
/// >>> request.method, request.headers, request.body
/// ('GET', {'accept': 'application/json'}, None)
#[pyclass(frozen, get_all, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Request {
    /// POST or GET.
    method: String,
    /// The whole URL.
    url: String,
    /// The headers by name, in lower case: all but those that every client adds itself.
    headers: Py<PyDict>,
    /// The body, and None for GET.
    body: Option<Py<PyBytes>>,
    /// What may not be as it was meant in the password of set_password.
    warnings: Vec<Py<PyAny>>,
}

#[pymethods]
impl Request {
    /// Make one without an Api, such as for a test.
    #[new]
    #[pyo3(
        signature = (method, url, headers = None, body = None),
        text_signature = "(method, url, headers=None, body=None)"
    )]
    fn from_parts(
        py: Python<'_>,
        method: Text<'_>,
        url: Text<'_>,
        headers: Option<Py<PyDict>>,
        body: Option<Py<PyBytes>>,
    ) -> PyResult<Self> {
        Ok(Self {
            method: method.read("the method")?.to_owned(),
            url: url.read("the URL")?.to_owned(),
            headers: headers.unwrap_or_else(|| PyDict::new(py).unbind()),
            body,
            warnings: Vec::new(),
        })
    }

    /// Raises TypeError, for copies as well.
    fn __reduce__(&self) -> PyResult<()> {
        Err(cannot_be_pickled(
            "Request",
            "a token or an encrypted password",
        ))
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Request {} {}>", self.method, self.url)
    }
}

impl Request {
    fn new(
        py: Python<'_>,
        request: Result<http::Request<Vec<u8>>, pwseal_api::Error>,
        token: Option<Text<'_>>,
    ) -> PyResult<Self> {
        let token = input::read(&token, "the bearer token")?;
        let authorized = request.and_then(|mut request| {
            if let Some(token) = token {
                authorize(&mut request, token)?;
            }
            Ok(request)
        });
        let (parts, body) = authorized
            .map_err(|error| from_api(py, error))?
            .into_parts();
        // It may hold a ciphertext.
        let body = Zeroizing::new(body);
        let text = |value: &HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), text(value)));
        Ok(Self {
            method: parts.method.to_string(),
            url: parts.uri.to_string(),
            headers: headers.collect::<Vec<_>>().into_py_dict(py)?.unbind(),
            body: (!body.is_empty()).then(|| PyBytes::new(py, &body).unbind()),
            warnings: Vec::new(),
        })
    }
}
