//! Every change of an order happens exactly once, no matter where its function is killed: before the effect of each of its calls
//! to AWS, after the effect but before the function gets the answer, and while the shop works on it. The caller repeats the
//! request, as a system does that got no answer.

use aws_sdk_dynamodb::types::AttributeValue;
use local::stack::Options;
use serde_json::{Value, json};

use crate::attribute::text;
use crate::notifications::kills::{Killer, kill_all};
use crate::notifications::world::{World, eventually};

const CHANGES: &str = "channel-changes";

/// The changes, each with the call of the shop.
const WRITES: [(&str, &str); 5] = [
    ("acknowledge", "comment"),
    ("cancel", "cancel"),
    ("invoices", "createInvoice"),
    ("shipments", "createShipment"),
    ("handover", "ship"),
];

async fn start() -> (World, Killer) {
    let killer = Killer::default();
    let world = World::with(Options {
        interceptor: Some(killer.interceptor()),
        ..Options::default()
    })
    .await;
    killer.watch(&world, CHANGES);
    (world, killer)
}

impl World {
    /// Puts an order with two pieces into the shop.
    async fn sell(&self, id: u64) {
        let order = json!({
            "entity_id": id, "created_at": "2026-11-01 08:00:00", "status": "pending", "state": "new",
            "items": [{ "item_id": id, "product_type": "simple", "sku": "A", "qty_ordered": 2 }],
        });
        self.shop("POST", "orders", &json!([order])).await;
    }

    async fn change(&self, id: u64, what: &str) -> u16 {
        let track =
            json!({ "trackNumber": "AWB-1", "carrierCode": "custom", "title": "Blue Dart" });
        let body = match what {
            "shipments" => json!({ "tracks": [track] }),
            _ => json!({}),
        };
        let path = format!("/channels/magento/orders/{id}/{what}");
        self.as_demo("POST", &path, &body).await.status
    }

    /// How often the shop has the effect of a change.
    async fn effects(&self, id: u64, what: &str) -> u64 {
        let shop = self.shop("GET", &format!("orders/{id}"), &json!({})).await;
        let count = |list: &Value| list.as_array().map_or(0, |list| list.len() as u64);
        match what {
            "acknowledge" => count(&shop["order"]["status_histories"]),
            "cancel" => {
                shop["order"]["items"][0]["qty_canceled"]
                    .as_u64()
                    .unwrap_or_default()
                    / 2
            }
            "invoices" => count(&shop["invoices"]),
            _ => count(&shop["shipments"]),
        }
    }

    /// Lets the leases on an order end, and the time pass within which the effect of an attempt may appear.
    async fn pass_time(&self, id: u64) {
        let partition = format!("{}#magento#{id}", self.demo().client_id);
        let (dynamodb, table) = (self.dynamodb(), self.table("ChannelOrdersTable"));
        let query = dynamodb.query().table_name(table);
        let query = query.key_condition_expression("pk = :pk");
        let query = query.expression_attribute_values(":pk", text(&partition));
        let past = || AttributeValue::N("0".to_owned());
        for item in query.send_with(&dynamodb).await.unwrap().items() {
            let mut change = "SET leaseUntil = :past".to_owned();
            let mut update = dynamodb.update_item().table_name(table);
            if item.contains_key("sent") {
                change.push_str(", sent.#at = :past");
                update = update.expression_attribute_names("#at", "at");
            }
            let update = update
                .key("pk", item["pk"].clone())
                .key("sk", item["sk"].clone())
                .update_expression(change)
                .expression_attribute_values(":past", past());
            update.send_with(&dynamodb).await.unwrap();
        }
    }

    /// Repeats a change until it is answered.
    async fn change_until_answered(&self, id: u64, what: &str) {
        loop {
            let status = self.change(id, what).await;
            if [200, 201].contains(&status) {
                return;
            }
            assert!([409, 500, 503, 504].contains(&status), "{what}: {status}");
            self.pass_time(id).await;
        }
    }
}

#[tokio::test]
async fn every_change_is_made_once_if_its_function_is_killed_at_a_call_to_aws() {
    let (world, killer) = &start().await;
    let mut id = 0;
    for (what, _) in WRITES {
        let mut moments = 0;
        loop {
            id += 1;
            world.sell(id).await;
            // A new process makes every possible call.
            kill_all(&world.stack, CHANGES);
            killer.kill_at(vec![moments + 1]);
            world.change_until_answered(id, what).await;
            assert_eq!(world.effects(id, what).await, 1, "{what}, moment {moments}");
            if killer.kills() == 0 {
                break;
            }
            moments += 1;
        }
        // The key and its use, the account, the keyring, the claim and its begin, the attempt, its end: before and after each.
        assert!(moments >= 14, "{what}: there were only {moments} moments");
    }
}

#[tokio::test]
async fn every_change_is_made_once_if_its_function_is_killed_while_the_shop_works() {
    let (world, _) = &start().await;
    let mut id = 1000;
    for (what, call) in WRITES {
        for (kind, effects) in [("slow", 1), ("timeoutBeforeEffect", 0)] {
            id += 1;
            world.sell(id).await;
            let fault = json!({ "call": call, "kind": kind, "delayMs": 60_000 });
            world
                .shop("PUT", "faults", &json!({ "next": [fault] }))
                .await;
            let is_at_work = async || {
                let calls = world.shop("GET", "calls", &json!({})).await;
                let calls = calls["calls"].as_array().unwrap().clone();
                let sent = calls.iter().filter(|call| call["method"] == "POST");
                let about = sent.filter(|call| is_about(call, id));
                (about.count() == 1).then_some(())
            };
            let killing = async {
                eventually(call, is_at_work).await;
                kill_all(&world.stack, CHANGES);
            };
            let (status, ()) = tokio::join!(world.change(id, what), killing);
            assert_eq!(status, 500, "{what}: the gateway's own answer");
            assert_eq!(world.effects(id, what).await, effects, "{what} {kind}");
            // During the lease it is not known that the function was killed.
            assert_eq!(world.change(id, what).await, 409, "{what} {kind}");
            world.change_until_answered(id, what).await;
            assert_eq!(world.effects(id, what).await, 1, "{what} {kind}");
        }
    }
}

/// Whether a call of the shop is about an order: its path has the id, or its body, if it creates a shipment.
fn is_about(call: &Value, id: u64) -> bool {
    let path = call["path"].as_str().unwrap_or_default();
    let number = id.to_string();
    path.split('/').any(|part| part == number) || call["body"]["entity"]["order_id"] == id
}
