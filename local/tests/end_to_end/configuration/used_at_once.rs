//! What a client changes applies to its own next request, also by an instance that remembers what was before.

use serde_json::{Value, json};

use crate::configuration::pushing::ALIASES;
use crate::configuration::world::World;
use crate::vendors::vendor;

const LABEL: &str = include_str!("../../../../docs/examples/native-label.json");

fn label(alias: &str, order: &str) -> Value {
    let mut label: Value = serde_json::from_str(&LABEL.replace("ALIAS", alias)).unwrap();
    label["orderDetails"]["orderNumber"] = json!(order);
    (vendor(alias).at_home)(&mut label);
    label
}

fn invoice(order: &str) -> Value {
    json!({
        "forwardOrderCode": order, "forwardShipmentCode": "1", "invoiceId": 1, "invoiceStatus": "CREATED",
        "documentType": "INVOICE", "documentUrl": "https://invoice.com/dummy/pdf",
    })
}

#[tokio::test]
async fn a_label_is_bought_by_the_account_as_it_is() {
    let world = World::of_one_instance().await;
    for alias in ALIASES {
        let path = format!("/logistic-accounts/{alias}");
        let right = world.account(alias).await;
        let mut wrong = right.clone();
        for value in wrong["credentials"].as_object_mut().unwrap().values_mut() {
            *value = json!("wrong@brand.example");
        }
        assert_eq!(world.put(&path, &right).await.status, 201, "{alias}");
        let order = |step: &str| label(alias, &format!("{alias}-{step}"));
        let expected = vendor(alias).label_status();
        let bought = world.post("/shipping-labels", &order("1")).await;
        assert_eq!(bought.status, expected, "{alias}: {bought:?}");

        assert_eq!(world.put(&path, &wrong).await.status, 200, "{alias}");
        let refused = world.post("/shipping-labels", &order("2")).await;
        assert_eq!(refused.status, 502, "{alias}: {refused:?}");
        assert_eq!(world.put(&path, &right).await.status, 200, "{alias}");
        let bought = world.post("/shipping-labels", &order("2")).await;
        assert_eq!(bought.status, expected, "{alias}: {bought:?}");

        let forced = format!("{path}?force=true");
        assert_eq!(world.call("DELETE", &forced, None).await.status, 204);
        let refused = world.post("/shipping-labels", &order("3")).await;
        assert_eq!(refused.status, 422, "{alias}: {refused:?}");
    }
}

#[tokio::test]
async fn an_invoice_goes_to_every_endpoint_that_wants_it_when_it_comes() {
    let world = World::of_one_instance().await;
    let put = async |id: &str, is_on: bool| {
        let url = format!("{}/{id}", world.stack.sink_url());
        let body = json!({ "url": url, "enabled": is_on });
        let put = world.put(&format!("/webhook-endpoints/{id}"), &body).await;
        assert!([200, 201].contains(&put.status), "{put:?}");
    };
    put("first", true).await;
    let mut expected = Vec::new();
    for (step, is_on) in [None, Some(true), Some(false), Some(true)]
        .into_iter()
        .enumerate()
    {
        if let Some(is_on) = is_on {
            put("fresh", is_on).await;
        }
        let order = format!("order-{step}");
        let sent = world.post("/invoices", &invoice(&order)).await;
        assert_eq!(sent.status, 200, "{sent:?}");
        expected.push((order.clone(), "/first".to_owned()));
        if is_on == Some(true) {
            expected.push((order, "/fresh".to_owned()));
        }
        assert_eq!(world.arrivals(expected.len()).await, expected);
    }
    let failed = world.get("/messages?endpointId=fresh&status=failed").await;
    assert_eq!(failed.body["messages"], json!([]));
}

#[tokio::test]
async fn what_was_given_up_is_recovered_as_soon_as_its_endpoint_is_on_again() {
    let world = World::of_one_instance().await;
    let put = async |fields: Value| {
        let url = format!("{}/oms", world.stack.sink_url());
        let mut body = json!({ "url": url });
        body["enabled"] = fields;
        let put = world.put("/webhook-endpoints/oms", &body).await;
        assert!([200, 201].contains(&put.status), "{put:?}");
    };
    let recover = async || {
        let path = "/webhook-endpoints/oms/recover";
        world.post(path, &json!({ "dryRun": true })).await.status
    };
    for _ in 0..2 {
        put(json!(true)).await;
        assert_eq!(recover().await, 200);
        put(json!(false)).await;
        assert_eq!(recover().await, 422);
    }
}
