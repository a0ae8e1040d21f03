//! `pwseal.PublicKey`.

use std::hash::{Hash, Hasher};

use pwseal::{Encoding, Structure};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList};

use crate::batch;
use crate::error::from_core;
use crate::input::{self, Bytes, TextOrBuffer, TextOrBytes};

/// An RSA public key, checked and ready to encrypt. It never changes, and many threads may use
/// one key at once. Two are equal if modulus and exponent are.
///
/// >>> key = pwseal.PublicKey.parse(Path("public-key.pem").read_bytes())
/// >>> key.bits, key.exponent, key.max_password_len
/// (2048, 65537, 245)
/// >>> len(key.encrypt("correct horse 7"))
/// 256
#[pyclass(frozen, eq, hash, module = "pwseal")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PublicKey(pwseal::PublicKey);

#[pymethods]
impl PublicKey {
    /// Read a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an
    /// X.509 certificate; a JWK; an RSAKeyValue in XML. Which one it is, is found out.
    ///
    /// Raises InvalidKeyError if the key cannot be used, TypeError for anything but text and
    /// bytes.
    ///
    /// >>> pwseal.PublicKey.parse(Path("public-key.pem").read_text()).bits
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
    /// >>> info = json.loads(Path("password-info.json").read_text())
    /// >>> pwseal.PublicKey.from_base64(info["publicKey"]).bits
    /// 2048
    #[staticmethod]
    fn from_base64(py: Python<'_>, text: TextOrBytes) -> PyResult<Self> {
        read(py, utf8(&text).and_then(pwseal::PublicKey::from_base64))
    }

    /// Read the one PEM block in a text, of a public key or a certificate. In bytes, the text around the block need not be UTF-8.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything but text
    /// and bytes.
    ///
    /// >>> pwseal.PublicKey.from_pem(Path("public-key.pem").read_text()).bits
    /// 2048
    #[staticmethod]
    fn from_pem(py: Python<'_>, text: TextOrBytes) -> PyResult<Self> {
        let key = match utf8(&text) {
            Ok(text) => pwseal::PublicKey::from_pem(text),
            // Around the block may be text in another encoding.
            Err(_) => pwseal::PublicKey::parse_with_form(text).and_then(|(key, form)| {
                match form.encoding {
                    Encoding::Pem => Ok(key),
                    _ => Err(pwseal::Error::PemMissing),
                }
            }),
        };
        read(py, key)
    }

    /// Read the DER of a SubjectPublicKeyInfo (RFC 5280, section 4.1), which OpenSSL writes for
    /// -pubout -outform DER and Java calls X.509 encoding.
    ///
    /// Raises InvalidKeyError, also for a key in another form; TypeError for anything but bytes.
    ///
    /// >>> import base64, json
    /// >>> info = json.loads(Path("password-info.json").read_text())
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
    /// >>> pwseal.PublicKey.from_certificate(Path("public-key.pem").read_bytes())
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InvalidKeyError: the key's structure is SubjectPublicKeyInfo, and X.509 certificate is wanted
    #[staticmethod]
    fn from_certificate(py: Python<'_>, certificate: TextOrBytes) -> PyResult<Self> {
        let expected = Structure::Certificate;
        let parsed = pwseal::PublicKey::parse_with_form(certificate);
        let certified = parsed.and_then(|(key, form)| match form.structure {
            found if found == expected => Ok(key),
            found => Err(pwseal::Error::OtherStructure { expected, found }),
        });
        read(py, certified)
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
    /// Raises PasswordTooLongError if the password is too long for the key, Error if it is empty
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

    /// Encrypt many passwords: one ciphertext each, in order, or none at all. This takes less
    /// time than one after the other, and 128 passwords or more are shared out among the cores.
    ///
    /// Each password is read before the next one is asked for, so that a generator may use one
    /// bytearray for all of them. Passwords and wipe are as in encrypt. With wipe=True all buffers
    /// are wiped when all passwords are read, also when an Error is raised for one of them; until
    /// then none can be resized. None is wiped when one of them has a wrong type or when the
    /// iterable raises an exception. Ctrl-C ends the call.
    ///
    /// Raises what encrypt raises. The attribute index of an Error says which password it is
    /// about, counted from 0.
    ///
    /// >>> [len(ciphertext) for ciphertext in key.encrypt_many(["hunter2", b"hunter3"])]
    /// [256, 256]
    #[pyo3(signature = (passwords, *, wipe = false))]
    fn encrypt_many<'py>(
        &self,
        py: Python<'py>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let ciphertexts = self.many(py, passwords, wipe)?;
        let bytes = ciphertexts
            .iter()
            .map(|ciphertext| PyBytes::new(py, ciphertext.as_bytes()));
        PyList::new(py, bytes)
    }

    /// As encrypt_many, in base64 without line breaks.
    ///
    /// >>> [len(text) for text in key.encrypt_many_base64(["hunter2", "hunter3"])]
    /// [344, 344]
    #[pyo3(signature = (passwords, *, wipe = false))]
    fn encrypt_many_base64(
        &self,
        py: Python<'_>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
    ) -> PyResult<Vec<String>> {
        let ciphertexts = self.many(py, passwords, wipe)?;
        Ok(ciphertexts
            .iter()
            .map(pwseal::Ciphertext::to_base64)
            .collect())
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let der = PyBytes::new(slf.py(), &slf.get().0.to_spki_der());
        Ok((
            slf.get_type().getattr(intern!(slf.py(), "from_der"))?,
            (der,),
        ))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let (bits, fingerprint) = (self.bits(), self.fingerprint());
        format!("<pwseal.PublicKey of {bits} bits, SHA-256 {fingerprint}>")
    }
}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.modulus(), self.0.exponent()).hash(state);
    }
}

impl From<pwseal::PublicKey> for PublicKey {
    fn from(key: pwseal::PublicKey) -> Self {
        Self(key)
    }
}

impl PublicKey {
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

    fn many(
        &self,
        py: Python<'_>,
        passwords: &Bound<'_, PyAny>,
        wipe: bool,
    ) -> PyResult<Vec<pwseal::Ciphertext>> {
        let passwords = input::passwords(py, passwords, wipe)?;
        batch::encrypt(py, &self.0, &passwords)
    }
}

fn read(py: Python<'_>, key: Result<pwseal::PublicKey, pwseal::Error>) -> PyResult<PublicKey> {
    key.map(PublicKey).map_err(|error| from_core(py, error))
}

fn utf8(text: &TextOrBytes) -> Result<&str, pwseal::Error> {
    std::str::from_utf8(text.as_ref()).map_err(|error| pwseal::Error::KeyNotText {
        position: error.valid_up_to(),
    })
}
