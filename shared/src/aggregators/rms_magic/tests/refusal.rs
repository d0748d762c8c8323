//! Refusals.

use crate::aggregators::rms_magic::tests::*;

async fn refusal(template: ResponseTemplate, ask: MagicCall) -> Refusal {
    let (_server, magic) = answering(template).await;
    match magic.ask(ask).await {
        Err(PartnerFailure::Refused(refusal)) => refusal,
        other => panic!("{ask:?} is not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_4xx_with_a_code_and_a_message_is_a_refusal_with_both() {
    for status in [400, 404, 409, 422] {
        for ask in [MagicCall::Label, MagicCall::ReturnAwb, MagicCall::Couriers] {
            let refusal = refusal(answer(status, REFUSAL), ask).await;
            assert_eq!(refusal.code.as_deref(), Some("NOT_SERVICEABLE"));
            let message = refusal.message.as_deref();
            assert_eq!(message, Some("no courier goes from 560102 to 395007"));
        }
    }
}

#[tokio::test]
async fn other_field_names_and_numbers_are_accepted() {
    for (body, code, message) in [
        (json!({"errorCode": 17, "error": "no"}), "17", Some("no")),
        (json!({"code": "E1", "detail": "no"}), "E1", Some("no")),
        (json!({"errorMessage": "no"}), "400", Some("no")),
        (json!({"code": null, "message": ["no"]}), "400", None),
        (json!([]), "400", None),
    ] {
        let refusal = refusal(answer(400, body.to_string()), MagicCall::Label).await;
        assert_eq!(refusal.code.as_deref(), Some(code), "{body}");
        assert_eq!(refusal.message.as_deref(), message, "{body}");
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_json_has_its_status_as_code() {
    for body in [&b"<html>Bad Request</html>"[..], b"", b"\xff\xfe"] {
        let refusal = refusal(answer(422, body), MagicCall::Label).await;
        assert_eq!(refusal.code.as_deref(), Some("422"));
        assert_eq!(refusal.message, None);
    }
}

#[tokio::test]
async fn a_long_message_is_truncated() {
    let body = json!({"message": "ß".repeat(10_000)}).to_string();
    let refusal = refusal(answer(400, body), MagicCall::Label).await;
    assert_eq!(refusal.message.unwrap().chars().count(), 500);
}

#[tokio::test]
async fn a_401_and_a_403_mean_bad_credentials() {
    for status in [401, 403] {
        let (_server, magic) = answering(answer(status, REFUSAL)).await;
        for ask in CREATING.into_iter().chain(READING) {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(matches!(failure, PartnerFailure::BadCredentials), "{ask:?}");
        }
    }
}

#[tokio::test]
async fn a_429_is_throttling_with_its_wait() {
    for (retry_after, wait) in [
        (Some("7"), Some(Duration::from_secs(7))),
        (Some(" 0 "), Some(Duration::ZERO)),
        (Some("soon"), None),
        (Some("-1"), None),
        (None, None),
    ] {
        let template = match retry_after {
            Some(value) => answer(429, "").insert_header("Retry-After", value),
            None => answer(429, ""),
        };
        let (_server, magic) = answering(template).await;
        for ask in CREATING.into_iter().chain(READING) {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(
                matches!(failure, PartnerFailure::Throttled(found) if found == wait),
                "{ask:?} {retry_after:?}: {failure:?}"
            );
        }
    }
}
