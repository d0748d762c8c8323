//! An endpoint receives only what its filters select: by type, by shipment type, by account and by warehouse.

use local::sink::ReceivedRequest;
use logistics::domain::endpoint::{Filter, WebhookEndpoint};
use logistics::domain::notification::NotificationType;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::signing::SigningSecrets;
use serde_json::{Value, json};

use crate::notifications::tenants::{Account, SIGNING_SECRET};
use crate::notifications::world::{World, event, told};

const CLIENT: &str = "brand";

impl World {
    async fn add_filtered_endpoint(&self, id: &str, filter: Filter) {
        let endpoint = WebhookEndpoint {
            filter,
            ..WebhookEndpoint::new(
                CLIENT.parse().unwrap(),
                id.parse().unwrap(),
                self.sink_path(&format!("/{id}")).parse().unwrap(),
                SigningSecrets::new(SIGNING_SECRET.into()),
            )
        };
        self.endpoints().add(&endpoint).await.unwrap();
    }

    async fn add_brands_account(&self, alias: &str) {
        let account = Account {
            client: CLIENT,
            alias,
            domain: None,
            notifications: true,
        };
        self.add_account(&account).await;
    }

    async fn pushed_by(&self, alias: &str, event: &Value) {
        let proof = [("authUsername", alias), ("authPassword", "secret")];
        let answer = self.push_with(&proof, event.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.status_of_event(), "ACCEPTED");
    }
}

/// What an endpoint received.
fn told_to(endpoint: &str, received: &[ReceivedRequest]) -> Vec<String> {
    let mut to_it = received.to_vec();
    to_it.retain(|request| request.path == format!("/{endpoint}"));
    let mut told = told(&to_it);
    told.sort();
    told
}

fn returned(order: &str) -> Value {
    let mut event = event(order, "DELIVERED");
    event["shipmentType"] = json!("RETURN");
    event["returnOrderInfo"] = json!({ "returnOrderId": format!("R-{order}") });
    event
}

fn in_warehouse(order: &str, warehouse: &Value) -> Value {
    let mut event = event(order, "DELIVERED");
    event["warehouseCode"] = warehouse.clone();
    event
}

#[tokio::test]
async fn each_filter_selects_what_it_lists() {
    let world = World::start().await;
    for alias in ["home", "abroad"] {
        world.add_brands_account(alias).await;
    }
    let everything = Filter::default;
    let filters = [
        ("all", everything()),
        (
            "types",
            Filter {
                notification_types: Some(vec![NotificationType::Lost, NotificationType::Rto]),
                ..everything()
            },
        ),
        (
            "way-back",
            Filter {
                shipment_types: Some(vec![ShipmentType::Return]),
                ..everything()
            },
        ),
        (
            "accounts",
            Filter {
                account_aliases: Some(vec!["abroad".parse().unwrap()]),
                ..everything()
            },
        ),
        (
            "warehouses",
            Filter {
                warehouse_codes: Some(vec!["wh-2".parse().unwrap()]),
                ..everything()
            },
        ),
        (
            "several",
            Filter {
                notification_types: Some(vec![NotificationType::Delivered]),
                shipment_types: Some(vec![ShipmentType::Forward]),
                account_aliases: Some(vec!["home".parse().unwrap()]),
                warehouse_codes: Some(vec!["wh-1".parse().unwrap()]),
            },
        ),
    ];
    for (id, filter) in filters {
        world.add_filtered_endpoint(id, filter).await;
    }
    let pushes = [
        ("home", event("plain", "DELIVERED")),
        ("home", event("lost", "LOST")),
        ("home", returned("back")),
        ("abroad", event("far", "DELIVERED")),
        ("home", in_warehouse("elsewhere", &json!("wh-2"))),
        ("home", in_warehouse("nowhere", &Value::Null)),
    ];
    for (alias, push) in &pushes {
        world.pushed_by(alias, push).await;
    }
    world.settled().await;
    let received = world.sink().received();
    let expected: [(&str, &[&str]); 6] = [
        (
            "all",
            &[
                "back DELIVERED",
                "elsewhere DELIVERED",
                "far DELIVERED",
                "lost LOST",
                "nowhere DELIVERED",
                "plain DELIVERED",
            ],
        ),
        ("types", &["lost LOST"]),
        ("way-back", &["back DELIVERED"]),
        ("accounts", &["far DELIVERED"]),
        ("warehouses", &["elsewhere DELIVERED"]),
        ("several", &["plain DELIVERED"]),
    ];
    for (endpoint, wanted) in expected {
        assert_eq!(told_to(endpoint, &received), wanted, "{endpoint}");
    }
    assert_eq!(received.len(), 11);
}
