//! What a password is compared with beside the policy.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::dictionary::Dictionary;
use super::text::Words;
use crate::error::Error;

/// What is known of the account and the identity, and the dictionary.
///
/// All of it is optional: a rule that needs what is not here is *not checked*. Build it once
/// for several candidates of one account. `Debug` shows the names of attributes and no values.
///
/// ```
/// use pwseal::policy::Context;
///
/// let context = Context::new()
///     .with_account_id("CN=Abby Smith,OU=Austin,DC=acme,DC=com")
///     .with_account_name("Abby.Smith")
///     .with_identity_attribute("phone", "555-555-1234");
/// ```
#[derive(Clone, Default)]
pub struct Context {
    pub(super) account_id: Option<Words>,
    pub(super) account_names: Vec<Words>,
    pub(super) account_attributes: Vec<Attribute>,
    pub(super) identity_attributes: Vec<Attribute>,
    pub(super) dictionary: Option<Dictionary>,
}

#[derive(Clone)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) words: Words,
}

impl Attribute {
    fn new(name: impl Into<String>, value: &str) -> Self {
        Self {
            name: name.into(),
            words: Words::of(value),
        }
    }
}

impl Context {
    /// Nothing known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The account's ID, the `accountId` of a password-info.
    #[must_use]
    pub fn with_account_id(mut self, id: &str) -> Self {
        self.account_id = Some(Words::of(id));
        self
    }

    /// A name of the account: the `accountName` of a password-info, and the display name where
    /// that is another. Several may be given.
    #[must_use]
    pub fn with_account_name(mut self, name: &str) -> Self {
        self.account_names.push(Words::of(name));
        self
    }

    /// An attribute of the account on its source. A report may say its name, never its value.
    #[must_use]
    pub fn with_account_attribute(mut self, name: impl Into<String>, value: &str) -> Self {
        self.account_attributes.push(Attribute::new(name, value));
        self
    }

    /// An attribute of the identity. A report may say its name, never its value.
    #[must_use]
    pub fn with_identity_attribute(mut self, name: impl Into<String>, value: &str) -> Self {
        self.identity_attributes.push(Attribute::new(name, value));
        self
    }

    /// The organization's dictionary. A clone of one is cheap. One without words, which a download that was cut off may
    /// leave, is as good as none.
    #[must_use]
    pub fn with_dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionary = Some(dictionary);
        self
    }

    /// Adds what is known in another context: its account's ID and its dictionary take the place of those here, if it
    /// has them.
    ///
    /// ```
    /// use pwseal::policy::Context;
    ///
    /// let mut context = Context::new().with_account_name("Abby.Smith");
    /// context.try_append(Context::new().with_account_name("Tabitha"))?;
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`]: then nothing is added.
    pub fn try_append(&mut self, other: Self) -> Result<(), Error> {
        let Self {
            account_id,
            account_names,
            account_attributes,
            identity_attributes,
            dictionary,
        } = other;
        let without_memory = |_| Error::OutOfMemory;
        self.account_names
            .try_reserve(account_names.len())
            .map_err(without_memory)?;
        self.account_attributes
            .try_reserve(account_attributes.len())
            .map_err(without_memory)?;
        self.identity_attributes
            .try_reserve(identity_attributes.len())
            .map_err(without_memory)?;
        self.account_names.extend(account_names);
        self.account_attributes.extend(account_attributes);
        self.identity_attributes.extend(identity_attributes);
        self.account_id = account_id.or(self.account_id.take());
        self.dictionary = dictionary.or(self.dictionary.take());
        Ok(())
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("account_id", &self.account_id.is_some())
            .field("account_names", &self.account_names.len())
            .field("account_attributes", &self.account_attributes)
            .field("identity_attributes", &self.identity_attributes)
            .field("dictionary", &self.dictionary)
            .finish()
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
