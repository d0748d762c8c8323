//! The list, the single read, comments and cancellation.

use reqwest::Method;
use serde_json::{Value, json};
use simulators::MagentoConfig;

use crate::magento::{Running, ask, order};
use crate::serving::client;

fn filter(group: u8, index: u8, field: &str, value: &str, condition: &str) -> String {
    let key = format!("searchCriteria[filterGroups][{group}][filters][{index}]");
    format!("{key}[field]={field}&{key}[value]={value}&{key}[conditionType]={condition}")
}

async fn three() -> Running {
    let running = Running::start().await;
    let orders = [
        (1, "pending", "01"),
        (2, "processing", "02"),
        (10, "canceled", "03"),
    ];
    let orders = orders.map(|(id, status, day)| {
        json!({ "entity_id": id, "status": status, "updated_at": format!("2026-01-{day} 00:00:00") })
    });
    running.store(&json!(orders)).await;
    running
}

#[tokio::test]
async fn filters_of_a_group_are_alternatives_and_groups_must_all_match() {
    let running = three().await;
    let either = [
        filter(0, 0, "status", "pending", "eq"),
        filter(0, 1, "status", "canceled", "eq"),
    ]
    .join("&");
    assert_eq!(running.ids(&either).await, [1, 10]);
    let later = filter(1, 0, "updated_at", "2026-01-02 00:00:00", "gteq");
    assert_eq!(running.ids(&format!("{either}&{later}")).await, [10]);
    assert_eq!(
        running
            .ids(&filter(0, 0, "status", "pending,processing", "in"))
            .await,
        [1, 2]
    );
    assert_eq!(
        running.ids(&filter(0, 0, "entity_id", "2", "gt")).await,
        [10]
    );
    assert_eq!(
        running
            .ids(&filter(0, 0, "status", "%25cel%25", "like"))
            .await,
        [10]
    );
    let snake = "search_criteria[filter_groups][0][filters][0]";
    assert_eq!(
        running
            .ids(&format!("{snake}[field]=entity_id&{snake}[value]=2"))
            .await,
        [2]
    );
}

#[tokio::test]
async fn a_page_is_sorted_and_says_how_many_match() {
    let running = three().await;
    let sort =
        "searchCriteria[sortOrders][0][field]=entity_id&searchCriteria[sortOrders][0][direction]";
    let size = "searchCriteria[pageSize]=2";
    assert_eq!(running.ids(&format!("{sort}=DESC&{size}")).await, [10, 2]);
    assert_eq!(
        running
            .ids(&format!("{sort}=ASC&{size}&searchCriteria[currentPage]=2"))
            .await,
        [10]
    );
    assert!(
        running
            .ids(&format!("{size}&searchCriteria[currentPage]=3"))
            .await
            .is_empty()
    );
    let (_, page) = running
        .get(&format!(
            "/orders?{size}&fields=items[entity_id],total_count"
        ))
        .await;
    assert_eq!(
        page,
        json!({ "items": [{ "entity_id": 1 }, { "entity_id": 2 }], "total_count": 3 })
    );
}

#[tokio::test]
async fn a_search_needs_criteria_and_a_page_that_is_not_too_large() {
    let running = three().await;
    let (status, answer) = running.get("/orders").await;
    assert_eq!(
        (status, &answer["parameters"]["fieldName"]),
        (400, &json!("searchCriteria"))
    );
    let (status, answer) = running.get("/orders?searchCriteria[pageSize]=301").await;
    assert_eq!((status, &answer["parameters"]["max"]), (400, &json!(300)));
}

#[tokio::test]
async fn without_its_limits_a_shop_has_pages_of_any_size() {
    let running = Running::with(MagentoConfig {
        access_token: "at-demo".to_owned(),
        integration_as_bearer: true,
        ..MagentoConfig::default()
    })
    .await;
    let orders: Vec<Value> = (1..=21).map(order).collect();
    running.store(&json!(orders)).await;
    for query in ["searchCriteria", "searchCriteria[pageSize]=1000"] {
        assert_eq!(running.ids(query).await.len(), 21, "{query}");
    }
    let row = json!({ "sku": "A", "source_code": "north", "quantity": 1, "status": 1 });
    let rows = json!({ "sourceItems": vec![row; 21] });
    assert_eq!(running.post("/inventory/source-items", &rows).await.0, 200);
}

#[tokio::test]
async fn a_path_without_a_store_code_is_that_of_the_default_one() {
    let running = Running::selling(&order(7)).await;
    let url = format!("{}/magento/rest/V1/orders/7", running.url);
    let request = client().get(url).bearer_auth("at-demo");
    let (status, found) = ask(request).await;
    assert_eq!((status, &found["entity_id"]), (200, &json!(7)));
}

#[tokio::test]
async fn finset_finds_a_value_in_a_list_and_not_a_list_of_values() {
    let running = three().await;
    let ids = async |value: &str| {
        let query = filter(0, 0, "entity_id", value, "finset");
        running.ids(&query).await
    };
    assert_eq!(ids("2").await, [2]);
    assert!(ids("1,2").await.is_empty());
}

#[tokio::test]
async fn an_order_is_read_by_its_entity_id() {
    let running = Running::selling(&order(7)).await;
    let (status, found) = running.get("/orders/7").await;
    assert_eq!((status, &found["increment_id"]), (200, &json!("000000007")));
    assert_eq!(found["items"][0]["price"].to_string(), "19.99");
    assert_eq!(
        running.get("/orders/7/statuses").await,
        (200, json!("pending"))
    );
    let (status, answer) = running.get("/orders/8").await;
    assert_eq!(status, 404);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .starts_with("The entity that was requested")
    );
    assert_eq!(running.get("/nothing").await.0, 404);
}

#[tokio::test]
async fn a_comment_sets_the_status_in_either_case_of_keys() {
    let running = Running::selling(&order(7)).await;
    let snake = json!({ "status_history": { "comment": "seen", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": 7, "status": "processing" } });
    assert_eq!(
        running.post("/orders/7/comments", &snake).await,
        (200, json!(true))
    );
    assert_eq!(running.get("/orders/7/statuses").await.1, "processing");
    let camel = json!({ "statusHistory": { "comment": "seen", "isCustomerNotified": 0, "isVisibleOnFront": 0, "parentId": 7 } });
    assert_eq!(
        running.post("/orders/7/comments", &camel).await,
        (200, json!(true))
    );
    assert_eq!(running.get("/orders/7/statuses").await.1, "processing");
    let (status, answer) = running
        .post("/orders/7/comments", &json!({ "statusHistory": {} }))
        .await;
    assert_eq!(
        (status, &answer["parameters"]["fieldName"]),
        (400, &json!("comment"))
    );
}

#[tokio::test]
async fn an_order_is_cancelled_once() {
    let running = Running::selling(&order(7)).await;
    assert_eq!(
        running.post("/orders/7/cancel", &json!({})).await,
        (200, json!(true))
    );
    let stored = running.order(7).await;
    assert_eq!(stored["order"]["state"], "canceled");
    assert_eq!(stored["order"]["items"][0]["qty_canceled"], 2);
    assert_eq!(
        running.post("/orders/7/cancel", &json!({})).await,
        (200, json!(false))
    );
}

#[tokio::test]
async fn each_call_has_its_own_faults() {
    let running = Running::selling(&order(7)).await;
    let plan = json!({ "next": [{ "call": "getOrder", "kind": "refuse", "message": "not now" }] });
    running.simulators.set_faults("magento", plan).unwrap();
    let (status, answer) = running.get("/orders/7").await;
    assert_eq!((status, &answer["message"]), (400, &json!("not now")));
    assert_eq!(running.get("/orders/7").await.0, 200);
    assert_eq!(running.simulators.calls("magento").unwrap().len(), 2);
}

#[tokio::test]
async fn a_wrong_control_body_changes_nothing() {
    let running = Running::start().await;
    for (method, path, body) in [
        (Method::POST, "/orders", json!([{ "entity_id": 1 }, {}])),
        (Method::PUT, "/traps", json!({ "16": true })),
        (Method::PUT, "/stock", json!({ "items": [{ "sku": "A" }] })),
    ] {
        assert_eq!(running.control(method, path, &body).await.0, 422, "{path}");
    }
    assert_eq!(running.get("/orders/1").await.0, 404);
}
