//! `pwseal.PublicKey`.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt};

use crate::error::error;
use crate::input::TextOrBytes;

/// An RSA public key, checked and ready to encrypt. It never changes, and many threads may use
/// one key at once.
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PublicKey(pwseal::PublicKey);

#[pymethods]
impl PublicKey {
    /// Read a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an
    /// X.509 certificate. Which one it is, is found out.
    ///
    /// Raises Error if the key cannot be used, TypeError for anything but text and bytes.
    #[staticmethod]
    fn parse(key: TextOrBytes) -> PyResult<Self> {
        let key = pwseal::PublicKey::parse(key.as_bytes()).map_err(error)?;
        Ok(Self(key))
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
    fn max_password_bytes(&self) -> usize {
        self.0.max_password_len()
    }

    /// Encrypt a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1): as many bytes as the
    /// modulus has, and never the same twice.
    ///
    /// A str is encrypted as UTF-8, which the API expects. bytes, bytearray and memoryview are
    /// read where they are. Every copy made here is wiped. Other threads run meanwhile.
    ///
    /// Raises Error if the password is empty or too long, TypeError for anything but text and
    /// bytes.
    fn encrypt<'py>(
        &self,
        py: Python<'py>,
        password: TextOrBytes,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let ciphertext = self.ciphertext(py, password)?;
        Ok(PyBytes::new(py, ciphertext.as_bytes()))
    }

    /// As encrypt, in base64 without line breaks, as the API's encryptedPassword wants it: 344
    /// characters for a key of 2048 bits.
    fn encrypt_base64(&self, py: Python<'_>, password: TextOrBytes) -> PyResult<String> {
        Ok(self.ciphertext(py, password)?.to_base64())
    }

    fn __repr__(&self) -> String {
        let (bits, fingerprint) = (self.bits(), self.fingerprint());
        format!("<pwseal.PublicKey of {bits} bits, SHA-256 {fingerprint}>")
    }
}

impl PublicKey {
    fn ciphertext(&self, py: Python<'_>, password: TextOrBytes) -> PyResult<pwseal::Ciphertext> {
        let password = password.into_password()?;
        py.detach(|| self.0.encrypt(&password)).map_err(error)
    }
}
