//! A return order from its creation to the last result: what the client reads, and what its systems receive in which order.

use logistics::domain::endpoint::EndpointMethod;
use logistics::domain::message::MessageKind;
use serde_json::{Value, json};

use crate::notifications::world::{Answer, World};
use crate::returning::world::{PIECES, at, failed, passed, results};

const CODE: &str = "R-1";
const AWB: &str = "71902672";

impl World {
    /// Creates a return order whose AWB the client has.
    async fn create_return(&self, code: &str, awb: &str) {
        let item = |code: &str| json!({ "itemCode": code, "reason": "Different size", "channelSkuCode": "10007345" });
        let order = json!({
            "forwardOrderCode": "F-1", "returnOrderCode": code, "locationCode": "wh-1", "orderType": "CUSTOMER_RETURN",
            "awbNumber": awb, "transporter": "Delhivery", "orderItems": PIECES.map(item),
        });
        let url = format!("{}/return/return-orders", self.stack.base_url());
        let request = self.http.post(url).bearer_auth(&self.demo().api_key);
        let response = request.json(&order).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.text().await.unwrap(), "");
    }

    async fn push_of_return(&self, code: &str, awb: &str, word: &str) {
        let event = json!({
            "forwardOrderCode": "F-1", "notificationType": word, "shipmentType": "RETURN", "eventId": format!("{code} {word}"),
            "logisticAggregatorName": "MAGIC", "items": [{ "sku": "10007345", "quantity": 1 }],
            "returnOrderInfo": { "returnOrderId": code, "returnAwb": awb, "carrierName": "Delhivery" },
        });
        self.pushed(&event, "ACCEPTED").await;
    }

    /// The return order as the client reads it.
    async fn read_return(&self, code: &str) -> Value {
        let answer = self.get(&format!("/return-orders/{code}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    async fn cancel_return(&self, code: &str) -> Answer {
        let url = format!("{}/return-orders/{code}", self.stack.base_url());
        let request = self.http.delete(url).bearer_auth(&self.demo().api_key);
        Answer::of(request).await
    }
}

/// The result of each piece, and whether it was corrected.
fn found(order: &Value) -> Vec<(&Value, bool)> {
    let pieces = order["orderItems"].as_array().unwrap().iter();
    pieces
        .map(|piece| (&piece["qcStatus"], !piece["correctedAt"].is_null()))
        .collect()
}

#[tokio::test]
async fn a_return_is_read_as_it_was_processed_and_everything_is_told_in_order() {
    let world = World::start().await;
    let kinds = [
        MessageKind::Notification,
        MessageKind::ReturnOrderAck,
        MessageKind::ReturnsProcessingUpdate,
    ];
    world
        .add_endpoint_for("all", &kinds, EndpointMethod::Post)
        .await;
    world.create_return(CODE, AWB).await;
    world.push_of_return(CODE, AWB, "DELIVERED").await;
    assert_eq!(world.read_return(CODE).await["state"], "RECEIVED");

    let first = results(&[passed(PIECES[0]), failed(PIECES[1])]);
    let answer = world.process(CODE, &first).await;
    assert_eq!(answer.body["state"], "PARTIALLY_PROCESSED", "{answer:?}");
    let order = world.read_return(CODE).await;
    assert_eq!(order["state"], answer.body["state"]);
    let (pass, fail, none) = (json!("PASS"), json!("FAIL"), Value::Null);
    assert_eq!(
        found(&order),
        [(&pass, false), (&fail, false), (&none, false)]
    );
    assert_eq!(order["orderItems"][1]["qcReason"], "STAIN_DAMAGE");

    let mut correction = results(&[failed(PIECES[0])]);
    correction["correction"] = json!(true);
    world.processed(CODE, &correction).await;
    let last = world.process(CODE, &results(&[passed(PIECES[2])])).await;
    assert_eq!(last.body["state"], "PROCESSED", "{last:?}");
    let order = world.read_return(CODE).await;
    assert_eq!(
        found(&order),
        [(&fail, true), (&fail, false), (&pass, false)]
    );
    let timeline = order["timeline"].as_array().unwrap().iter();
    let timeline: Vec<_> = timeline.map(|entry| entry["event"].clone()).collect();
    assert_eq!(
        timeline,
        [
            "CREATED",
            "AWB_ASSIGNED",
            "DELIVERED",
            "PARTIALLY_PROCESSED",
            "PARTIALLY_PROCESSED",
            "PROCESSED"
        ]
    );
    world
        .cancel_return(CODE)
        .await
        .is_problem(422, "already-processed");

    world.settled().await;
    let received = at(&world.sink().received(), "/all");
    let told: Vec<_> = received
        .iter()
        .map(|request| request.headers["rms-message-kind"].as_str())
        .collect();
    let [ack, update] = ["RETURN_ORDER_ACK", "RETURNS_PROCESSING_UPDATE"];
    assert_eq!(
        told,
        [
            "NOTIFICATION",
            "NOTIFICATION",
            ack,
            update,
            ack,
            update,
            ack,
            update
        ]
    );
}

#[tokio::test]
async fn a_code_that_is_used_again_after_a_cancellation_has_results_of_its_own() {
    let world = World::start().await;
    world.create_return(CODE, AWB).await;
    assert_eq!(world.cancel_return(CODE).await.status, 200);
    let body = results(&[passed(PIECES[0])]);
    world
        .process(CODE, &body)
        .await
        .is_problem(422, "return-cancelled");
    world.create_return(CODE, "71902673").await;
    let answer = world.process(CODE, &body).await;
    assert_eq!(answer.body["state"], "PARTIALLY_PROCESSED", "{answer:?}");
}
