//! Conversions from and to the key type of the crate `rsa`.

use rsa::BigUint;
use rsa::traits::PublicKeyParts;

use super::PublicKey;
use crate::error::Error;

impl TryFrom<&rsa::RsaPublicKey> for PublicKey {
    type Error = Error;

    /// Checks what [`PublicKey::from_components`] checks.
    fn try_from(key: &rsa::RsaPublicKey) -> Result<Self, Error> {
        Self::from_components(&key.n().to_bytes_be(), &key.e().to_bytes_be())
    }
}

impl TryFrom<&PublicKey> for rsa::RsaPublicKey {
    type Error = rsa::Error;

    /// Fails for an exponent above 2^33 - 1, which `rsa` does not take. The modulus may be as long
    /// as it is here: the limit of 4096 bits that `rsa` sets by default is not applied.
    fn try_from(key: &PublicKey) -> Result<Self, rsa::Error> {
        Self::new_with_max_size(
            BigUint::from_bytes_be(key.modulus()),
            BigUint::from_bytes_be(key.exponent()),
            key.bits(),
        )
    }
}
