//! Which headers somebody else may choose for a request of ours.

use http::HeaderName;

/// Headers that say how a message is carried, or that we set ourselves.
const OURS: [&str; 15] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-request-id",
];
/// Families of headers that are signatures or RMS's own, or that machines on the way believe.
const FAMILIES: [&str; 5] = ["proxy-", "rms-", "webhook-", "x-amz", "x-forwarded-"];

/// Whether a client may configure a header of this name. One that may not is refused when it is saved, and left out of
/// each request in case it was saved before the rule.
pub fn may_be_chosen(name: &HeaderName) -> bool {
    let name = name.as_str();
    !OURS.contains(&name) && !FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether a header of this name may be configured; if not, why not.
pub fn check_name(name: &str) -> Result<(), String> {
    let parsed: HeaderName = name
        .parse()
        .map_err(|_| "is not the name of a header".to_owned())?;
    if may_be_chosen(&parsed) {
        Ok(())
    } else {
        Err(
            "may not be configured: we set it ourselves, or it says how a request is carried"
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(name: &str) -> bool {
        may_be_chosen(&name.parse().unwrap())
    }

    #[test]
    fn what_carries_signs_or_is_believed_may_not_be_chosen_in_any_spelling() {
        for name in [
            "Host",
            "hOST",
            "Content-Length",
            "Content-Type",
            "Content-Encoding",
            "Transfer-Encoding",
            "TRANSFER-ENCODING",
            "Connection",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
            "Forwarded",
            "User-Agent",
            "Accept-Encoding",
            "webhook-id",
            "Webhook-Signature",
            "webhook-anything",
            "rms-message-kind",
            "RMS-Anything",
            "X-Request-Id",
            "X-Amz-Date",
            "X-Amzn-Trace-Id",
            "x-amz-security-token",
            "X-Forwarded-For",
            "x-forwarded-host",
            "Proxy-Authorization",
            "proxy-connection",
        ] {
            assert!(!may(name), "{name}");
            assert!(
                check_name(name).unwrap_err().starts_with("may not"),
                "{name}"
            );
        }
    }

    #[test]
    fn credentials_may_be_chosen() {
        for name in [
            "Authorization",
            "X-Api-Key",
            "Cookie",
            "authUsername",
            "x-webhook-id",
            "hostname",
            "x-forwarded",
        ] {
            assert!(may(name), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_no_header() {
        for name in ["", "a b", "a:b", "a\r\nHost", "host ", "ho\u{17f}t"] {
            assert!(name.parse::<HeaderName>().is_err(), "{name:?}");
            assert!(
                check_name(name).unwrap_err().starts_with("is not"),
                "{name:?}"
            );
        }
    }
}
