//! The table of return orders: what is written together, what a repeat meets, and what a change on an old version does.

use aws_sdk_dynamodb::types::Put;
use jiff::Timestamp;
use local::handler_world::HandlerWorld;
use logistics::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use logistics::domain::returning::return_order::{ReturnItem, ReturnOrder, ReturnOrderType};
use logistics::domain::span::Span;
use logistics::domain::text::ClientId;
use logistics::store::returning::return_index::{ReturnIndex, ReturnQuery};
use logistics::store::returning::return_orders::{Appended, NewReturn, ReturnOrders, StoredReturn};
use logistics::store::transaction::Part;

/// A code with every character that needs care in a key, a path or a cursor.
const CODE: &str = "RET 1/?%#ORDER#1#";

struct World {
    _handler: HandlerWorld,
    orders: ReturnOrders,
    index: ReturnIndex,
    table: String,
    client: ClientId,
}

impl World {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let table = world.table("ReturnOrdersTable").unwrap();
        Self {
            orders: ReturnOrders::new(world.backends.dynamodb_client(), table.clone()),
            index: ReturnIndex::new(world.backends.dynamodb_client(), table.clone()),
            table,
            client: "brand".parse().unwrap(),
            _handler: world,
        }
    }

    async fn create(&self, code: &str, second: i64, replaces: Option<&StoredReturn>) -> bool {
        let order = order(code);
        let new = NewReturn {
            order: &order,
            created_at: at(second),
            content: "digest",
            replaces,
        };
        self.orders.create(&self.client, &new, []).await.unwrap()
    }

    async fn read(&self, code: &str) -> Option<StoredReturn> {
        let code = code.parse().unwrap();
        self.orders.read(&self.client, &code).await.unwrap()
    }

    async fn append(&self, seen: &StoredReturn, event: &DatedReturnEvent) -> Appended {
        let also: [Part; 0] = [];
        let added = self.orders.append(&self.client, seen, event, also).await;
        added.unwrap()
    }

    async fn codes(&self, forward: Option<&str>) -> Vec<String> {
        let forward = forward.map(|code| code.parse().unwrap());
        let mut query = ReturnQuery {
            client: &self.client,
            forward_order: forward.as_ref(),
            span: Span::default(),
            cursor: None,
            most: 1,
        };
        let mut codes = Vec::new();
        loop {
            let (page, cursor) = self.index.page(&query).await.unwrap();
            codes.extend(page.iter().map(|(code, _)| code.to_string()));
            let Some(cursor) = cursor else {
                return codes;
            };
            query.cursor = Some(cursor.to_string().parse().unwrap());
        }
    }

    /// A write that succeeds only once.
    fn once(&self) -> Part {
        let key = |value: &str| aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned());
        let put = Put::builder()
            .table_name(&self.table)
            .item("pk", key("brand#other"))
            .item("sk", key("X"))
            .condition_expression("attribute_not_exists(pk)");
        Part::from(put.build().unwrap())
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn order(code: &str) -> ReturnOrder {
    let item: ReturnItem = serde_json::from_value(serde_json::json!({
        "itemCode": "I-1", "reason": "Different size", "channelSkuCode": "10007345", "price": 100.5
    }))
    .unwrap();
    ReturnOrder {
        return_order_code: code.parse().unwrap(),
        forward_order_code: "F 1".parse().unwrap(),
        location_code: "W1".parse().unwrap(),
        return_order_time: Some(at(5)),
        return_order_status: Some("RETURN_CREATED".to_owned()),
        expected_date: None,
        items: vec![item],
        order_type: ReturnOrderType::CustomerReturn,
        awb: None,
        transporter: None,
        alias: None,
        currency_code: None,
        region_type: None,
        return_reason: None,
        seller_gstin: None,
        consignee_gstin: None,
        dimension: None,
        drop_address: None,
        pickup_address: None,
        order_details: None,
    }
}

fn event(second: i64, event: ReturnEvent) -> DatedReturnEvent {
    DatedReturnEvent {
        at: at(second),
        identity: second.to_string(),
        event,
    }
}

#[tokio::test]
async fn a_return_order_is_stored_once_and_read_whole() {
    let world = World::start().await;
    assert_eq!(world.read(CODE).await, None);
    assert!(world.create(CODE, 10, None).await);
    assert!(!world.create(CODE, 11, None).await);
    let stored = world.read(CODE).await.unwrap();
    assert_eq!(stored.order, order(CODE));
    assert_eq!(
        (stored.created_at, stored.round, stored.events.len()),
        (at(10), 1, 0)
    );
    let received = event(20, ReturnEvent::Received);
    assert_eq!(world.append(&stored, &received).await, Appended::Added);
    assert_eq!(world.read(CODE).await.unwrap().events, [received]);
    let other: ClientId = "other".parse().unwrap();
    let code = CODE.parse().unwrap();
    assert_eq!(world.orders.read(&other, &code).await.unwrap(), None);
}

#[tokio::test]
async fn an_event_is_added_once_and_only_to_what_was_read() {
    let world = World::start().await;
    assert!(world.create(CODE, 10, None).await);
    let seen = world.read(CODE).await.unwrap();
    let first = event(20, ReturnEvent::Received);
    assert_eq!(world.append(&seen, &first).await, Appended::Added);
    assert_eq!(world.append(&seen, &first).await, Appended::Known);
    let second = event(21, ReturnEvent::Cancelled);
    assert_eq!(world.append(&seen, &second).await, Appended::Outdated);
    let seen = world.read(CODE).await.unwrap();
    assert_eq!(world.append(&seen, &second).await, Appended::Added);
    assert_eq!(world.read(CODE).await.unwrap().events.len(), 2);
}

#[tokio::test]
async fn what_belongs_to_an_event_is_written_with_it_or_not_at_all() {
    let world = World::start().await;
    assert!(world.create(CODE, 10, None).await);
    let seen = world.read(CODE).await.unwrap();
    let orders = &world.orders;
    let first = event(20, ReturnEvent::Received);
    let added = orders.append(&world.client, &seen, &first, [world.once()]);
    assert_eq!(added.await.unwrap(), Appended::Added);
    let seen = world.read(CODE).await.unwrap();
    let second = event(21, ReturnEvent::Cancelled);
    let refused = orders.append(&world.client, &seen, &second, [world.once()]);
    assert_eq!(refused.await.unwrap(), Appended::Outdated);
    assert_eq!(world.read(CODE).await.unwrap(), seen);
}

#[tokio::test]
async fn a_code_that_is_used_again_begins_a_round_without_the_earlier_events() {
    let world = World::start().await;
    assert!(world.create(CODE, 10, None).await);
    let seen = world.read(CODE).await.unwrap();
    let cancelled = event(20, ReturnEvent::Cancelled);
    assert_eq!(world.append(&seen, &cancelled).await, Appended::Added);
    assert!(!world.create(CODE, 30, Some(&seen)).await, "it is outdated");
    let seen = world.read(CODE).await.unwrap();
    assert!(world.create(CODE, 30, Some(&seen)).await);
    let again = world.read(CODE).await.unwrap();
    assert_eq!((again.round, again.events.len()), (2, 0));
    assert_eq!(
        world.append(&seen, &event(31, ReturnEvent::Received)).await,
        Appended::Outdated
    );
    let same_identity = event(20, ReturnEvent::Received);
    assert_eq!(world.append(&again, &same_identity).await, Appended::Added);
}

#[tokio::test]
async fn lists_are_newest_first_page_by_page_and_have_no_events() {
    let world = World::start().await;
    for (second, code) in [(10, "R 1"), (20, CODE), (30, "R3 ")] {
        let code = code.trim();
        assert!(world.create(code, second, None).await);
        let seen = world.read(code).await.unwrap();
        world.append(&seen, &event(1, ReturnEvent::Received)).await;
    }
    for forward in [None, Some("F 1")] {
        assert_eq!(world.codes(forward).await, ["R3", CODE, "R 1"]);
    }
    assert!(world.codes(Some("F")).await.is_empty());
}
