//! Reads of one order.

use std::time::Duration;

use super::*;

async fn read_with(response: ResponseTemplate) -> Result<Option<ShopOrder>, PartnerFailure> {
    let bench = bench(INTEGRATION).await;
    answers(&bench, ("GET", ORDER), response).await;
    read(&bench, "11254").await
}

#[tokio::test]
async fn an_unknown_order_is_absent() {
    let unknown = json!({ "message": "The entity that was requested doesn't exist. Verify the entity and try again." });
    let response = ResponseTemplate::new(404).set_body_json(&unknown);
    assert_eq!(read_with(response).await.unwrap(), None);
}

#[tokio::test]
async fn an_id_that_no_shop_has_calls_no_path() {
    let bench = bench(INTEGRATION).await;
    for id in ["M000013856", "..", "1/comments", "-1", "1?x"] {
        assert_eq!(read(&bench, id).await.unwrap(), None, "{id}");
    }
    assert_eq!(bench.received().await.len(), 0);
}

#[tokio::test]
async fn what_is_no_answer_is_unreadable() {
    let html = "<html>maintenance</html>".to_owned();
    let large = format!(
        "{{\"entity_id\": 11254, \"x\": \"{}\"}}",
        "x".repeat(5_000_000)
    );
    for body in [
        html,
        String::new(),
        "[]".to_owned(),
        "false".to_owned(),
        large,
    ] {
        let response = ResponseTemplate::new(200).set_body_string(body.as_str());
        let failure = read_with(response).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::Unreadable),
            "{} bytes: {failure:?}",
            body.len()
        );
    }
    let failure = read_with(ok(&small_order(7))).await.unwrap_err();
    assert!(
        matches!(failure, PartnerFailure::Unreadable),
        "another order"
    );
}

#[tokio::test]
async fn a_shop_that_is_down_slow_or_elsewhere_is_told_apart() {
    let failure = read_with(ResponseTemplate::new(503)).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "7");
    let failure = read_with(limited).await.unwrap_err();
    let wait = Some(Duration::from_secs(7));
    assert!(matches!(failure, PartnerFailure::Throttled(after) if after == wait));
    let failure = read_with(lacks("Magento_Sales::actions_view"))
        .await
        .unwrap_err();
    let right = "Magento_Sales::actions_view";
    assert!(matches!(failure, PartnerFailure::LacksRight(found) if found == right));
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_credentials() {
    let (bench, other) = (bench(INTEGRATION).await, bench(INTEGRATION).await);
    let there = format!("{}{ORDER}", other.server.uri());
    let redirect = ResponseTemplate::new(302).insert_header("location", there.as_str());
    answers(&bench, ("GET", ORDER), redirect).await;
    answers(&other, ("GET", ORDER), ok(&small_order(11254))).await;
    let failure = read(&bench, "11254").await.unwrap_err();
    assert!(
        matches!(failure, PartnerFailure::Unreachable),
        "{failure:?}"
    );
    assert_eq!(other.received().await.len(), 0);
}

#[tokio::test]
async fn a_status_is_a_bare_string_or_null() {
    for (body, expected) in [
        (json!("processing"), Some("processing")),
        (Value::Null, None),
    ] {
        let bench = bench(INTEGRATION).await;
        let of = ("GET", "/rest/default/V1/orders/11254/statuses");
        answers(&bench, of, ok(&body)).await;
        let id = "11254".parse().unwrap();
        let status = Magento.read_status(bench.call(), &id).await.unwrap();
        assert_eq!(status.unwrap().0.as_deref(), expected);
    }
    let bench = bench(INTEGRATION).await;
    let id = "x".parse().unwrap();
    assert_eq!(Magento.read_status(bench.call(), &id).await.unwrap(), None);
}
