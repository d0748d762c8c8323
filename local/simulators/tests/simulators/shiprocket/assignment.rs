//! AWBs and labels.

use serde_json::{Value, json};

use crate::shiprocket::{Running, awb_of, forward, text};

const ASSIGN: &str = "courier/assign/awb";

#[tokio::test]
async fn the_requested_courier_is_assigned() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let (status, body) = running.assign(&order, 24).await;
    assert_eq!(status, 200);
    let data = &body["response"]["data"];
    assert_eq!(data["courier_company_id"], 24);
    assert_eq!(data["courier_name"], "Xpressbees Surface");
    assert_eq!(
        (&data["order_id"], &data["shipment_id"]),
        (&json!(order.id), &json!(order.shipment_id))
    );
    let awb = awb_of(&body);
    assert!(
        awb.len() == 14 && awb.bytes().all(|b| b.is_ascii_digit()),
        "{awb}"
    );
    assert_eq!(data["shipped_by"]["shipper_city"], "Bengaluru");
}

#[tokio::test]
async fn without_a_courier_shiprocket_chooses() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let body = json!({ "shipment_id": [order.shipment_id] });
    let (_, assigned) = running.post(ASSIGN, &body).await;
    assert_eq!(assigned["response"]["data"]["courier_company_id"], 43);
}

#[tokio::test]
async fn an_awb_may_have_letters() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let awb = awb_of(&running.assign(&order, 58).await.1);
    assert!(awb.starts_with("SF") && awb.ends_with("SR"), "{awb}");
}

#[tokio::test]
async fn a_failed_assignment_is_answered_with_200() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    for courier in [901, 4711, 81] {
        let (status, body) = running.assign(&order, courier).await;
        assert_eq!(
            (status, &body["awb_assign_status"]),
            (200, &json!(0)),
            "{courier}"
        );
        assert!(body["response"]["data"]["awb_assign_error"].is_string());
        assert_eq!(body["response"]["data"]["awb_code"], Value::Null);
    }
    let mut nowhere = forward("A-2");
    nowhere["billing_pincode"] = json!("000000");
    let nowhere = running.make("orders/create/adhoc", &nowhere).await;
    assert_eq!(running.assign(&nowhere, 43).await.1["awb_assign_status"], 0);

    let (_, shipment) = running
        .get(&format!("shipments/{}", order.shipment_id))
        .await;
    assert_eq!(shipment["data"]["awb"], Value::Null);
    assert_eq!(running.assign(&order, 43).await.1["awb_assign_status"], 1);
}

#[tokio::test]
async fn a_deferred_awb_is_seen_at_the_next_read() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let answer = running.assign(&order, 902).await;
    let processing = json!({ "success": true, "message": "We are processing your request" });
    assert_eq!(answer, (200, processing));
    let (_, shipment) = running
        .get(&format!("shipments/{}", order.shipment_id))
        .await;
    assert!(shipment["data"]["awb"].is_string());
    assert_eq!(shipment["data"]["sr_courier_id"], 902);
}

#[tokio::test]
async fn another_courier_is_accepted_once_and_only_by_reassigning() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let first = awb_of(&running.assign(&order, 43).await.1);
    let (status, body) = running.assign(&order, 24).await;
    assert_eq!(status, 400);
    let refusal = "Oops! Cannot reassign courier for this shipment.";
    assert_eq!(body, json!({ "message": refusal, "status_code": 400 }));

    let again = json!({ "shipment_id": order.shipment_id, "courier_id": 24, "status": "reassign" });
    assert_ne!(awb_of(&running.post(ASSIGN, &again).await.1), first);
    assert_eq!(running.post(ASSIGN, &again).await.0, 400, "once a day");
}

#[tokio::test]
async fn an_unknown_shipment_gets_no_awb() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let (status, body) = running.post(ASSIGN, &json!({ "courier_id": 43 })).await;
    assert_eq!(
        (status, body["errors"]["shipment_id"].is_array()),
        (422, true)
    );
    for id in [json!(order.id), json!("A-1")] {
        let body = json!({ "shipment_id": id });
        assert_eq!(running.post(ASSIGN, &body).await.0, 400, "{id}");
    }
    running
        .post("orders/cancel", &json!({ "ids": [order.id] }))
        .await;
    let (status, body) = running.assign(&order, 43).await;
    assert_eq!(status, 400);
    assert!(text(&body["message"]).contains("cancelled state"));
}

#[tokio::test]
async fn a_return_is_assigned_as_a_return() {
    let running = Running::start().await;
    let order = running.return_order("R-1").await;
    assert_eq!(running.assign(&order, 81).await.0, 400);
    let body = json!({ "shipment_id": order.shipment_id, "courier_id": 81, "is_return": true });
    let (_, assigned) = running.post(ASSIGN, &body).await;
    awb_of(&assigned);
    assert_eq!(
        assigned["response"]["data"]["shipped_by"]["shipper_city"],
        "Ahmedabad"
    );
}

#[tokio::test]
async fn a_label_is_a_pdf_that_anyone_may_fetch() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let awb = awb_of(&running.assign(&order, 43).await.1);
    let (status, body) = running.label(&order).await;
    assert_eq!((status, &body["label_created"]), (200, &json!(1)));
    let url = text(&body["label_url"]);
    assert_eq!(url, format!("{}/shiprocket/labels/{awb}.pdf", running.url));
    let calls = running.simulators.calls("shiprocket").unwrap().len();

    let answer = running.client.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let label = answer.text().await.unwrap();
    assert!(label.contains(&format!("(AWB {awb})")));
    let four_by_six_inches = "/MediaBox [0 0 288 432]";
    assert!(label.contains(four_by_six_inches));
    assert_eq!(running.simulators.calls("shiprocket").unwrap().len(), calls);
    let nowhere = format!("{}/shiprocket/labels/1.pdf", running.url);
    assert_eq!(
        running.client.get(nowhere).send().await.unwrap().status(),
        404
    );
}

#[tokio::test]
async fn a_shipment_without_an_awb_has_no_label_and_the_answer_is_200() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let (status, body) = running.label(&order).await;
    assert_eq!((status, &body["label_created"]), (200, &json!(0)));
    assert_eq!(body["label_url"], Value::Null);
    assert_eq!(body["not_created"], json!([]));
    let bare = json!({ "shipment_id": order.shipment_id });
    assert_eq!(running.post("courier/generate/label", &bare).await.0, 422);
}

#[tokio::test]
async fn a_slow_label_is_there_the_second_time() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    running.assign(&order, 903).await;
    assert_eq!(running.label(&order).await.1["label_created"], 0);
    assert_eq!(running.label(&order).await.1["label_created"], 1);
}
