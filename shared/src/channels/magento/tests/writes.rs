//! The calls that change an order: what is sent, and what each answer means.

use futures::future::BoxFuture;
use wiremock::matchers::any;

use super::*;

/// A write of the adapter.
type Write =
    for<'a> fn(&'a ChannelBench, &'a ChannelOrderId) -> BoxFuture<'a, Result<(), PartnerFailure>>;

const ID: &str = "11254";

fn items() -> Vec<DocumentItem> {
    vec![DocumentItem {
        item_id: "7".parse().unwrap(),
        quantity: "1.5".parse().unwrap(),
    }]
}

fn track() -> Track {
    Track {
        track_number: "AWB-1".parse().unwrap(),
        carrier_code: "custom".to_owned(),
        title: "Blue Dart".to_owned(),
        weight: None,
        quantity: None,
        description: None,
    }
}

fn acknowledge<'a>(
    bench: &'a ChannelBench,
    id: &'a ChannelOrderId,
) -> BoxFuture<'a, Result<(), PartnerFailure>> {
    Magento.acknowledge(bench.call(), id)
}

fn cancel<'a>(
    bench: &'a ChannelBench,
    id: &'a ChannelOrderId,
) -> BoxFuture<'a, Result<(), PartnerFailure>> {
    Magento.cancel(bench.call(), id)
}

fn invoice<'a>(
    bench: &'a ChannelBench,
    id: &'a ChannelOrderId,
) -> BoxFuture<'a, Result<(), PartnerFailure>> {
    async move {
        let invoice = ChannelInvoiceRequest {
            capture: true,
            items: items(),
        };
        let made = Magento.create_invoice(bench.call(), id, &invoice).await;
        made.map(|made| assert_eq!(made.as_str(), "3"))
    }
    .boxed()
}

fn ship<'a>(
    bench: &'a ChannelBench,
    id: &'a ChannelOrderId,
) -> BoxFuture<'a, Result<(), PartnerFailure>> {
    async move {
        let shipment = ChannelShipmentRequest {
            items: items(),
            tracks: vec![track()],
            comment: Some("Fragile".to_owned().into()),
        };
        let made = Magento.create_shipment(bench.call(), id, &shipment).await;
        made.map(|made| assert_eq!(made.as_str(), "3"))
    }
    .boxed()
}

fn hand_over<'a>(
    bench: &'a ChannelBench,
    id: &'a ChannelOrderId,
) -> BoxFuture<'a, Result<(), PartnerFailure>> {
    async move {
        let handover = HandoverRequest {
            items: items(),
            tracks: vec![track()],
            notify: true,
        };
        let made = Magento.hand_over(bench.call(), id, &handover).await;
        made.map(|made| assert_eq!(made.as_str(), "3"))
    }
    .boxed()
}

/// Every write with its path and the answers of shops that did it.
fn writes() -> [(Write, &'static str, Vec<Value>); 5] {
    [
        (
            acknowledge,
            "/rest/default/V1/orders/11254/comments",
            vec![json!(true), json!(false)],
        ),
        (
            cancel,
            "/rest/default/V1/orders/11254/cancel",
            vec![json!(true), json!(false)],
        ),
        (
            invoice,
            "/rest/default/V1/order/11254/invoice",
            vec![json!(3), json!("3")],
        ),
        (
            ship,
            "/rest/default/V1/shipment/",
            vec![json!({ "entity_id": 3 }), json!({ "entity_id": "3" })],
        ),
        (
            hand_over,
            "/rest/default/V1/order/11254/ship",
            vec![json!(3), json!("3")],
        ),
    ]
}

/// The body that a write sends, null if it sends none, with an account with these settings.
async fn sent(write: Write, path: &str, answer: &Value, settings: &[(&str, &str)]) -> Value {
    let mut bench = bench(INTEGRATION).await;
    set(&mut bench.account, settings);
    answers(&bench, ("POST", path), ok(answer)).await;
    write(&bench, &ID.parse().unwrap()).await.unwrap();
    let received = bench.received().await;
    assert_eq!(received.len(), 1);
    match received[0].body.as_slice() {
        b"" => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    }
}

#[tokio::test]
async fn each_write_is_sent_in_the_shop_s_form_and_its_answer_read() {
    let mut bodies = Vec::new();
    for (write, path, answers) in writes() {
        for answer in &answers {
            let body = sent(write, path, answer, &[("sourceCode", "wh-1")]).await;
            bodies.push(body);
        }
    }
    bodies.dedup();
    insta::assert_json_snapshot!(bodies);
}

#[tokio::test]
async fn a_shop_with_one_source_is_not_told_the_source() {
    for (write, path, answers) in writes() {
        let body = sent(write, path, &answers[0], &[]).await;
        assert!(!body.to_string().contains("source_code"), "{body}");
    }
}

#[tokio::test]
async fn the_status_of_an_acknowledged_order_is_always_sent() {
    let (write, path, answers) = writes().into_iter().next().unwrap();
    let body = sent(
        write,
        path,
        &answers[0],
        &[("acknowledgedStatus", "oms_received")],
    )
    .await;
    assert_eq!(body["statusHistory"]["status"], "oms_received");
}

#[tokio::test]
async fn an_unclear_answer_to_a_write_leaves_the_outcome_unknown_and_nothing_is_sent_twice() {
    let unclear = [
        ResponseTemplate::new(500),
        ResponseTemplate::new(503).set_body_string("<html>"),
        ResponseTemplate::new(302).insert_header("location", "https://elsewhere.example/"),
        ResponseTemplate::new(200).set_body_string("<html>maintenance</html>"),
        ResponseTemplate::new(200).set_body_string(""),
        ResponseTemplate::new(200).set_body_string("[]"),
        ResponseTemplate::new(200).set_body_string("x".repeat(2_000_000)),
    ];
    for (write, path, _) in writes() {
        for response in &unclear {
            let bench = bench(INTEGRATION).await;
            answers(&bench, ("POST", path), response.clone()).await;
            let failure = write(&bench, &ID.parse().unwrap()).await.unwrap_err();
            assert!(
                matches!(failure, PartnerFailure::OutcomeUnknown),
                "{path} {failure:?}"
            );
            assert_eq!(bench.received().await.len(), 1, "{path}");
        }
    }
    for answer in [
        json!(false),
        json!(0),
        json!(null),
        json!({ "entity_id": 0 }),
    ] {
        for (write, path, _) in writes().into_iter().skip(2) {
            let bench = bench(INTEGRATION).await;
            answers(&bench, ("POST", path), ok(&answer)).await;
            let failure = write(&bench, &ID.parse().unwrap()).await.unwrap_err();
            assert!(
                matches!(failure, PartnerFailure::OutcomeUnknown),
                "{path} {answer}"
            );
        }
    }
}

#[tokio::test]
async fn a_refusal_has_the_shop_s_words_with_their_placeholders_filled_in() {
    let message = "The quantity to ship must not be greater than the unshipped quantity for product SKU \"%1\".";
    let refusal = json!({ "message": message, "parameters": ["SKU-1"] });
    for (write, path, _) in writes() {
        let bench = bench(INTEGRATION).await;
        let response = ResponseTemplate::new(400).set_body_json(&refusal);
        answers(&bench, ("POST", path), response).await;
        let failure = write(&bench, &ID.parse().unwrap()).await.unwrap_err();
        let PartnerFailure::Refused(refusal) = failure else {
            panic!("{path}: {failure:?}")
        };
        assert!(
            refusal.message.unwrap().ends_with("SKU \"SKU-1\"."),
            "{path}"
        );
    }
}

#[tokio::test]
async fn credentials_that_are_refused_once_are_renewed_and_for_ever_are_told() {
    for (write, path, done) in writes() {
        let bench = bench(ADMIN).await;
        answers(&bench, ("POST", ADMIN_TOKENS), ok(&json!("token"))).await;
        // The first log-in is not refused by itself; its token has ended for the second write.
        answers_once(&bench, ("POST", path), ok(&done[0])).await;
        answers_once(&bench, ("POST", path), unauthorised("The token has ended.")).await;
        answers(&bench, ("POST", path), ok(&done[0])).await;
        for _ in 0..2 {
            write(&bench, &ID.parse().unwrap()).await.unwrap();
        }
        let refused = bench_that_refuses().await;
        let failure = write(&refused, &ID.parse().unwrap()).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::BadCredentials),
            "{path} {failure:?}"
        );
        assert!(refused.received().await.len() <= 2, "{path}");
    }
}

async fn bench_that_refuses() -> ChannelBench {
    let bench = bench(INTEGRATION).await;
    Mock::given(any())
        .respond_with(unauthorised(
            "The signature is invalid. Verify and try again.",
        ))
        .mount(&bench.server)
        .await;
    bench
}

#[tokio::test]
async fn an_order_that_no_shop_has_calls_no_path() {
    for (write, ..) in writes() {
        let bench = bench(INTEGRATION).await;
        write(&bench, &"1/comments".parse().unwrap())
            .await
            .unwrap_err();
        assert_eq!(bench.received().await.len(), 0);
    }
}

#[tokio::test]
async fn a_cancellation_has_no_body() {
    let bench = bench(INTEGRATION).await;
    let path = "/rest/default/V1/orders/11254/cancel";
    answers(&bench, ("POST", path), ok(&json!(true))).await;
    cancel(&bench, &ID.parse().unwrap()).await.unwrap();
    let received = bench.received().await;
    assert_eq!(received[0].body, b"");
    assert_eq!(received[0].headers["content-length"], "0");
    assert_eq!(received[0].headers["content-type"], "application/json");
}
