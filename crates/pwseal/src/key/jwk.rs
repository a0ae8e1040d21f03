//! JSON Web Keys (RFC 7517) with the members of RSA (RFC 7518, section 6.3).

use super::PublicKey;
use crate::error::Error;

#[cfg(not(feature = "jwk"))]
pub(super) fn read(text: &str) -> Result<PublicKey, Error> {
    use super::OtherInput;
    Err(match text.contains("\"kty\"") {
        true => OtherInput::Jwk.into(),
        false => OtherInput::Json.into(),
    })
}

#[cfg(feature = "jwk")]
pub(super) use with_json::read;

#[cfg(feature = "jwk")]
mod with_json {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use serde::Deserialize;
    use serde::de::IgnoredAny;

    use super::super::text::{self, is_skipped};
    use super::super::{OtherInput, Structure};
    use super::{Error, PublicKey};

    /// A key, or a set of keys (RFC 7517, section 5). A member that stands twice is an error. What is private is
    /// not read: it is enough that it is there.
    #[derive(Deserialize)]
    struct Jwk {
        keys: Option<Vec<Jwk>>,
        kty: Option<String>,
        n: Option<String>,
        e: Option<String>,
        d: Option<IgnoredAny>,
        p: Option<IgnoredAny>,
        q: Option<IgnoredAny>,
        dp: Option<IgnoredAny>,
        dq: Option<IgnoredAny>,
        qi: Option<IgnoredAny>,
        oth: Option<IgnoredAny>,
        /// The key of a symmetric algorithm.
        k: Option<IgnoredAny>,
        /// That of a post-quantum one.
        #[serde(rename = "priv")]
        private: Option<IgnoredAny>,
    }

    /// Reads the one public key in a JWK or a JWK set.
    pub(in super::super) fn read(text: &str) -> Result<PublicKey, Error> {
        let text = text.trim_matches(is_skipped);
        let jwk: Jwk = serde_json::from_str(text).map_err(|_| OtherInput::Json)?;
        match (&jwk.kty, jwk.keys.as_deref()) {
            _ if jwk.is_private() => Err(Error::PrivateKey),
            (Some(_), None) => jwk.public_key(),
            (None, Some([key])) if key.keys.is_none() => key.public_key(),
            (None, Some(keys)) => Err(Error::JwkSet { count: keys.len() }),
            _ => Err(OtherInput::Json.into()),
        }
    }

    impl Jwk {
        fn is_private(&self) -> bool {
            let private = [
                &self.d,
                &self.p,
                &self.q,
                &self.dp,
                &self.dq,
                &self.qi,
                &self.oth,
                &self.k,
                &self.private,
            ];
            private.into_iter().any(Option::is_some)
                || self.keys.iter().flatten().any(Self::is_private)
        }

        fn public_key(&self) -> Result<PublicKey, Error> {
            let name = match self.kty.as_deref() {
                Some("RSA") => {
                    let n = number("n", self.n.as_deref())?;
                    let e = number("e", self.e.as_deref())?;
                    return PublicKey::from_components(&n, &e);
                }
                Some("EC") => "elliptic curves (EC)",
                Some("OKP") => "Ed25519, X25519 or their like (OKP)",
                Some("oct") => return Err(Error::PrivateKey),
                Some("AKP") => "post-quantum algorithms (AKP)",
                _ => "an algorithm that its kty does not name",
            };
            Err(Error::Algorithm {
                name: name.to_string(),
            })
        }
    }

    fn number(name: &'static str, text: Option<&str>) -> Result<Vec<u8>, Error> {
        let number = text.and_then(|text| text::decode(text, 0).ok());
        match number {
            Some(number) => Ok(number.to_vec()),
            None => Err(Error::KeyNumber {
                structure: Structure::Jwk,
                name,
            }),
        }
    }
}
