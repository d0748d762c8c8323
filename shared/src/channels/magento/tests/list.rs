//! Lists: the shop's query, where they end, and orders that break them.

use std::sync::{Arc, Mutex};

use wiremock::{Request as Received, Respond};

use super::*;
use crate::domain::selling::listing::OrderPosition;

const ORDERS: &str = "/rest/default/V1/orders";

/// A shop with these orders, which are all of one second. It knows the filters of a position and an excluded id.
#[derive(Clone)]
struct Shop {
    orders: Vec<Value>,
    /// It answers 500 to a page with one of these.
    broken: Vec<u64>,
    /// Each order has a text of this size besides.
    padding: usize,
    /// Whether it ignores what it is asked for but the size.
    repeats: bool,
    sizes: Arc<Mutex<Vec<usize>>>,
}

impl Shop {
    fn with(ids: impl IntoIterator<Item = u64>) -> Self {
        Self {
            orders: ids.into_iter().map(order).collect(),
            broken: Vec::new(),
            padding: 0,
            repeats: false,
            sizes: Arc::default(),
        }
    }
}

fn order(id: u64) -> Value {
    let mut order = small_order(id);
    order["updated_at"] = json!("2026-11-01 10:00:00");
    order
}

impl Respond for Shop {
    fn respond(&self, request: &Received) -> ResponseTemplate {
        let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        let of = |name: &str| pairs.iter().find(|(known, _)| known.ends_with(name));
        let size: usize = of("[pageSize]").unwrap().1.parse().unwrap();
        self.sizes.lock().unwrap().push(size);
        let value = |condition: &str| {
            let (name, _) = pairs.iter().rev().find(|(_, value)| value == condition)?;
            let group = name.strip_suffix("[conditionType]")?;
            let (_, value) = pairs
                .iter()
                .find(|(known, _)| *known == format!("{group}[value]"))?;
            Some(value.clone())
        };
        let number = |condition: &str| value(condition).and_then(|value| value.parse::<u64>().ok());
        let without = value("nin").unwrap_or_default();
        let is_wanted = |order: &&Value| {
            let id = order["entity_id"].as_u64().unwrap_or_default();
            self.repeats
                || number("gt").is_none_or(|after| id > after)
                    && number("lteq").is_none_or(|highest| id <= highest)
                    && !without.split(',').any(|one| one == id.to_string())
        };
        let mut page: Vec<Value> = self
            .orders
            .iter()
            .filter(is_wanted)
            .take(size)
            .cloned()
            .collect();
        let is_broken = |order: &Value| self.broken.iter().any(|id| order["entity_id"] == *id);
        if page.iter().any(is_broken) {
            let words =
                json!({ "message": "Internal Error. Details are available in Magento log file." });
            return ResponseTemplate::new(500).set_body_json(words);
        }
        for order in &mut page {
            order["padding"] = json!("x".repeat(self.padding));
        }
        ok(&json!({ "items": page, "search_criteria": {}, "total_count": 3 }))
    }
}

async fn listed(shop: &Shop, query: &OrderQuery) -> Result<OrderPage, PartnerFailure> {
    let bench = bench(INTEGRATION).await;
    Mock::given(method("GET"))
        .and(path(ORDERS))
        .respond_with(shop.clone())
        .mount(&bench.server)
        .await;
    Magento.list_orders(bench.call(), query).await
}

fn ids(page: &OrderPage) -> Vec<u64> {
    let orders = page.orders.iter();
    orders
        .map(|order| order.id.as_str().parse().unwrap())
        .collect()
}

fn skipped(page: &OrderPage) -> Vec<&str> {
    page.skipped
        .iter()
        .map(|skipped| skipped.id.as_str())
        .collect()
}

fn position(id: &str) -> OrderPosition {
    OrderPosition {
        updated_at: "2026-11-01T10:00:00Z".parse().unwrap(),
        id: id.parse().unwrap(),
    }
}

/// The decoded query of the only request.
async fn query_of(query: &OrderQuery) -> Vec<String> {
    let bench = bench(INTEGRATION).await;
    answers(&bench, ("GET", ORDERS), ok(&json!({ "items": [] }))).await;
    Magento.list_orders(bench.call(), query).await.unwrap();
    let received = bench.received().await;
    assert_eq!(received.len(), 1);
    let pairs = received[0].url.query_pairs();
    pairs
        .map(|(name, value)| format!("{}={value}", name.replace("searchCriteria", "")))
        .collect()
}

#[tokio::test]
async fn a_search_has_groups_that_all_hold_and_times_in_utc() {
    let query = OrderQuery {
        status: Some("pending payment".to_owned()),
        created_since: Some("2026-11-01T05:30:00+05:30".parse().unwrap()),
        updated_since: Some("2026-11-01T00:00:59.9Z".parse().unwrap()),
        after: Some(position("7")),
        without: vec!["8".parse().unwrap(), "9".parse().unwrap()],
        ..OrderQuery::first(100)
    };
    let group = |index: usize, place: usize, filter: [&str; 3]| {
        let [field, condition, value] = filter;
        let at = format!("[filterGroups][{index}][filters][{place}]");
        vec![
            format!("{at}[field]={field}"),
            format!("{at}[conditionType]={condition}"),
            format!("{at}[value]={value}"),
        ]
    };
    let mut expected = [
        group(0, 0, ["status", "eq", "pending payment"]),
        group(1, 0, ["created_at", "gteq", "2026-11-01 00:00:00"]),
        group(2, 0, ["updated_at", "gteq", "2026-11-01 00:00:59"]),
        group(3, 0, ["updated_at", "gteq", "2026-11-01 10:00:00"]),
        group(4, 0, ["updated_at", "gt", "2026-11-01 10:00:00"]),
        group(4, 1, ["entity_id", "gt", "7"]),
        group(5, 0, ["entity_id", "nin", "8,9"]),
    ]
    .concat();
    let rest = [
        "[sortOrders][0][field]=updated_at",
        "[sortOrders][0][direction]=ASC",
        "[sortOrders][1][field]=entity_id",
        "[sortOrders][1][direction]=ASC",
        "[pageSize]=100",
        "[currentPage]=1",
    ];
    expected.extend(rest.map(str::to_owned));
    assert_eq!(query_of(&query).await, expected);
}

#[tokio::test]
async fn cancelled_orders_are_those_of_that_state_or_status() {
    let query = OrderQuery {
        only_cancelled: true,
        ..OrderQuery::first(5)
    };
    let sent = query_of(&query).await;
    for (place, field) in ["state", "status"].into_iter().enumerate() {
        let at = format!("[filterGroups][0][filters][{place}]");
        assert!(sent.contains(&format!("{at}[field]={field}")), "{sent:?}");
        assert!(sent.contains(&format!("{at}[value]=canceled")), "{sent:?}");
    }
}

#[tokio::test]
async fn a_list_goes_on_after_a_position_whatever_the_shop_counts() {
    let shop = Shop::with(1..=5);
    let first = listed(&shop, &OrderQuery::first(2)).await.unwrap();
    assert_eq!(ids(&first), [1, 2]);
    assert!(first.has_more, "the shop said that there are three");
    assert_eq!(first.last, Some(position("2")));
    let query = OrderQuery {
        after: Some(position("4")),
        ..OrderQuery::first(2)
    };
    let last = listed(&shop, &query).await.unwrap();
    assert_eq!(ids(&last), [5]);
    assert!(!last.has_more);
    let query = OrderQuery {
        after: Some(position("5")),
        ..OrderQuery::first(2)
    };
    let none = listed(&shop, &query).await.unwrap();
    assert_eq!(
        (ids(&none), none.last, none.has_more),
        (vec![], None, false)
    );
}

#[tokio::test]
async fn a_shop_that_repeats_its_last_page_ends_the_list() {
    let mut shop = Shop::with(1..=2);
    shop.repeats = true;
    let query = OrderQuery {
        after: Some(position("2")),
        ..OrderQuery::first(2)
    };
    let page = listed(&shop, &query).await.unwrap();
    assert_eq!((ids(&page), page.has_more), (vec![], false));
}

#[tokio::test]
async fn one_broken_order_does_not_break_the_page() {
    let mut shop = Shop::with(20_001..=20_012);
    shop.broken = vec![20_003, 20_010];
    let page = listed(&shop, &OrderQuery::first(12)).await.unwrap();
    let rest: Vec<u64> = (20_001..=20_012)
        .filter(|id| !shop.broken.contains(id))
        .collect();
    assert_eq!(ids(&page), rest);
    assert_eq!(skipped(&page), ["20003", "20010"]);
    assert!(
        page.skipped[0].detail.contains("fails"),
        "{:?}",
        page.skipped
    );
    let sizes = shop.sizes.lock().unwrap().clone();
    assert!(sizes.starts_with(&[12, 6, 3, 1]), "{sizes:?}");
    assert!(sizes.len() < 70, "{} calls", sizes.len());
}

#[tokio::test]
async fn a_broken_order_at_the_end_is_found_too() {
    let mut shop = Shop::with([1, 2, 3_000_000]);
    shop.broken = vec![3_000_000];
    let page = listed(&shop, &OrderQuery::first(10)).await.unwrap();
    assert_eq!(ids(&page), [1, 2]);
    assert_eq!(skipped(&page), ["3000000"]);
    assert!(!page.has_more);
}

#[tokio::test]
async fn a_shop_that_always_fails_is_unavailable() {
    let bench = bench(INTEGRATION).await;
    answers(&bench, ("GET", ORDERS), ResponseTemplate::new(500)).await;
    let query = OrderQuery::first(4);
    let failure = Magento.list_orders(bench.call(), &query).await.unwrap_err();
    assert!(
        matches!(failure, PartnerFailure::Unreachable),
        "{failure:?}"
    );
    assert_eq!(bench.received().await.len(), 4, "pages of 4, 2, 1 and none");
}

#[tokio::test]
async fn a_page_that_is_too_large_is_read_in_parts() {
    let mut shop = Shop::with(1..=4);
    shop.padding = 1_500_000;
    let page = listed(&shop, &OrderQuery::first(4)).await.unwrap();
    assert_eq!(ids(&page), [1, 2, 3, 4]);
    assert!(page.skipped.is_empty());
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_skipped_with_the_reason() {
    let mut shop = Shop::with(1..=3);
    shop.orders[1]["grand_total"] = Value::Null;
    shop.orders[2]["billing_address"] = json!({ "street": "1 Secret Road" });
    let page = listed(&shop, &OrderQuery::first(3)).await.unwrap();
    assert_eq!(ids(&page), [1]);
    assert_eq!(skipped(&page), ["2", "3"]);
    let details: Vec<&str> = page.skipped.iter().map(|one| one.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "grand_total is missing or invalid",
            "the order is invalid at street"
        ]
    );
    assert_eq!(page.last, Some(position("3")));
}

#[tokio::test]
async fn what_is_no_list_is_unreadable() {
    for body in ["<html>", "[]", "{\"items\": [{}]}", "{\"items\": 5}"] {
        let bench = bench(INTEGRATION).await;
        let response = ResponseTemplate::new(200).set_body_string(body);
        answers(&bench, ("GET", ORDERS), response).await;
        let query = OrderQuery::first(1);
        let failure = Magento.list_orders(bench.call(), &query).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::Unreadable),
            "{body}: {failure:?}"
        );
    }
    let bench = bench(INTEGRATION).await;
    answers(&bench, ("GET", ORDERS), ok(&json!({ "items": null }))).await;
    let page = Magento
        .list_orders(bench.call(), &OrderQuery::first(1))
        .await
        .unwrap();
    assert!(page.orders.is_empty() && !page.has_more);
}
