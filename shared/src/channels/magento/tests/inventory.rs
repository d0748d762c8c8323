//! Stock: what the shop gets, and what its answers mean.

use super::*;
use crate::domain::selling::stock::NotSet;

const SOURCES: &str = "/rest/default/V1/inventory/source-items";

fn wanted(sku: &str, quantity: &str) -> WantedStock {
    let quantity: rust_decimal::Decimal = quantity.parse().unwrap();
    WantedStock {
        sku: sku.parse().unwrap(),
        quantity: quantity.try_into().unwrap(),
        in_stock: None,
    }
}

fn row(sku: &str, quantity: &Value) -> Value {
    json!({ "sku": sku, "source_code": "east", "quantity": quantity, "status": 1 })
}

async fn at_east() -> ChannelBench {
    let mut bench = bench(INTEGRATION).await;
    set(&mut bench.account, &[("sourceCode", "east")]);
    bench
}

#[tokio::test]
async fn rows_have_the_source_of_the_account_and_are_read_back_there() {
    let bench = at_east().await;
    answers(&bench, ("POST", SOURCES), ok(&json!([]))).await;
    let rows = json!({ "items": [
        row("A/1", &json!("5.0000")), row("B", &json!(2.5)),
        { "sku": "C", "source_code": "west", "quantity": 1, "status": 1 },
    ] });
    answers(&bench, ("GET", SOURCES), ok(&rows)).await;
    let mut items = vec![wanted("A/1", "5"), wanted("B", "2"), wanted("C", "1")];
    items[2].in_stock = Some(false);
    let outcomes = Magento.set_stock(bench.call(), &items).await.unwrap();
    let kept = "2.5".parse().unwrap();
    assert_eq!(
        outcomes,
        [Ok(()), Err(NotSet::Unchanged(kept)), Err(NotSet::Unknown)]
    );
    let received = bench.received().await;
    let body: Value = received[0].body_json().unwrap();
    let expected = json!({ "sourceItems": [
        { "sku": "A/1", "source_code": "east", "quantity": 5, "status": 1 },
        { "sku": "B", "source_code": "east", "quantity": 2, "status": 1 },
        { "sku": "C", "source_code": "east", "quantity": 1, "status": 0 },
    ] });
    assert_eq!(body, expected);
    let header = received[0].headers["authorization"].to_str().unwrap();
    assert!(header.starts_with("OAuth "), "{header}");
    let pairs: Vec<_> = received[1].url.query_pairs().into_owned().collect();
    let key = "searchCriteria[filterGroups][1][filters][0][value]".to_owned();
    assert!(pairs.contains(&(key, "east".to_owned())), "{pairs:?}");
}

#[tokio::test]
async fn a_refusal_keeps_the_shop_s_words_and_a_missing_right_ends_the_request() {
    let bench = at_east().await;
    let refusal = json!({ "message": "Source %1 is closed.", "parameters": ["east"] });
    let refused = ResponseTemplate::new(400).set_body_json(refusal);
    answers(&bench, ("POST", SOURCES), refused).await;
    let items = [wanted("A", "5")];
    let outcomes = Magento.set_stock(bench.call(), &items).await.unwrap();
    let words = "Source east is closed.".to_owned();
    assert_eq!(outcomes, [Err(NotSet::Refused(words))]);
    let bench = at_east().await;
    answers(
        &bench,
        ("POST", SOURCES),
        lacks("Magento_InventoryApi::source"),
    )
    .await;
    let failure = Magento.set_stock(bench.call(), &items).await.unwrap_err();
    assert!(
        matches!(failure, PartnerFailure::LacksRight(_)),
        "{failure:?}"
    );
    assert_eq!(bench.received().await.len(), 1);
}

#[tokio::test]
async fn a_busy_shop_is_asked_again_after_a_pause() {
    let bench = at_east().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "0");
    answers_once(&bench, ("POST", SOURCES), busy).await;
    answers(&bench, ("POST", SOURCES), ok(&json!([]))).await;
    answers_once(&bench, ("GET", SOURCES), ok(&json!({ "items": [] }))).await;
    let rows = json!({ "items": [row("A", &json!(5))] });
    answers(&bench, ("GET", SOURCES), ok(&rows)).await;
    let items = [wanted("A", "5")];
    let outcomes = Magento.set_stock(bench.call(), &items).await.unwrap();
    assert_eq!(outcomes, [Ok(())]);
}

#[tokio::test]
async fn a_shop_without_sources_gets_its_stock_items_by_their_ids() {
    let bench = at_east().await;
    let no_route = json!({ "message": "Request does not match any route." });
    let absent = ResponseTemplate::new(404).set_body_json(no_route);
    answers(&bench, ("POST", SOURCES), absent).await;
    let read = "/rest/default/V1/stockItems/A";
    let item = |quantity| json!({ "item_id": 7, "qty": quantity, "is_in_stock": true });
    answers_once(&bench, ("GET", read), ok(&item(1))).await;
    answers(&bench, ("GET", read), ok(&item(5))).await;
    let write = "/rest/default/V1/products/A/stockItems/7";
    answers(&bench, ("PUT", write), ok(&json!(7))).await;
    let items = [wanted("A", "5"), wanted("A/1", "5")];
    let outcomes = Magento.set_stock(bench.call(), &items).await.unwrap();
    assert_eq!(outcomes, [Ok(()), Err(NotSet::NotAddressable)]);
    let received = bench.received().await;
    let put = received.iter().find(|call| call.method == "PUT").unwrap();
    let body: Value = put.body_json().unwrap();
    assert_eq!(
        body,
        json!({ "stockItem": { "qty": 5, "is_in_stock": true } })
    );
}
