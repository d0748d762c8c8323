//! The handler with an event as AWS sends it, on real tables, with documents of all kinds.

use get_label::{App, handle};
use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::stored::facts;
use local::handler_world::{HandlerWorld, HttpEvent, Logged};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use serde_json::Value;
use url::Url;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::answer::{json, text};

const LABEL_URL: &str = "https://shipping-label-pdf.example/asdf1234";
/// The largest document that is returned.
const LARGEST: usize = 4 * 1024 * 1024;

/// A handler that accepts the event's caller; documents may come from these hosts and ports.
async fn admitted(documents: &[String]) -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("get-label").unwrap();
    world.admit(&event).await.unwrap();
    let start = world.start_calling("get-label", documents).unwrap();
    let app = App::new(&start).unwrap();
    (world, app, event)
}

/// Stores the event's order as booked.
async fn book(app: &App, world: &HandlerWorld, label_url: Url) {
    let id = ShipmentId {
        client_id: world.demo.client_id.parse().unwrap(),
        shipment_type: ShipmentType::Forward,
        order_number: "asdf1234".parse().unwrap(),
        shipment_code: None,
    };
    let facts = ShipmentFacts {
        order_id: Some("11012".parse().unwrap()),
        awb: Some("71902671".parse().unwrap()),
        carrier_name: Some("Delhivery".to_owned()),
        ..facts(&id, "magic", "RMS_MAGIC").unwrap()
    };
    let shipment = ShipmentRecord {
        standing: Standing::Booked,
        holder: "an attempt before".to_owned(),
        label_url: Some(label_url),
        ..ShipmentRecord::observed(facts)
    };
    app.booking.shipments.claim(&id, &shipment).await.unwrap();
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn a_booked_label_is_returned() {
    let (world, app, event) = admitted(&[]).await;
    book(&app, &world, LABEL_URL.parse().unwrap()).await;
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 200);
    assert_snapshot!(text(&answer), @r#"{"orderId":"11012","orderNumber":"asdf1234","awb":"71902671","carrierName":"Delhivery","shippingLabelUrl":"https://shipping-label-pdf.example/asdf1234"}"#);
    assert!(world.simulators.calls("magic").unwrap().is_empty());
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let (_world, app, event) = admitted(&[]).await;
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 404);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "order not found",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 404,
      "title": "Not found",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#not-found"
    }
    "#);
}

/// The response if the label's URL answers with `template`. Its redirect is never followed.
async fn document(template: ResponseTemplate) -> (Response<Body>, Url) {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/label.pdf"))
        .respond_with(template)
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/elsewhere"))
        .respond_with(ResponseTemplate::new(200).set_body_string("%PDF-1.4"))
        .expect(0)
        .mount(&server)
        .await;
    let (world, app, event) = admitted(&[server.address().to_string()]).await;
    let url: Url = format!("{}/label.pdf", server.uri()).parse().unwrap();
    book(&app, &world, url.clone()).await;
    let event = event.with_header("accept", Some("application/pdf"));
    let answer = answer(&app, &event).await;
    server.verify().await;
    (answer, url)
}

#[tokio::test]
async fn a_document_is_returned_unchanged() {
    let pdf = [b"%PDF-1.4".as_slice(), &vec![0xff; LARGEST - 8]].concat();
    let (answer, _) = document(ResponseTemplate::new(200).set_body_bytes(pdf.clone())).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert!(
        matches!(answer.body(), Body::Binary(_)),
        "base64 on its way"
    );
    assert!(answer.body().as_ref() == pdf);
}

#[tokio::test]
async fn a_document_that_is_too_large_is_a_redirect() {
    let pdf = [b"%PDF-1.4".as_slice(), &vec![b' '; LARGEST]].concat();
    let (answer, url) = document(ResponseTemplate::new(200).set_body_bytes(pdf)).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], url.as_str());
}

#[tokio::test]
async fn only_documents_are_returned() {
    let page = ResponseTemplate::new(200).set_body_string("<script>alert(1)</script>");
    let redirect = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
    for (template, status, slug) in [
        (page, 502, "aggregator-unreadable"),
        (redirect, 502, "label-document-unreachable"),
        (ResponseTemplate::new(404), 503, "aggregator-unavailable"),
        (ResponseTemplate::new(500), 503, "aggregator-unavailable"),
    ] {
        let (answer, _) = document(template).await;
        assert_eq!(answer.status(), status);
        let problem: Value = serde_json::from_str(text(&answer)).unwrap();
        assert!(
            problem["type"].as_str().unwrap().ends_with(slug),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn a_password_that_an_earlier_version_stored_is_not_returned() {
    let (world, app, event) = admitted(&[]).await;
    let url = "https://rms:s3cret@labels.example/asdf1234.pdf";
    book(&app, &world, url.parse().unwrap()).await;
    let label = json(&answer(&app, &event).await);
    assert_eq!(
        label["shippingLabelUrl"],
        "https://***@labels.example/asdf1234.pdf"
    );
    let event = event.with_header("accept", Some("application/pdf"));
    let logged = Logged::from_now();
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 502);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "the label exists, but its document cannot be fetched: the URL needs a login",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 502,
      "title": "The label exists, but its document cannot be fetched",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#label-document-unreachable"
    }
    "#);
    let lines = logged.with("request_id", "JKJaXmPLvHcESHA=").unwrap();
    assert!(!format!("{lines:?}").contains("s3cret"));
}
