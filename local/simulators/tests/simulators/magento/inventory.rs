//! Stock by source and by stock item.

use reqwest::Method;
use serde_json::{Value, json};

use crate::magento::Running;

async fn stocked() -> Running {
    let running = Running::start().await;
    let rows = json!({ "items": [
        { "sku": "A/1", "sourceCode": "default", "quantity": 3 },
        { "sku": "B", "sourceCode": "north", "quantity": 1.5 },
    ] });
    assert_eq!(running.control(Method::PUT, "/stock", &rows).await.0, 200);
    running
}

fn sources(sku: &str, quantity: u64) -> Value {
    json!({ "sourceItems": [{ "sku": sku, "source_code": "default", "quantity": quantity, "status": 1 }] })
}

#[tokio::test]
async fn a_source_item_is_read_back_and_an_unknown_sku_is_not() {
    let running = stocked().await;
    assert_eq!(
        running
            .post("/inventory/source-items", &sources("A/1", 8))
            .await,
        (200, json!([]))
    );
    assert_eq!(
        running
            .post("/inventory/source-items", &sources("Z", 8))
            .await,
        (200, json!([]))
    );
    let key = "searchCriteria[filterGroups][0][filters][0]";
    let read = |sku: &str| format!("/inventory/source-items?{key}[field]=sku&{key}[value]={sku}");
    let (_, known) = running.get(&read("A/1")).await;
    assert_eq!(known["items"][0]["quantity"], 8);
    let (_, unknown) = running.get(&read("Z")).await;
    assert_eq!(unknown["items"], json!([]));
}

#[tokio::test]
async fn more_source_items_than_twenty_are_refused() {
    let running = stocked().await;
    let row = json!({ "sku": "B", "source_code": "north", "quantity": 1, "status": 1 });
    let rows = json!({ "sourceItems": vec![row; 21] });
    let (status, answer) = running.post("/inventory/source-items", &rows).await;
    assert_eq!((status, &answer["parameters"]["max"]), (400, &json!(20)));
}

#[tokio::test]
async fn the_sources_are_the_default_one_and_those_with_stock() {
    let running = stocked().await;
    let (status, page) = running.get("/inventory/sources?searchCriteria").await;
    let sources = page["items"].as_array().unwrap().iter();
    let codes: Vec<_> = sources.map(|source| &source["source_code"]).collect();
    assert!(codes.contains(&&json!("default")) && codes.contains(&&json!("north")));
    assert_eq!((status, &page["total_count"]), (200, &json!(codes.len())));
}

#[tokio::test]
async fn a_stock_item_is_set_by_its_id() {
    let running = stocked().await;
    let (_, item) = running.get("/stockItems/B").await;
    let id = &item["item_id"];
    let body = json!({ "stockItem": { "qty": 4, "is_in_stock": true } });
    assert_eq!(
        running
            .put(&format!("/products/B/stockItems/{id}"), &body)
            .await,
        (200, id.clone())
    );
    let salable = running
        .get("/inventory/get-product-salable-quantity/B/1")
        .await;
    assert_eq!(salable.1.to_string(), "5.5");
    assert_eq!(running.put("/products/B/stockItems/99", &body).await.0, 404);
}

#[tokio::test]
async fn a_sku_with_a_slash_has_no_stock_item_path() {
    let running = stocked().await;
    assert_eq!(running.get("/stockItems/A%2F1").await.0, 404);
}

#[tokio::test]
async fn an_article_can_be_out_of_stock_although_there_is_some() {
    let running = stocked().await;
    let row = json!({ "sku": "B", "source_code": "north", "quantity": 2, "status": 0 });
    let rows = json!({ "sourceItems": [row] });
    let saved = running.post("/inventory/source-items", &rows).await;
    assert_eq!(saved.0, 200);
    let key = "searchCriteria[filterGroups][0][filters][0]";
    let read = format!("/inventory/source-items?{key}[field]=sku&{key}[value]=B");
    let (_, known) = running.get(&read).await;
    assert_eq!(known["items"][0]["status"], 0);
    assert_eq!(known["items"][0]["quantity"], 2);
}

#[tokio::test]
async fn a_shop_without_sources_has_only_stock_items() {
    let running = stocked().await;
    let trap = json!({ "14": { "noSources": true } });
    assert_eq!(running.control(Method::PUT, "/traps", &trap).await.0, 200);
    let saved = running
        .post("/inventory/source-items", &sources("B", 1))
        .await;
    assert_eq!(saved.0, 404);
    let (_, item) = running.get("/stockItems/B").await;
    let body = json!({ "stockItem": { "qty": 4, "is_in_stock": false } });
    let path = format!("/products/B/stockItems/{}", item["item_id"]);
    assert_eq!(running.put(&path, &body).await.0, 200);
    let (_, item) = running.get("/stockItems/B").await;
    assert_eq!(item["is_in_stock"], false);
}
