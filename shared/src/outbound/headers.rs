//! Which headers a client may configure for our requests.

use http::HeaderName;

/// Headers that control the transport, or that we set ourselves.
const OURS: [&str; 17] = [
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
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-request-id",
];
/// Prefixes of headers that are signatures, belong to RMS or are trusted by proxies.
const FAMILIES: [&str; 5] = ["proxy-", "rms-", "webhook-", "x-amz", "x-forwarded-"];

/// Whether a client may configure a header of this name. A forbidden one is refused when it is saved, and also left out
/// of each request, in case it was saved before the rule existed.
pub fn may_be_chosen(name: &HeaderName) -> bool {
    let name = name.as_str();
    !OURS.contains(&name) && !FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Checks whether a header of this name may be configured; the error says why not.
pub fn check_name(name: &str) -> Result<(), String> {
    let parsed: HeaderName = name
        .parse()
        .map_err(|_| "is not the name of a header".to_owned())?;
    if may_be_chosen(&parsed) {
        Ok(())
    } else {
        Err("cannot be configured: RMS or HTTP sets it".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(name: &str) -> bool {
        may_be_chosen(&name.parse().unwrap())
    }

    #[test]
    fn transport_signature_and_proxy_headers_are_refused_in_any_spelling() {
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
                check_name(name).unwrap_err().starts_with("cannot be"),
                "{name}"
            );
        }
    }

    #[test]
    fn credential_headers_are_allowed() {
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
    fn an_invalid_header_name_is_refused() {
        for name in ["", "a b", "a:b", "a\r\nHost", "host ", "ho\u{17f}t"] {
            assert!(name.parse::<HeaderName>().is_err(), "{name:?}");
            assert!(
                check_name(name).unwrap_err().starts_with("is not"),
                "{name:?}"
            );
        }
    }
}
