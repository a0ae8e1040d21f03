//! `pwseal.PublicKey`.

use pwseal::{Password, Structure};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString, PyTuple, PyType};

use crate::batch::{self, Errors};
use crate::error::from_core;
use crate::input::{self, Bytes, Number, Text, TextOrBuffer, TextOrBytes};
use crate::json::Json;
use crate::value::{Value, value};

/// An RSA public key, checked and ready to encrypt. It never changes, and many threads may use
/// one key at once. Two are equal if modulus and exponent are.
///
/// >>> key = pwseal.PublicKey.parse(Path("examples/public-key.pem").read_bytes())
/// >>> key.bits, key.exponent, key.max_password_len
/// (2048, 65537, 245)
/// >>> len(key.encrypt("correct horse 7"))
/// 256
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PublicKey(pwseal::PublicKey);

#[pymethods]
impl PublicKey {
    /// Raises TypeError: a key is read by parse and its kin.
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "(key, /)")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(PyTypeError::new_err(
            "PublicKey.parse(key) reads a key, as do its other functions from_...",
        ))
    }

    /// Read a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an
    /// X.509 certificate; a JWK; an RSAKeyValue in XML. Which one it is, is found out.
    ///
    /// Raises InvalidKeyError if the key cannot be used, TypeError for anything but text and
    /// bytes.
    ///
    /// >>> pwseal.PublicKey.parse(Path("examples/public-key.pem").read_text()).bits
    /// 2048
    /// >>> pwseal.PublicKey.parse("AIIBIjANBgkqhkiG9w0BAQEF")
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InvalidKeyError: the key is not DER: it does not start with 0x30 and a length that fits (in base64, with MI)
    #[staticmethod]
    fn parse(py: Python<'_>, key: TextOrBytes) -> PyResult<Self> {
        read(py, pwseal::PublicKey::parse(key))
    }

    /// Read base64 of the DER of a SubjectPublicKeyInfo, as the API's publicKey holds it. White
    /// space is skipped, the = at the end may be missing, and the alphabet may be that of URLs.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything but text
    /// and bytes.
    ///
    /// >>> import json
    /// >>> info = json.loads(Path("examples/password-info.json").read_text())
    /// >>> pwseal.PublicKey.from_base64(info["publicKey"]).bits
    /// 2048
    #[staticmethod]
    fn from_base64(py: Python<'_>, text: TextOrBytes) -> PyResult<Self> {
        read(py, pwseal::PublicKey::from_base64(text))
    }

    /// Read the one PEM block in a text, of a public key or a certificate. In bytes, the text around the block need not be UTF-8.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything but text
    /// and bytes.
    ///
    /// >>> pwseal.PublicKey.from_pem(Path("examples/public-key.pem").read_text()).bits
    /// 2048
    #[staticmethod]
    fn from_pem(py: Python<'_>, text: TextOrBytes) -> PyResult<Self> {
        read(py, pwseal::PublicKey::from_pem(text))
    }

    /// Read the DER of a SubjectPublicKeyInfo (RFC 5280, section 4.1), which OpenSSL writes for
    /// -pubout -outform DER and Java calls X.509 encoding.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything but bytes.
    ///
    /// >>> import base64, json
    /// >>> info = json.loads(Path("examples/password-info.json").read_text())
    /// >>> pwseal.PublicKey.from_der(base64.b64decode(info["publicKey"])).bits
    /// 2048
    #[staticmethod]
    fn from_der(py: Python<'_>, der: Bytes) -> PyResult<Self> {
        read(py, pwseal::PublicKey::from_spki_der(der.as_ref()))
    }

    /// Read an X.509 certificate: DER, base64 or PEM. Its signature, names and dates are not
    /// looked at.
    ///
    /// Raises InvalidKeyError, also for a key without a certificate; TypeError for anything but
    /// text and bytes.
    ///
    /// >>> pwseal.PublicKey.from_certificate(Path("examples/public-key.pem").read_bytes())
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InvalidKeyError: the key's structure is SubjectPublicKeyInfo, and X.509 certificate is wanted
    #[staticmethod]
    fn from_certificate(py: Python<'_>, certificate: TextOrBytes) -> PyResult<Self> {
        let certified = pwseal::PublicKey::parse_as(Structure::Certificate, certificate);
        read(py, certified)
    }

    /// Read a JSON Web Key (RFC 7517), or a set with one: its JSON as text or bytes, or a mapping. use, alg and
    /// kid are not looked at.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything else.
    ///
    /// >>> pwseal.PublicKey.from_jwk({"kty": "RSA", "n": "AQAB", "e": "AQAB"})
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InvalidKeyError: the RSA modulus has 17 bits; the shortest accepted has 1024
    #[staticmethod]
    fn from_jwk(py: Python<'_>, jwk: Json) -> PyResult<Self> {
        read(py, pwseal::PublicKey::parse_as(Structure::Jwk, jwk))
    }

    /// Take a key of pyca/cryptography, an RSAPublicKey, or the public half of its RSAPrivateKey.
    ///
    /// Raises InvalidKeyError, TypeError for anything else.
    ///
    /// >>> from cryptography.hazmat.primitives.serialization import load_pem_public_key
    /// >>> theirs = load_pem_public_key(Path("examples/public-key.pem").read_bytes())
    /// >>> pwseal.PublicKey.from_cryptography(theirs) == key
    /// True
    #[staticmethod]
    fn from_cryptography(py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<Self> {
        let public = match key.getattr_opt("public_key")? {
            Some(public_key) => public_key.call0()?,
            None => key.clone(),
        };
        let number = |name: &str| -> PyResult<Vec<u8>> {
            let numbers = public.call_method0("public_numbers")?;
            let number = numbers.getattr(name)?;
            let bits: usize = number.call_method0("bit_length")?.extract()?;
            number
                .call_method1("to_bytes", (bits.div_ceil(8), "big"))?
                .extract()
        };
        match (number("n"), number("e")) {
            (Ok(n), Ok(e)) => read(py, pwseal::PublicKey::from_components(&n, &e)),
            _ => Err(input::wrong_type(key, "an RSAPublicKey of cryptography")),
        }
    }

    /// The DER of the key's SubjectPublicKeyInfo, in whatever form the key came.
    ///
    /// >>> pwseal.PublicKey.from_der(key.to_der()) == key
    /// True
    fn to_der<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_spki_der())
    }

    /// The same as PEM: a block PUBLIC KEY.
    ///
    /// >>> key.to_pem() == Path("examples/public-key.pem").read_text()
    /// True
    fn to_pem(&self) -> String {
        self.0.to_spki_pem()
    }

    /// For pydantic: a field of this type reads what parse reads, and is PEM in JSON.
    #[classmethod]
    #[pyo3(signature = (_source, _handler, /))]
    fn __get_pydantic_core_schema__<'py>(
        class: &Bound<'py, PyType>,
        _source: &Bound<'_, PyAny>,
        _handler: &Bound<'_, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class
            .py()
            .import("pwseal._pydantic")?
            .call_method0("schema")
    }

    /// The length of the modulus in bits.
    #[getter]
    fn bits(&self) -> usize {
        self.0.bits()
    }

    /// The public exponent.
    #[getter]
    fn exponent<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let bytes = PyBytes::new(py, self.0.exponent());
        py.get_type::<PyInt>()
            .call_method1("from_bytes", (bytes, "big"))
    }

    /// The SHA-256 digest of the key's SubjectPublicKeyInfo, as 64 hexadecimal digits in lower
    /// case: the same in whatever form the key came.
    #[getter]
    fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }

    /// The longest password in bytes of UTF-8: 245 for a key of 2048 bits.
    #[getter]
    fn max_password_len(&self) -> usize {
        self.0.max_password_len()
    }

    /// Encrypt a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1): as many bytes as the
    /// modulus has, and never the same twice.
    ///
    /// A str is encrypted as UTF-8, which the API expects. bytes, bytearray and memoryview are
    /// read where they are. Every copy made here is wiped. Other threads run meanwhile. A strided
    /// memoryview is refused, because Python itself would copy it.
    ///
    /// With wipe=True the buffer that the password came in is filled with zeros, and so it is
    /// when an Error is raised. A str or bytes cannot be wiped.
    ///
    /// Raises PasswordTooLongError if the password is too long for the key, InputError if it is empty
    /// or is text with half a surrogate pair; TypeError for anything but text and bytes, and with
    /// wipe=True for what cannot be written.
    ///
    /// >>> password = bytearray(b"correct horse 7")
    /// >>> len(key.encrypt(password, wipe=True))
    /// 256
    /// >>> password
    /// bytearray(b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')
    #[pyo3(signature = (password, *, wipe = false))]
    fn encrypt<'py>(
        &self,
        py: Python<'py>,
        password: TextOrBuffer<'_>,
        wipe: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let ciphertext = self.one(py, &password, wipe)?;
        Ok(PyBytes::new(py, ciphertext.as_bytes()))
    }

    /// As encrypt, in base64 without line breaks, as the API's encryptedPassword wants it: 344
    /// characters for a key of 2048 bits.
    ///
    /// >>> len(key.encrypt_base64("correct horse 7"))
    /// 344
    #[pyo3(signature = (password, *, wipe = false))]
    fn encrypt_base64(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        wipe: bool,
    ) -> PyResult<String> {
        Ok(self.one(py, &password, wipe)?.to_base64())
    }

    /// Encrypt many passwords: one ciphertext each, in order. This takes less time than one after
    /// the other, and a large batch is shared out among the cores. threads is how many may work on it,
    /// 1 for none but the caller's.
    ///
    /// Each password is read before the next one is asked for, so that a generator may use one
    /// bytearray for all of them. Passwords and wipe are as in encrypt. With wipe=True all buffers
    /// are wiped when all passwords are read, also when an Error is raised for one of them; until
    /// then none can be resized. Ctrl-C ends the call.
    ///
    /// Raises what encrypt raises for the first password that is refused, and asks for no more, unless they are to be
    /// wiped. Then nothing is encrypted. The attribute index of the Error or TypeError says which password it is about, counted from 0.
    /// With errors="return" an Error or TypeError about one password takes the place of its ciphertext,
    /// and the others are encrypted. None is wiped when a TypeError is raised or when the iterable raises an exception.
    ///
    /// >>> [len(ciphertext) for ciphertext in key.encrypt_many(["hunter2", b"hunter3"])]
    /// [256, 256]
    /// >>> key.encrypt_many(["hunter2", float("nan")], errors="return")[1]
    /// TypeError('the password at index 1 of the batch: str or a buffer of bytes is wanted, not float')
    #[pyo3(
        signature = (passwords, *, wipe = false, errors = None, threads = None),
        text_signature = "($self, passwords, *, wipe=False, errors='raise', threads=None)"
    )]
    fn encrypt_many<'py>(
        &self,
        py: Python<'py>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
        errors: Option<Text<'_>>,
        threads: Option<Number<usize>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let results = self.many(py, passwords, wipe, errors, threads)?;
        list(py, results, |ciphertext| {
            PyBytes::new(py, ciphertext.as_bytes()).into_any()
        })
    }

    /// As encrypt_many, in base64 without line breaks.
    ///
    /// >>> [len(text) for text in key.encrypt_many_base64(["hunter2", "hunter3"])]
    /// [344, 344]
    #[pyo3(
        signature = (passwords, *, wipe = false, errors = None, threads = None),
        text_signature = "($self, passwords, *, wipe=False, errors='raise', threads=None)"
    )]
    fn encrypt_many_base64<'py>(
        &self,
        py: Python<'py>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
        errors: Option<Text<'_>>,
        threads: Option<Number<usize>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let results = self.many(py, passwords, wipe, errors, threads)?;
        list(py, results, |ciphertext| {
            PyString::new(py, &ciphertext.to_base64()).into_any()
        })
    }

    fn __repr__(&self) -> String {
        let (bits, fingerprint) = (self.bits(), self.fingerprint());
        format!("<pwseal.PublicKey of {bits} bits, SHA-256 {fingerprint}>")
    }
}

value!(PublicKey);

impl Value for PublicKey {
    const FROM: Option<&'static str> = Some("from_der");

    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, [self.to_der(py)])
    }
}

impl From<pwseal::PublicKey> for PublicKey {
    fn from(key: pwseal::PublicKey) -> Self {
        Self(key)
    }
}

impl PublicKey {
    /// As the API's publicKey holds it.
    pub(crate) fn to_base64(&self) -> String {
        let pem = self.to_pem();
        pem.lines().filter(|line| !line.starts_with('-')).collect()
    }

    fn one(
        &self,
        py: Python<'_>,
        password: &TextOrBuffer<'_>,
        wipe: bool,
    ) -> PyResult<pwseal::Ciphertext> {
        let password = input::password(py, password, wipe)?;
        py.detach(|| self.0.encrypt(&password))
            .map_err(|error| from_core(py, error))
    }

    /// A ciphertext for each password, or an error in its place.
    fn many(
        &self,
        py: Python<'_>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
        errors: Option<Text<'_>>,
        threads: Option<Number<usize>>,
    ) -> PyResult<Vec<PyResult<pwseal::Ciphertext>>> {
        let errors = Errors::read(errors.as_ref())?;
        let threads = batch::threads(threads)?;
        let results = input::passwords(py, passwords, &self.0, wipe, errors)?;
        let passwords: Vec<&Password> = results.iter().flatten().collect();
        let mut ciphertexts = batch::encrypt(py, &self.0, &passwords, threads)?.into_iter();
        let mut next = || ciphertexts.next().expect("one for each password");
        let results = results.into_iter();
        Ok(results.map(|result| result.map(|_| next())).collect())
    }
}

/// Results and errors side by side.
fn list<'py>(
    py: Python<'py>,
    results: Vec<PyResult<pwseal::Ciphertext>>,
    object: impl Fn(pwseal::Ciphertext) -> Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    let results = results.into_iter().map(|result| match result {
        Ok(ciphertext) => object(ciphertext),
        Err(error) => error.into_value(py).into_bound(py).into_any(),
    });
    PyList::new(py, results)
}

fn read(py: Python<'_>, key: Result<pwseal::PublicKey, pwseal::Error>) -> PyResult<PublicKey> {
    key.map(PublicKey).map_err(|error| from_core(py, error))
}
