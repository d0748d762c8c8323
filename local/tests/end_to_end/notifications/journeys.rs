//! Whole journeys of shipments booked here, pushed by the simulator.

use logistics::store::configuring::accounts::Accounts;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::demo::MAIN_PATH;
use crate::notifications::world::{Answer, PATIENCE, World, body};

fn address(first_name: &str, city: &str, zip: &str) -> Value {
    json!({
        "firstName": first_name,
        "addressLine1": "1 Example Street",
        "city": city,
        "state": "Some State",
        "zip": zip,
        "country": "India",
        "phone": "9999999999",
        "email": "someone@example.com",
    })
}

/// A label request whose lines have the client's ids.
pub(crate) fn forward(order_number: &str) -> Value {
    json!({
        "pickupAddress": address("Asha", "Bengaluru", "560102"),
        "dropAddress": address("Noor", "Ahmedabad", "395007"),
        "orderDetails": {
            "orderNumber": order_number,
            "paymentType": "PREPAID",
            "orderAmount": 230,
            "orderDate": "2025-03-16T12:31:02+05:30",
            "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "Jeans", "sku": "jeans-1", "sellingPricePerUnit": 100, "quantity": 1, "itemId": "line-1" },
                { "name": "Shirt", "sku": "shirt-2", "sellingPricePerUnit": 65, "quantity": 2, "itemId": "line-2" },
            ],
        },
        "shipmentDimension": { "length": 50, "breadth": 40, "height": 10, "weight": 200 },
        "courierId": 1002,
        "warehouseCode": "wh-9",
        "logisticAccountAlias": "magic",
    })
}

/// A request for a return AWB.
pub(crate) fn returned(order_number: &str) -> Value {
    let mut request = forward(order_number);
    request["orderDetails"]["shipmentType"] = json!("RETURN");
    request["returnReason"] = json!("Wrong size");
    request
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

impl World {
    async fn book(&self, path: &str, request: &Value) -> Answer {
        let answer = self.call(path, request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    /// The payloads of one journey for the main endpoint, in the order of arrival.
    async fn journey(&self, awb: &str, to: &str, steps: usize) -> Vec<Value> {
        self.sink().clear();
        let answer = self.advance(awb, to).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let arrived = self.sink().wait_for_at(MAIN_PATH, steps, PATIENCE).await;
        self.settled().await;
        assert_eq!(self.sink().received_at(MAIN_PATH).len(), steps);
        arrived.unwrap().iter().map(body).collect()
    }
}

fn words(payloads: &[Value]) -> Vec<&str> {
    payloads
        .iter()
        .map(|payload| text(&payload["notificationType"]))
        .collect()
}

#[tokio::test]
async fn a_delivered_shipment_and_a_shipment_returned_to_origin() {
    let world = World::start().await;
    let label = world.book("/shipping-labels", &forward("F-1")).await.body;
    let awb = text(&label["awb"]);
    let mut payloads = world.journey(awb, "DELIVERED", 5).await;
    assert_eq!(
        words(&payloads),
        [
            "AWB_GENERATED",
            "PICKED_UP",
            "TRANSIT",
            "OUT_FOR_DELIVERY",
            "DELIVERED"
        ]
    );
    for payload in &payloads {
        assert_eq!(payload["forwardOrderCode"], "F-1");
        assert_eq!(payload["forwardAwb"], awb);
        assert_eq!(payload["courierName"], label["carrierName"]);
    }
    let mut last = payloads.pop().unwrap();
    last["notificationUpdateTime"].take();
    assert!(last["eventTime"].take().is_string());
    last["forwardAwb"].take();
    insta::assert_json_snapshot!(last, @r#"
    {
      "courierName": "Fedex",
      "eventTime": null,
      "forwardAwb": null,
      "forwardOrderCode": "F-1",
      "forwardShipmentCode": null,
      "items": [
        {
          "itemId": "line-1",
          "quantity": 1,
          "sku": "jeans-1"
        },
        {
          "itemId": "line-2",
          "quantity": 2,
          "sku": "shirt-2"
        }
      ],
      "logisticAggregatorInfo": {
        "logisticAggregatorMetaData": {},
        "logisticAggregatorName": "MAGIC"
      },
      "notificationType": "DELIVERED",
      "notificationUpdateTime": null,
      "returnOrderInfo": null,
      "warehouseCode": "wh-9"
    }
    "#);

    let label = world.book("/shipping-labels", &forward("F-2")).await.body;
    let payloads = world.journey(text(&label["awb"]), "RTO_DELIVERED", 7).await;
    assert_eq!(
        words(&payloads)[4..],
        ["FAILED_DELIVERY", "RTO", "RTO_DELIVERED"]
    );
    assert!(
        payloads
            .iter()
            .all(|payload| payload["forwardOrderCode"] == "F-2")
    );
}

#[tokio::test]
async fn a_return_s_notifications_have_the_client_s_own_numbers() {
    let world = World::start().await;
    let awb = world.book("/return-awbs", &returned("R-1")).await.body;
    assert_ne!(awb["orderId"], "R-1");
    let mut payloads = world.journey(text(&awb["returnAwb"]), "DELIVERED", 5).await;
    assert_eq!(
        words(&payloads),
        [
            "RETURN_ORDER_PLACED",
            "OUT_FOR_PICKUP",
            "RETURN_PICKED_UP",
            "TRANSIT",
            "DELIVERED"
        ]
    );
    for payload in &payloads {
        assert_eq!(payload["returnOrderInfo"]["returnOrderId"], "R-1");
        assert_eq!(payload["returnOrderInfo"]["returnAwb"], awb["returnAwb"]);
    }
    let mut last = payloads.pop().unwrap();
    last["notificationUpdateTime"].take();
    assert!(last["eventTime"].take().is_string());
    last["returnOrderInfo"]["returnAwb"].take();
    insta::assert_json_snapshot!(last, @r#"
    {
      "courierName": "Fedex",
      "eventTime": null,
      "forwardAwb": null,
      "forwardOrderCode": "R-1",
      "forwardShipmentCode": null,
      "items": [
        {
          "itemId": "line-1",
          "quantity": 1,
          "sku": "jeans-1"
        },
        {
          "itemId": "line-2",
          "quantity": 2,
          "sku": "shirt-2"
        }
      ],
      "logisticAggregatorInfo": {
        "logisticAggregatorMetaData": {},
        "logisticAggregatorName": "MAGIC"
      },
      "notificationType": "DELIVERED",
      "notificationUpdateTime": null,
      "returnOrderInfo": {
        "returnAwb": null,
        "returnOrderId": "R-1",
        "returnOrderTime": 1742108462,
        "transporter": "Fedex"
      },
      "warehouseCode": "wh-9"
    }
    "#);
}

/// The simulator pushes its own id of a return. Before the booking's outcome is known, that id cannot be resolved.
#[tokio::test]
async fn a_push_before_the_booking_is_known_does_not_hide_the_booking() {
    let world = World::start().await;
    let faults = json!({ "next": [{ "call": "generateReturnAwb", "kind": "garbage" }] });
    let url = format!("{}/magic/faults", world.stack.simulator_url());
    Answer::of(world.http.put(url).json(&faults)).await;
    let request = returned("R-2");
    let unknown = world.call("/return-awbs", &request).await;
    unknown.is_problem(504, "outcome-unknown");
    let simulated = world.simulated_return("R-2").await;
    let early = world
        .journey(text(&simulated["returnAwb"]), "OUT_FOR_PICKUP", 2)
        .await;
    assert_eq!(
        early[0]["returnOrderInfo"]["returnOrderId"],
        simulated["orderId"]
    );

    let awb = world.book("/return-awbs", &request).await.body;
    assert_eq!(awb["returnAwb"], simulated["returnAwb"]);
    let late = world.journey(text(&awb["returnAwb"]), "DELIVERED", 3).await;
    for payload in late {
        assert_eq!(payload["returnOrderInfo"]["returnOrderId"], "R-2");
        assert_eq!(payload["items"][0]["itemId"], "line-1");
    }
}

impl World {
    /// The aggregator's own data of a return.
    async fn simulated_return(&self, order_number: &str) -> Value {
        let table = self.table("AccountsTable").to_owned();
        let accounts = Accounts::new(self.dynamodb(), table, self.stack.backends().vault());
        let account = accounts
            .present(&"demo".parse().unwrap(), &"magic".parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        let mut url = account.urls["getReturnAwb"].clone();
        url.query_pairs_mut()
            .append_pair("orderNumber", order_number);
        let mut request = self.http.get(url);
        for (name, value) in &account.credentials {
            request = request.header(name, value.expose_secret());
        }
        Answer::of(request).await.body
    }
}
