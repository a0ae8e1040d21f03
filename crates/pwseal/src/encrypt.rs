//! RSAES-PKCS1-v1_5 encryption (RFC 8017, section 7.2.1): EM = 00 02 PS 00 M.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_core::TryCryptoRng;
use rsaep::without_traces;

use crate::error::Error;
use crate::key::PublicKey;
#[cfg(feature = "getrandom")]
use crate::random::call_rng;
use crate::secret::Password;
#[cfg(all(feature = "getrandom", feature = "std"))]
use crate::threads::Threads;

/// What EM holds beside the message: 00, 02, at least eight bytes of PS, 00.
const OVERHEAD: usize = 11;

/// How often the random source is asked for one PS. Each round leaves one byte in 256
/// missing, so that a working source needs three at most in practice.
const MAX_DRAWS: usize = 64;

/// An encrypted password: as many bytes as the modulus has.
///
/// `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Ciphertext(Vec<u8>);

impl Ciphertext {
    /// The bytes, big-endian, as long as the modulus.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as a vector, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Base64 with padding and without line breaks, as `encryptedPassword` wants it
    /// (RFC 4648, section 4): 344 characters for a key of 2048 bits.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl AsRef<[u8]> for Ciphertext {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Ciphertext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ciphertext({} bytes)", self.0.len())
    }
}

/// Encryption. The functions with `_with_rng` take their padding from a source of the
/// caller's. The others take 32 bytes from the operating system for each call, be it for one
/// password or many, and expand them with ChaCha20; no state is left that could leak or be
/// copied by a fork.
///
/// With a given source the padding is its bytes in order, without the zeros, as `Cipher` takes them
/// from its `SecureRandom` in Java 17, which the tests run: one stream gives one ciphertext in both.
impl PublicKey {
    /// Encrypts one password.
    ///
    /// # Errors
    ///
    /// [`Error::PasswordTooLong`], [`Error::RandomSource`].
    #[cfg(feature = "getrandom")]
    pub fn encrypt(&self, password: &Password) -> Result<Ciphertext, Error> {
        self.check_password_len(password.len())?;
        without_traces(|| self.seal(&mut call_rng()?, password))
    }

    /// Encrypts one password with padding from `rng`.
    ///
    /// # Errors
    ///
    /// [`Error::PasswordTooLong`], [`Error::RandomSource`].
    pub fn encrypt_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        password: &Password,
    ) -> Result<Ciphertext, Error> {
        self.check_password_len(password.len())?;
        without_traces(|| self.seal(rng, password))
    }

    /// Encrypts one password into a buffer of exactly [`size`](Self::size) bytes.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt), and [`Error::OutputLength`]. What the buffer holds then
    /// is not specified, but it is nothing of the password.
    #[cfg(feature = "getrandom")]
    pub fn encrypt_into(&self, password: &Password, out: &mut [u8]) -> Result<(), Error> {
        self.check_password_len(password.len())?;
        without_traces(|| self.seal_into(&mut call_rng()?, password, out))
    }

    /// [`encrypt_into`](Self::encrypt_into) with padding from `rng`.
    ///
    /// # Errors
    ///
    /// As [`encrypt_into`](Self::encrypt_into).
    pub fn encrypt_into_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        password: &Password,
        out: &mut [u8],
    ) -> Result<(), Error> {
        self.check_password_len(password.len())?;
        without_traces(|| self.seal_into(rng, password, out))
    }

    /// Encrypts many passwords: one ciphertext each, in order.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt); a password that is too long is named by its index, as
    /// [`Error::InBatch`]. All or nothing.
    #[cfg(feature = "getrandom")]
    pub fn encrypt_many<P: Borrow<Password>>(
        &self,
        passwords: &[P],
    ) -> Result<Vec<Ciphertext>, Error> {
        let passwords = self.borrow_many(passwords)?;
        without_traces(|| self.seal_many(&mut call_rng()?, &passwords))
    }

    /// [`encrypt_many`](Self::encrypt_many) on several threads: the same results. Each share of
    /// [`Threads::SHARE`] passwords takes its 32 bytes from the operating system.
    ///
    /// ```
    /// use pwseal::{Password, PublicKey, Threads};
    ///
    /// let key = PublicKey::parse(include_bytes!("../tests/data/rsa2048.spki.pem"))?;
    /// let passwords = vec![Password::new("correct horse 7")?; 1000];
    /// assert_eq!(key.encrypt_many_on(Threads::WHERE_IT_PAYS, &passwords)?.len(), 1000);
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`encrypt_many`](Self::encrypt_many).
    #[cfg(all(feature = "getrandom", feature = "std"))]
    pub fn encrypt_many_on<P: Borrow<Password>>(
        &self,
        threads: Threads,
        passwords: &[P],
    ) -> Result<Vec<Ciphertext>, Error> {
        let passwords = self.borrow_many(passwords)?;
        let shares = passwords.chunks(Threads::SHARE);
        let encrypt = |share: &[&Password]| self.encrypt_many(share);
        let mut ciphertexts = Vec::with_capacity(passwords.len());
        for share in threads.share_out(passwords.len(), self.size(), shares, encrypt) {
            ciphertexts.extend(share?);
        }
        Ok(ciphertexts)
    }

    /// [`encrypt_many`](Self::encrypt_many) with padding from `rng`.
    ///
    /// # Errors
    ///
    /// As [`encrypt_many`](Self::encrypt_many).
    pub fn encrypt_many_with_rng<R: TryCryptoRng + ?Sized, P: Borrow<Password>>(
        &self,
        rng: &mut R,
        passwords: &[P],
    ) -> Result<Vec<Ciphertext>, Error> {
        let passwords = self.borrow_many(passwords)?;
        without_traces(|| self.seal_many(rng, &passwords))
    }

    /// Encrypts many passwords into a buffer of exactly [`size`](Self::size) bytes for each,
    /// one ciphertext after the other.
    ///
    /// # Errors
    ///
    /// As [`encrypt_many`](Self::encrypt_many) and [`encrypt_into`](Self::encrypt_into).
    #[cfg(feature = "getrandom")]
    pub fn encrypt_many_into<P: Borrow<Password>>(
        &self,
        passwords: &[P],
        out: &mut [u8],
    ) -> Result<(), Error> {
        let passwords = self.borrow_many(passwords)?;
        without_traces(|| self.seal_many_into(&mut call_rng()?, &passwords, out))
    }

    /// [`encrypt_many_into`](Self::encrypt_many_into) with padding from `rng`.
    ///
    /// # Errors
    ///
    /// As [`encrypt_many_into`](Self::encrypt_many_into).
    pub fn encrypt_many_into_with_rng<R: TryCryptoRng + ?Sized, P: Borrow<Password>>(
        &self,
        rng: &mut R,
        passwords: &[P],
        out: &mut [u8],
    ) -> Result<(), Error> {
        let passwords = self.borrow_many(passwords)?;
        without_traces(|| self.seal_many_into(rng, &passwords, out))
    }

    /// Encrypts one password that is in memory of the caller's, which has to wipe it, into a buffer of exactly
    /// [`size`](Self::size) bytes. No copy is made of it but in that buffer and in the scratch memory of the arithmetic, which is wiped.
    ///
    /// # Errors
    ///
    /// As [`encrypt_into`](Self::encrypt_into), and [`Error::EmptyPassword`].
    #[cfg(feature = "getrandom")]
    pub fn encrypt_bytes_into(&self, password: &[u8], out: &mut [u8]) -> Result<(), Error> {
        self.check_bytes(password)?;
        without_traces(|| self.encrypt_blocks(&mut call_rng()?, [password].into_iter(), out))
    }

    /// Encrypts many passwords that are in memory of the caller's, as [`encrypt_bytes_into`](Self::encrypt_bytes_into), into a
    /// buffer of exactly [`size`](Self::size) bytes for each, one ciphertext after the other. They are gone through several
    /// times.
    ///
    /// # Errors
    ///
    /// As [`encrypt_many_into`](Self::encrypt_many_into); one that is empty is named by its index too.
    #[cfg(feature = "getrandom")]
    pub fn encrypt_many_bytes_into<'p, I>(&self, passwords: I, out: &mut [u8]) -> Result<(), Error>
    where
        I: IntoIterator<Item = &'p [u8], IntoIter: ExactSizeIterator + Clone>,
    {
        let passwords = passwords.into_iter();
        for (index, password) in passwords.clone().enumerate() {
            self.check_bytes(password)
                .map_err(|error| error.in_batch(index))?;
        }
        without_traces(|| self.encrypt_blocks(&mut call_rng()?, passwords, out))
    }

    /// Looks whether bytes can be encrypted as they are.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPassword`], [`Error::PasswordTooLong`].
    pub fn check_bytes(&self, password: &[u8]) -> Result<(), Error> {
        match password.is_empty() {
            true => Err(Error::EmptyPassword),
            false => self.check_password_len(password.len()),
        }
    }

    /// The longest password in bytes: `k - 11`, so 245 for a key of 2048 bits.
    #[must_use]
    pub fn max_password_len(&self) -> usize {
        self.size() - OVERHEAD
    }

    fn seal<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        password: &Password,
    ) -> Result<Ciphertext, Error> {
        let mut out = vec![0; self.size()];
        self.seal_into(rng, password, &mut out)?;
        Ok(Ciphertext(out))
    }

    fn seal_into<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        password: &Password,
        out: &mut [u8],
    ) -> Result<(), Error> {
        self.encrypt_blocks(rng, [password.expose()].into_iter(), out)
    }

    fn seal_many<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        passwords: &[&Password],
    ) -> Result<Vec<Ciphertext>, Error> {
        let mut out = vec![0; self.size() * passwords.len()];
        self.seal_many_into(rng, passwords, &mut out)?;
        let blocks = out.chunks_exact(self.size());
        Ok(blocks.map(|block| Ciphertext(block.to_vec())).collect())
    }

    fn seal_many_into<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        passwords: &[&Password],
        out: &mut [u8],
    ) -> Result<(), Error> {
        self.encrypt_blocks(rng, passwords.iter().map(|password| password.expose()), out)
    }

    /// Passwords none of which is too long. That is looked at before there is a random number: an error may take bytes of the stack with
    /// it that are not its own.
    fn borrow_many<'p, P: Borrow<Password>>(
        &self,
        passwords: &'p [P],
    ) -> Result<Vec<&'p Password>, Error> {
        // Once: another answer later would have a length that was not checked.
        let passwords: Vec<&Password> = passwords.iter().map(Borrow::borrow).collect();
        for (index, password) in passwords.iter().enumerate() {
            self.check_password_len(password.len())
                .map_err(|error| error.in_batch(index))?;
        }
        Ok(passwords)
    }

    /// Looks whether a password of so many bytes can be encrypted.
    ///
    /// ```
    /// # use pwseal::PublicKey;
    /// let key = PublicKey::parse(include_bytes!("../tests/data/rsa2048.spki.pem"))?;
    /// assert_eq!(
    ///     key.check_password_len(246).unwrap_err().to_string(),
    ///     "the password has 246 bytes; the longest that this key can encrypt has 245"
    /// );
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PasswordTooLong`].
    pub fn check_password_len(&self, len: usize) -> Result<(), Error> {
        let max = self.max_password_len();
        if len > max {
            return Err(Error::PasswordTooLong { len, max });
        }
        Ok(())
    }

    /// Builds EM in the output buffer and encrypts it there, so that no copy of it is left.
    ///
    /// All padding is drawn before the first password is copied: nothing can fail between
    /// that copy and the encryption which overwrites it.
    fn encrypt_blocks<'p, R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        passwords: impl ExactSizeIterator<Item = &'p [u8]> + Clone,
        out: &mut [u8],
    ) -> Result<(), Error> {
        // Before there is anything to be left behind.
        self.rsaep().make_ready_for(passwords.len());
        let (len, size) = (out.len(), self.size());
        let expected = size * passwords.len();
        if len != expected {
            return Err(Error::OutputLength { len, expected });
        }
        for (em, message) in out.chunks_exact_mut(size).zip(passwords.clone()) {
            let separator = size - message.len() - 1;
            em[..2].copy_from_slice(&[0, 2]);
            fill_nonzero(rng, &mut em[2..separator])?;
            em[separator] = 0;
        }
        for (em, message) in out.chunks_exact_mut(size).zip(passwords) {
            em[size - message.len()..].copy_from_slice(message);
        }
        // EM is as long as n and starts with 00, which n does not.
        self.rsaep().rsaep(out).expect("EM is below n");
        Ok(())
    }
}

/// Fills `ps` with the bytes of `rng` in order, without the zeros.
///
/// Its time depends on where zeros were, which says nothing about the bytes that were kept.
fn fill_nonzero<R: TryCryptoRng + ?Sized>(rng: &mut R, ps: &mut [u8]) -> Result<(), Error> {
    let mut filled = 0;
    for _ in 0..MAX_DRAWS {
        let drawn = &mut ps[filled..];
        rng.try_fill_bytes(drawn).map_err(|_| Error::RandomSource)?;
        filled += drop_zeros(drawn);
        if filled == ps.len() {
            return Ok(());
        }
    }
    Err(Error::RandomSource)
}

/// Moves the bytes that are not 0 to the front, in order; returns how many there are.
fn drop_zeros(bytes: &mut [u8]) -> usize {
    let (mut kept, mut from) = (0, 0);
    while from < bytes.len() {
        let run = until_zero(&bytes[from..]);
        if kept != from {
            bytes.copy_within(from..from + run, kept);
        }
        kept += run;
        from += run + 1;
    }
    kept
}

/// How many bytes there are before the first 0, looked for by the word, because there is one 0 in
/// 256 bytes.
fn until_zero(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The lowest bit that is set is the highest of the first byte that is 0.
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if zeros != 0 {
            return 8 * index + zeros.trailing_zeros() as usize / 8;
        }
    }
    8 * words.len() + rest.iter().take_while(|byte| **byte != 0).count()
}
