//! The handler with an event as AWS sends it, on real tables.

use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::stored::facts;
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use settle_label::{App, handle};

use crate::answer::{json, text};

/// A handler that accepts the event's caller, and an order with this standing.
async fn standing(standing: Standing) -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("settle-label").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("settle-label").unwrap()).unwrap();
    let id = ShipmentId {
        client_id: world.demo.client_id.parse().unwrap(),
        shipment_type: ShipmentType::Forward,
        order_number: "asdf1234".parse().unwrap(),
        shipment_code: None,
    };
    let order = ShipmentRecord {
        standing,
        holder: "an attempt before".to_owned(),
        ..ShipmentRecord::observed(facts(&id, "magic", "RMS_MAGIC").unwrap())
    };
    app.shipments.claim(&id, &order).await.unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn an_uncertain_order_is_settled_as_booked() {
    let (_world, app, event) = standing(Standing::Uncertain).await;
    let settled = answer(&app, &event).await;
    assert_eq!(settled.status(), 200);
    assert_snapshot!(text(&settled), @r#"{"orderId":"11012","orderNumber":"asdf1234","awb":"71902671","carrierName":"Delhivery","shippingLabelUrl":"https://shipping-label-pdf.example/asdf1234"}"#);
    let again = answer(&app, &event).await;
    assert_eq!(text(&again), text(&settled));
}

#[tokio::test]
async fn an_uncertain_order_is_settled_as_never_booked() {
    let (_world, app, event) = standing(Standing::Uncertain).await;
    let none = serde_json::json!({ "orderNumber": "asdf1234", "none": true });
    let settled = answer(&app, &event.with_body(&none)).await;
    assert_eq!(settled.status(), 200);
    assert_snapshot!(text(&settled), @r#"{"orderNumber":"asdf1234","status":"RELEASED"}"#);
}

#[tokio::test]
async fn an_order_that_is_not_uncertain_is_unchanged() {
    let (_world, app, event) = standing(Standing::Released).await;
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "/orderNumber the outcome of this order is not uncertain",
      "errors": [
        {
          "detail": "the outcome of this order is not uncertain",
          "pointer": "/orderNumber"
        }
      ],
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Invalid request",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#invalid-request"
    }
    "#);
}
