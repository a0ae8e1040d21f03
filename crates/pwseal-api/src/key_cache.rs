//! Parsed keys and policies, kept.

use std::borrow::Cow;

use pwseal::PublicKey;
use pwseal::policy::Policy;

use crate::error::Error;
use crate::password_info::PasswordInfo;

/// The keys of the last password-infos, parsed: a tenant's identities share a key. With each key it keeps
/// the policies that it came with last, which many identities share as well.
///
/// It holds [`CAPACITY`](Self::CAPACITY) keys; the one that was not used for longest makes room
/// for a new one. A key is found by its `publicKeyId` and its own text, so that a tenant that
/// changes its key under the old id gets the new one.
#[derive(Clone, Debug, Default)]
pub struct KeyCache {
    /// The one used last comes first.
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    public_key_id: Option<String>,
    public_key: Option<String>,
    key: PublicKey,
    policies: Option<Vec<String>>,
    policy: Policy,
}

impl Entry {
    fn is_of(&self, info: &PasswordInfo<'_>) -> bool {
        self.public_key_id.as_deref() == info.public_key_id.as_deref()
            && self.public_key.as_deref() == info.public_key.as_deref()
    }
}

impl KeyCache {
    /// How many keys it holds.
    pub const CAPACITY: usize = 16;

    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The key of a password-info, parsed only if it is not here yet.
    ///
    /// # Errors
    ///
    /// As [`PasswordInfo::key`].
    pub fn key(&mut self, info: &PasswordInfo<'_>) -> Result<PublicKey, Error> {
        Ok(self.entry(info)?.key.clone())
    }

    /// The key and the policy of a password-info, each parsed only if it is not here yet.
    ///
    /// # Errors
    ///
    /// As [`PasswordInfo::key`].
    pub fn key_and_policy(
        &mut self,
        info: &PasswordInfo<'_>,
    ) -> Result<(PublicKey, Policy), Error> {
        let entry = self.entry(info)?;
        // An `Option` of owned strings cannot be compared with one of borrowed ones at once.
        let is_same = match (&entry.policies, &info.policies) {
            (Some(known), Some(policies)) => known == policies,
            (known, policies) => known.is_none() && policies.is_none(),
        };
        if !is_same {
            entry.policies = owned(info.policies.as_deref());
            entry.policy = info.policy();
        }
        Ok((entry.key.clone(), entry.policy.clone()))
    }

    fn entry(&mut self, info: &PasswordInfo<'_>) -> Result<&mut Entry, Error> {
        if let Some(index) = self.entries.iter().position(|entry| entry.is_of(info)) {
            self.entries[..=index].rotate_right(1);
        } else {
            let entry = Entry {
                public_key_id: info.public_key_id.as_deref().map(Into::into),
                public_key: info.public_key.as_deref().map(Into::into),
                key: info.key()?,
                policies: owned(info.policies.as_deref()),
                policy: info.policy(),
            };
            self.entries.truncate(Self::CAPACITY - 1);
            self.entries.insert(0, entry);
        }
        Ok(&mut self.entries[0])
    }

    /// How many keys are here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no key is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn owned(texts: Option<&[Cow<'_, str>]>) -> Option<Vec<String>> {
    let own = |text: &Cow<'_, str>| text.as_ref().into();
    texts.map(|texts| texts.iter().map(own).collect())
}
