//! Standard Webhooks signatures: v1 (HMAC-SHA256) with a `whsec_…` secret, v1a (ed25519) with a `whsk_…` secret.
//!
//! The secret's prefix selects the scheme, as the specification requires, so that no other setting is needed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::signing::SignatureScheme;

const SHARED: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";
/// Length of a shared key that the specification allows: 192 to 512 bits.
const SHARED_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The private half of an ed25519 key. Some libraries append the public half.
const SEED_BYTES: usize = 32;

/// Why signing failed. No variant reveals anything about the secret.
#[derive(Debug, thiserror::Error)]
pub enum CannotSign {
    /// No secret is valid at that time.
    #[error("there is no signing secret")]
    NoSecret,
    /// The secret is not base64 after `whsec_` or `whsk_`.
    #[error("the signing secret is not base64 with the prefix whsec_ or whsk_")]
    Unreadable,
    /// The secret has the wrong length, or its public half does not match.
    #[error("the signing secret is not a valid key")]
    NoKey,
}

/// A parsed secret.
enum Key {
    Shared(hmac::Key),
    Private(Ed25519KeyPair),
}

/// The `webhook-signature` header: one signature per secret, in order, so that a receiver can switch secrets at any
/// time during a rotation. There is always at least one: nothing is sent unsigned.
pub fn sign<'a>(
    id: &str,
    at: Timestamp,
    body: &[u8],
    secrets: impl IntoIterator<Item = &'a SecretString>,
) -> Result<String, CannotSign> {
    let signatures: Vec<String> = secrets
        .into_iter()
        .map(|secret| Ok(Key::read(secret)?.sign(id, at, body)))
        .collect::<Result<_, CannotSign>>()?;
    if signatures.is_empty() {
        return Err(CannotSign::NoSecret);
    }
    Ok(signatures.join(" "))
}

/// The `whpk_…` key with which a receiver verifies signatures of a `whsk_…` secret; `None` for a shared key.
pub fn public_key(secret: &SecretString) -> Result<Option<String>, CannotSign> {
    Ok(match Key::read(secret)? {
        Key::Shared(_) => None,
        Key::Private(pair) => {
            let public = STANDARD.encode(pair.public_key().as_ref());
            Some(format!("{PUBLIC}{public}"))
        }
    })
}

/// The signature scheme of a secret, from its prefix.
pub fn scheme_of(secret: &SecretString) -> SignatureScheme {
    if secret.expose_secret().starts_with(PRIVATE) {
        SignatureScheme::V1a
    } else {
        SignatureScheme::V1
    }
}

/// Builds a secret of a scheme from random bytes.
pub fn secret_of(scheme: SignatureScheme, bytes: [u8; SEED_BYTES]) -> SecretString {
    let prefix = match scheme {
        SignatureScheme::V1 => SHARED,
        SignatureScheme::V1a => PRIVATE,
    };
    format!("{prefix}{}", STANDARD.encode(bytes)).into()
}

impl Key {
    fn read(secret: &SecretString) -> Result<Self, CannotSign> {
        let secret = secret.expose_secret();
        let decoded = |text| STANDARD.decode(text).map_err(|_| CannotSign::Unreadable);
        if let Some(key) = secret.strip_prefix(SHARED) {
            Self::shared(&decoded(key)?)
        } else if let Some(key) = secret.strip_prefix(PRIVATE) {
            Self::private(&decoded(key)?)
        } else {
            Err(CannotSign::Unreadable)
        }
    }

    fn shared(key: &[u8]) -> Result<Self, CannotSign> {
        if SHARED_KEY_BYTES.contains(&key.len()) {
            Ok(Self::Shared(hmac::Key::new(hmac::HMAC_SHA256, key)))
        } else {
            Err(CannotSign::NoKey)
        }
    }

    fn private(key: &[u8]) -> Result<Self, CannotSign> {
        let pair = match key.split_at_checked(SEED_BYTES) {
            Some((seed, [])) => Ed25519KeyPair::from_seed_unchecked(seed),
            Some((seed, public)) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
            None => return Err(CannotSign::NoKey),
        };
        pair.map(Self::Private).map_err(|_| CannotSign::NoKey)
    }

    fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        let head = format!("{id}.{}.", at.as_second());
        let signed = [head.as_bytes(), body].concat();
        match self {
            Self::Shared(key) => format!("v1,{}", STANDARD.encode(hmac::sign(key, &signed))),
            Self::Private(pair) => format!("v1a,{}", STANDARD.encode(pair.sign(&signed))),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use proptest::prelude::*;
    use ring::signature::{ED25519, UnparsedPublicKey};
    use standardwebhooks::Webhook;

    use super::*;

    const SHARED_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER_SHARED_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    /// A published test key of 32 ASCII bytes.
    const PRIVATE_SECRET: &str = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";

    fn signed(secrets: &[&str], id: &str, second: i64, body: &str) -> Result<String, CannotSign> {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| secret.into()).collect();
        let at = Timestamp::from_second(second).unwrap();
        sign(id, at, body.as_bytes(), &secrets)
    }

    fn public(secret: &str) -> Option<String> {
        public_key(&secret.into()).unwrap()
    }

    /// Verifies with the library of the specification's authors.
    fn verifies_v1(secret: &str, id: &str, second: i64, body: &str, signature: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", second.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        let webhook = Webhook::new(secret).unwrap();
        webhook.verify(body.as_bytes(), &headers).is_ok()
    }

    /// Verifies as the specification says: any v1a signature in the header may match id, time and body.
    fn verifies_v1a(public: &str, id: &str, second: i64, body: &str, signature: &str) -> bool {
        let key = STANDARD.decode(public.strip_prefix("whpk_").unwrap());
        let key = UnparsedPublicKey::new(&ED25519, key.unwrap());
        let text = format!("{id}.{second}.{body}");
        let mut signatures = signature
            .split(' ')
            .filter_map(|part| part.strip_prefix("v1a,"));
        signatures.any(|signature| {
            let signature = STANDARD.decode(signature).unwrap();
            key.verify(text.as_bytes(), &signature).is_ok()
        })
    }

    fn now() -> i64 {
        crate::clock::now().as_second()
    }

    #[test]
    fn the_published_test_vectors_pass() {
        let of_the_libraries = (
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        let of_the_rust_library = (
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
        );
        for (secret, (id, second, body), expected) in [
            (
                SHARED_SECRET,
                of_the_libraries,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                OTHER_SHARED_SECRET,
                of_the_rust_library,
                "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            ),
            (
                PRIVATE_SECRET,
                of_the_libraries,
                "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==",
            ),
        ] {
            assert_eq!(signed(&[secret], id, second, body).unwrap(), expected);
        }
    }

    /// RFC 8032, 7.1, test 1: the public half of a private key.
    #[test]
    fn the_public_half_is_derived_from_a_private_key() {
        let seed: [u8; 32] = [
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec,
            0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03,
            0x1c, 0xae, 0x7f, 0x60,
        ];
        let secret = format!("whsk_{}", STANDARD.encode(seed));
        assert_eq!(
            public(&secret).as_deref(),
            Some("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
        );
        assert_eq!(public(SHARED_SECRET), None);
    }

    #[test]
    fn a_new_secret_signs_with_its_scheme() {
        for (scheme, beginning, has_public_half) in [
            (SignatureScheme::V1, "v1,", false),
            (SignatureScheme::V1a, "v1a,", true),
        ] {
            let secret = secret_of(scheme, [7; SEED_BYTES]);
            assert_eq!(scheme_of(&secret), scheme);
            let signature = signed(&[secret.expose_secret()], "id", 1, "{}").unwrap();
            assert!(signature.starts_with(beginning), "{signature}");
            assert_eq!(public_key(&secret).unwrap().is_some(), has_public_half);
        }
    }

    #[test]
    fn during_a_rotation_only_the_two_secrets_verify() {
        let (id, second, body) = ("dlv_1", now(), "{}");
        let third = "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let secrets = [OTHER_SHARED_SECRET, SHARED_SECRET];
        let signature = signed(&secrets, id, second, body).unwrap();
        assert_eq!(signature.split(' ').count(), 2);
        for secret in secrets {
            assert!(verifies_v1(secret, id, second, body, &signature));
        }
        assert!(!verifies_v1(third, id, second, body, &signature));
        assert!(!verifies_v1(SHARED_SECRET, id, second, "{} ", &signature));
    }

    #[test]
    fn an_endpoint_may_change_from_a_shared_to_a_private_key() {
        let (id, second, body) = ("dlv_1", now(), "{}");
        let signature = signed(&[PRIVATE_SECRET, SHARED_SECRET], id, second, body).unwrap();
        let public = public(PRIVATE_SECRET).unwrap();
        assert!(verifies_v1(SHARED_SECRET, id, second, body, &signature));
        assert!(verifies_v1a(&public, id, second, body, &signature));
    }

    #[test]
    fn a_private_key_may_include_its_matching_public_half() {
        let decoded = |text: &str| STANDARD.decode(text.split_once('_').unwrap().1).unwrap();
        let seed = decoded(PRIVATE_SECRET);
        let public = decoded(&public(PRIVATE_SECRET).unwrap());
        let secret = |public: &[u8]| format!("whsk_{}", STANDARD.encode([&seed, public].concat()));
        assert_eq!(
            signed(&[&secret(&public)], "id", 1, "{}").unwrap(),
            signed(&[PRIVATE_SECRET], "id", 1, "{}").unwrap()
        );
        let anothers = [public.as_slice(), &[0]].concat().split_off(1);
        let error = signed(&[&secret(&anothers)], "id", 1, "{}").unwrap_err();
        assert!(matches!(error, CannotSign::NoKey), "{error:?}");
    }

    #[test]
    fn an_invalid_key_is_refused_and_not_shown() {
        let long = format!("whsec_{}", STANDARD.encode([7; 65]));
        for secret in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_not base64",
            &long,
            "whsk_",
            "whsk_c2hvcnQ=",
            "whpk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            let error = signed(&[SHARED_SECRET, secret], "id", 1, "{}").unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(secret.len() < 12 || !told.contains(secret), "{told}");
        }
        let error = signed(&[], "id", 1, "{}").unwrap_err();
        assert!(matches!(error, CannotSign::NoSecret), "{error:?}");
    }

    proptest! {
        #[test]
        fn a_signature_verifies_and_a_changed_byte_does_not(
            id in "[a-zA-Z0-9_-]{1,40}",
            body: String,
            seed: [u8; 32],
        ) {
            let second = now();
            let shared = format!("whsec_{}", STANDARD.encode(seed));
            let private = format!("whsk_{}", STANDARD.encode(seed));
            let public = public(&private).unwrap();
            let signature = signed(&[&shared, &private], &id, second, &body).unwrap();
            let changed = format!("{body}x");
            prop_assert!(verifies_v1(&shared, &id, second, &body, &signature));
            prop_assert!(!verifies_v1(&shared, &id, second, &changed, &signature));
            prop_assert!(verifies_v1a(&public, &id, second, &body, &signature));
            prop_assert!(!verifies_v1a(&public, &id, second, &changed, &signature));
            prop_assert!(!verifies_v1a(&public, &id, second + 1, &body, &signature));
        }
    }
}
