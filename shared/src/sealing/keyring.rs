//! The keys that seal and open secrets.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::zeroize::{Zeroize as _, Zeroizing};
use secrecy::{ExposeSecret as _, SecretString};

use crate::digest::{Sha256, hex};
use crate::random;
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretPlace;
use crate::sealing::sealed::Sealed;

const KEY_BYTES: usize = 32;
/// Length of a key id: a prefix of the key's hash, in bytes.
const ID_BYTES: usize = 4;
/// The first byte of a serialised keyring: its format.
const FORM: u8 = 1;
/// The maximum number of keys, because KMS wraps at most 4,096 bytes.
const MOST_KEYS: usize = 100;

/// Keys, newest first. With random 96-bit nonces, one key may seal about four billion secrets.
pub struct Keyring {
    newest: SealingKey,
    older: Vec<SealingKey>,
}

struct SealingKey {
    id: String,
    bytes: Zeroizing<[u8; KEY_BYTES]>,
    cipher: LessSafeKey,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<_> = self.all().map(|key| key.id.as_str()).collect();
        formatter.debug_tuple("Keyring").field(&ids).finish()
    }
}

impl Keyring {
    /// A keyring with one new key.
    pub fn generate() -> Result<Self, SealingFailure> {
        Ok(Self {
            newest: SealingKey::generate()?,
            older: Vec::new(),
        })
    }

    /// Adds a new key, which seals from now on.
    pub fn with_new_key(self) -> Result<Self, SealingFailure> {
        let older: Vec<_> = std::iter::once(self.newest).chain(self.older).collect();
        if older.len() >= MOST_KEYS {
            return Err(SealingFailure::NoKeyring("too many keys"));
        }
        Ok(Self {
            newest: SealingKey::generate()?,
            older,
        })
    }

    /// Keeps only the newest key: secrets sealed with older keys can no longer be opened.
    #[must_use]
    pub fn without_older_keys(self) -> Self {
        Self {
            newest: self.newest,
            older: Vec::new(),
        }
    }

    /// Parses the output of [`Keyring::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealingFailure> {
        const WRONG: SealingFailure = SealingFailure::NoKeyring("invalid format");
        let (&form, keys) = bytes.split_first().ok_or(WRONG)?;
        let (keys, rest) = keys.as_chunks::<KEY_BYTES>();
        if form != FORM || !rest.is_empty() {
            return Err(WRONG);
        }
        let mut keys = keys.iter().map(|key| SealingKey::new(Zeroizing::new(*key)));
        Ok(Self {
            newest: keys.next().ok_or(WRONG)??,
            older: keys.collect::<Result<_, _>>()?,
        })
    }

    /// All keys as bytes, ready to be wrapped.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let keys = self.all().flat_map(|key| *key.bytes);
        // A growing vector would leave copies of keys in memory.
        let mut bytes = Vec::with_capacity(1 + (1 + self.older.len()) * KEY_BYTES);
        bytes.extend(std::iter::once(FORM).chain(keys));
        Zeroizing::new(bytes)
    }

    /// The ids of the keys, newest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all().map(|key| key.id.as_str())
    }

    /// Seals a secret for its place with the newest key.
    pub fn seal(
        &self,
        place: SecretPlace<'_>,
        secret: &SecretString,
    ) -> Result<Sealed, SealingFailure> {
        let header = Sealed::header(&self.newest.id);
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce)?;
        let mut text = Zeroizing::new(secret.expose_secret().as_bytes().to_vec());
        let associated = Aad::from(place.associated_data(&header));
        let tag = self
            .newest
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), associated, &mut text)
            .map_err(|_| SealingFailure::NoKeyring("the secret is too long"))?;
        let bytes = [&nonce[..], &text, tag.as_ref()].concat();
        Ok(Sealed::new(&header, &bytes))
    }

    /// Opens a secret that was sealed for this place.
    pub fn open(
        &self,
        place: SecretPlace<'_>,
        sealed: &Sealed,
    ) -> Result<SecretString, SealingFailure> {
        let (key_id, bytes) = sealed.parts().ok_or(SealingFailure::Refused)?;
        let (nonce, ciphertext) = bytes
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealingFailure::Refused)?;
        let key = self
            .all()
            .find(|key| key.id == key_id)
            .ok_or(SealingFailure::UnknownKey)?;
        let associated = Aad::from(place.associated_data(&Sealed::header(key_id)));
        let mut text = Zeroizing::new(ciphertext.to_vec());
        let text = key
            .cipher
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                associated,
                text.as_mut_slice(),
            )
            .map_err(|_| SealingFailure::Refused)?;
        let text = std::str::from_utf8(text).map_err(|_| SealingFailure::Refused)?;
        Ok(SecretString::from(text))
    }

    /// Whether the newest key sealed the secret.
    pub fn is_of_newest(&self, sealed: &Sealed) -> bool {
        sealed
            .parts()
            .is_some_and(|(key_id, _)| key_id == self.newest.id)
    }

    fn all(&self) -> impl Iterator<Item = &SealingKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

impl SealingKey {
    fn generate() -> Result<Self, SealingFailure> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        fill(bytes.as_mut_slice())?;
        Self::new(bytes)
    }

    fn new(mut bytes: Zeroizing<[u8; KEY_BYTES]>) -> Result<Self, SealingFailure> {
        let cipher = UnboundKey::new(&AES_256_GCM, bytes.as_slice());
        let cipher = cipher.map_err(|_| SealingFailure::NoKeyring("a key has the wrong length"))?;
        let digest = Sha256::new()
            .chain_update("rms sealing key")
            .chain_update(bytes.as_slice())
            .finalize();
        let id = hex(digest.get(..ID_BYTES).unwrap_or(&digest));
        let kept = bytes.clone();
        bytes.zeroize();
        Ok(Self {
            id,
            bytes: kept,
            cipher: LessSafeKey::new(cipher),
        })
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), SealingFailure> {
    random::fill(bytes)
        .map_err(|_| SealingFailure::NoKeyring("the system could not provide random bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sealing::place::{SecretKind, SecretOwner};

    const HOME: SecretPlace<'static> = SecretPlace {
        owner: SecretOwner {
            client: "demo",
            kind: SecretKind::Account,
            id: "magic",
        },
        field: "credentials.key",
    };

    fn secret() -> SecretString {
        "a very secret word".into()
    }

    fn opened(keyring: &Keyring, place: SecretPlace<'_>, sealed: &Sealed) -> Option<String> {
        let opened = keyring.open(place, sealed).ok()?;
        Some(opened.expose_secret().to_owned())
    }

    #[test]
    fn a_sealed_secret_opens_in_its_place_and_is_never_the_same_twice() {
        let keyring = Keyring::generate().unwrap();
        let sealed = keyring.seal(HOME, &secret()).unwrap();
        assert_eq!(
            opened(&keyring, HOME, &sealed).unwrap(),
            "a very secret word"
        );
        assert_ne!(sealed, keyring.seal(HOME, &secret()).unwrap());
        assert!(!sealed.as_str().contains("secret"));
        let id = keyring.ids().next().unwrap();
        assert!(sealed.as_str().starts_with(&format!("1.{id}.")));
    }

    #[test]
    fn a_moved_secret_is_refused() {
        let keyring = Keyring::generate().unwrap();
        let sealed = keyring.seal(HOME, &secret()).unwrap();
        let owner = HOME.owner;
        for place in [
            SecretOwner {
                client: "other",
                ..owner
            }
            .field(HOME.field),
            SecretOwner {
                kind: SecretKind::Endpoint,
                ..owner
            }
            .field(HOME.field),
            SecretOwner {
                id: "magic2",
                ..owner
            }
            .field(HOME.field),
            owner.field("credentials.username"),
            // The same letters, split differently.
            SecretOwner {
                client: "dem",
                id: "omagic",
                ..owner
            }
            .field(HOME.field),
        ] {
            let refused = keyring.open(place, &sealed).unwrap_err();
            assert!(matches!(refused, SealingFailure::Refused), "{place:?}");
        }
    }

    #[test]
    fn a_secret_that_names_another_key_is_refused() {
        let old = Keyring::generate().unwrap();
        let sealed = old.seal(HOME, &secret()).unwrap();
        let old_id = old.ids().next().unwrap().to_owned();
        let keyring = old.with_new_key().unwrap();
        let new_id = keyring.ids().next().unwrap();
        let swapped = Sealed::stored(sealed.as_str().replace(&old_id, new_id));
        assert!(matches!(
            keyring.open(HOME, &swapped),
            Err(SealingFailure::Refused)
        ));
    }

    #[test]
    fn the_newest_key_seals_and_all_keys_open_until_they_are_removed() {
        let first = Keyring::generate().unwrap();
        let before = first.seal(HOME, &secret()).unwrap();
        let both = first.with_new_key().unwrap();
        let after = both.seal(HOME, &secret()).unwrap();
        assert!(both.is_of_newest(&after) && !both.is_of_newest(&before));
        let both = Keyring::from_bytes(&both.to_bytes()).unwrap();
        for sealed in [&before, &after] {
            assert_eq!(opened(&both, HOME, sealed).unwrap(), "a very secret word");
        }
        let last = both.without_older_keys();
        assert!(opened(&last, HOME, &after).is_some());
        assert!(matches!(
            last.open(HOME, &before),
            Err(SealingFailure::UnknownKey)
        ));
    }

    #[test]
    fn an_invalid_keyring_is_refused() {
        let keyring = Keyring::generate().unwrap().to_bytes();
        let cut = &keyring[..keyring.len() - 1];
        let other_form = [&[9], &keyring[1..]].concat();
        for bytes in [&[][..], &[FORM], cut, &other_form] {
            assert!(Keyring::from_bytes(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn keys_and_secrets_are_never_printed() {
        let keyring = Keyring::generate().unwrap();
        let sealed = keyring.seal(HOME, &secret()).unwrap();
        let printed = format!("{keyring:?} {sealed:?}");
        let id = keyring.ids().next().unwrap();
        assert_eq!(printed, format!("Keyring([\"{id}\"]) Sealed"));
    }

    proptest! {
        #[test]
        fn any_secret_is_restored(text in any::<String>()) {
            let keyring = Keyring::generate().unwrap();
            let sealed = keyring.seal(HOME, &text.clone().into()).unwrap();
            prop_assert_eq!(opened(&keyring, HOME, &sealed), Some(text));
        }

        #[test]
        fn a_secret_altered_anywhere_is_refused(position in any::<prop::sample::Index>(), to in "[0-9A-Za-z._-]") {
            let keyring = Keyring::generate().unwrap();
            let sealed = keyring.seal(HOME, &secret()).unwrap();
            let mut text: Vec<char> = sealed.as_str().chars().collect();
            let at = position.index(text.len());
            let to = to.chars().next().unwrap();
            prop_assume!(text[at] != to);
            text[at] = to;
            let altered = Sealed::stored(text.into_iter().collect());
            prop_assert!(keyring.open(HOME, &altered).is_err());
        }
    }
}
