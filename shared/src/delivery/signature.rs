//! Standard Webhooks signatures (v1: HMAC-SHA256).

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use standardwebhooks::{Webhook, WebhookError};

/// The `webhook-signature` header: one signature for each secret, the newest first, so that a receiver can change its
/// secret at any moment of a rotation.
pub fn sign(
    id: &str,
    at: Timestamp,
    body: &[u8],
    secrets: &[SecretString],
) -> Result<String, WebhookError> {
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| Webhook::new(secret.expose_secret())?.sign(id, at.as_second(), body))
        .collect::<Result<_, _>>()?;
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn the_public_vector_is_met() {
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let signature = sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            br#"{"test": 2432232314}"#,
            &[secret],
        )
        .unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_rotating_secret_signs_twice() {
        let secrets = [
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ];
        let secrets = secrets.map(SecretString::from);
        let signature = sign("id", Timestamp::UNIX_EPOCH, b"{}", &secrets).unwrap();
        assert_eq!(signature.split(' ').count(), 2);
    }
}
