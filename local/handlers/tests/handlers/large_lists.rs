//! Lists with more than a function can return: every page is below 5 MB, and the pages have every entry once.

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use local::handler_world::stored::{notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::fulfilling::event::{DatedFulfilmentEvent, FulfilmentEvent};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::transaction::Part;
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use crate::answer::text;
use crate::description::Description;

/// The largest body of a response, in bytes.
const LARGEST: usize = 5_000_000;
/// What a function can return, in bytes.
const RETURNED: usize = 6_000_000;

/// The lists that are walked here.
const WALKED: [&str; 7] = [
    "/channels/{alias}/orders",
    "/messages",
    "/notifications",
    "/return-orders",
    "/shipments",
    "/shipments/{orderNumber}",
    "/v3/fulfillment/outbound/oms",
];
/// Lists of at most 50 entries, each of a few fields with limits or as `/channels/{alias}/orders`.
const BOUNDED: [&str; 6] = [
    "/api-keys",
    "/audit",
    "/channel-accounts",
    "/channels/{alias}/cancelled-orders",
    "/logistic-accounts",
    "/webhook-endpoints",
];

#[test]
fn every_list_is_walked() {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let has_cursor = |path: &Value| {
        let parameters = path["get"]["parameters"].as_array();
        let mut parameters = parameters.into_iter().flatten();
        parameters.any(|parameter| parameter["name"] == "cursor")
    };
    let lists = paths.iter().filter(|(_, path)| has_cursor(path));
    let lists: BTreeSet<&str> = lists.map(|(path, _)| path.as_str()).collect();
    assert_eq!(lists, WALKED.into_iter().chain(BOUNDED).collect());
}

/// Walks through a list: the pointers of its entries and of its cursor, and the field by which an entry is known. Returns the
/// number of pages and of entries.
async fn walk(
    (entries, cursor, id): (&str, &str, &str),
    ask: impl AsyncFn(&str) -> Response<Body>,
) -> (usize, usize) {
    let (mut next, mut pages, mut ids) = (String::new(), 0, Vec::new());
    loop {
        let answer = ask(&next).await;
        let body = text(&answer);
        assert_eq!(answer.status(), 200, "{body}");
        assert!(body.len() < LARGEST, "{} bytes", body.len());
        let returned = json!(body).to_string().len();
        assert!(returned < RETURNED, "{returned} bytes are returned");
        let body: Value = serde_json::from_str(body).unwrap();
        pages += 1;
        let found = body.pointer(entries).unwrap().as_array().unwrap();
        ids.extend(
            found
                .iter()
                .map(|entry| entry[id].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = body.pointer(cursor).unwrap().as_str() else {
            let different: BTreeSet<_> = ids.iter().collect();
            assert_eq!(different.len(), ids.len(), "an entry came twice");
            return (pages, ids.len());
        };
        next = format!("&cursor={cursor}");
    }
}

/// A world that admits the caller of the events, who is the same in all.
async fn world_of(function: &str) -> HandlerWorld {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of(function).unwrap();
    world.admit(&event).await.unwrap();
    world
}

fn parsed(event: &HttpEvent) -> lambda_http::Request {
    request::from_str(&event.to_string()).unwrap()
}

/// Stores notifications of an order, of 2.5 KB each.
async fn push_many(world: &HandlerWorld, order: &str, count: usize) {
    let notifications = world.start_of("notification-push").unwrap();
    let notifications = notifications.notifications().unwrap();
    let client = world.demo.client_id.as_str();
    let id = shipment(client, order, ShipmentType::Forward, None).unwrap();
    let storing = (0..count).map(|number| {
        // Many happened at the same time.
        let at = 1_700_000_000_000 + i64::try_from(number / 7).unwrap();
        let mut stored = notification(&id, at).unwrap();
        stored.pushed_type = "\"scanned\" ".repeat(200);
        stored.sent_to = vec!["demo-sink".parse().unwrap()];
        let (notifications, id) = (&notifications, &id);
        async move {
            let identity = Identity::Event(number.to_string());
            notifications.store(id, &identity, &stored).await.unwrap();
        }
    });
    stream::iter(storing).buffer_unordered(16).count().await;
}

#[tokio::test]
async fn a_shipment_s_events_and_an_order_s_notifications_and_messages_come_in_pages() {
    const COUNT: usize = 2600;
    let world = world_of("get-shipment").await;
    push_many(&world, "long-1", COUNT).await;

    let app = get_shipment::App::new(&world.start_of("get-shipment").unwrap()).unwrap();
    let event = HttpEvent::of("get-shipment").unwrap();
    let events = ("/events", "/cursor", "notificationId");
    let by_path = walk(events, async |cursor| {
        let event = event.clone().asking("GET", "/shipments/long-1", cursor);
        let event = event.with_path_parameter("orderNumber", "long-1");
        get_shipment::handle(&app, parsed(&event)).await
    });
    assert_eq!(by_path.await, (3, COUNT));
    let by_query = walk(events, async |cursor| {
        let query = format!("orderNumber=long-1{cursor}");
        let event = event.clone().without_path_parameters();
        let event = event.asking("GET", "/shipments", &query);
        get_shipment::handle(&app, parsed(&event)).await
    });
    assert_eq!(by_query.await, (3, COUNT));

    let start = world.start_of("list-notifications").unwrap();
    let app = list_notifications::App::new(&start).unwrap();
    let event = HttpEvent::of("list-notifications").unwrap();
    let listed = walk(
        ("/notifications", "/cursor", "notificationId"),
        async |cursor| {
            let query = format!("orderNumber=long-1{cursor}");
            let event = event.clone().asking("GET", "/notifications", &query);
            list_notifications::handle(&app, parsed(&event)).await
        },
    );
    assert_eq!(listed.await, (3, COUNT));

    let app = messages::App::new(&world.start_of("messages").unwrap()).unwrap();
    let event = HttpEvent::of("messages").unwrap();
    let event = event.without_path_parameters();
    let listed = walk(("/messages", "/cursor", "messageId"), async |cursor| {
        let query = format!("subject=long-1{cursor}");
        let event = event.clone().asking("GET", "/messages", &query);
        messages::handle(&app, parsed(&event)).await
    });
    assert_eq!(listed.await, (3, COUNT));
}

#[tokio::test]
async fn long_return_orders_come_in_pages_that_fit() {
    const COUNT: usize = 30;
    let world = world_of("return-order").await;
    let app = return_order::App::new(&world.start_of("return-order").unwrap()).unwrap();
    let event = HttpEvent::of("return-order").unwrap();
    let pieces: Vec<Value> = (0..500)
        .map(|piece| {
            json!({ "itemCode": format!("PIECE-{piece}"), "channelSkuCode": "SKU", "reason": "torn ".repeat(90) })
        })
        .collect();
    for number in 0..COUNT {
        let body = json!({
            "returnOrderCode": format!("LONG-{number}"), "forwardOrderCode": "long", "locationCode": "WH-1",
            "returnOrderTime": "2026-01-16T12:31:02+05:30", "orderType": "SELF_SHIP", "orderItems": pieces,
        });
        let answer = return_order::handle(&app, parsed(&event.clone().with_body(&body))).await;
        assert_eq!(answer.status(), 200, "{}", text(&answer));
    }
    let listed = walk(
        ("/returnOrders", "/cursor", "returnOrderCode"),
        async |cursor| {
            let event = event.clone().without_path_parameters();
            let event = event.asking("GET", "/return-orders", cursor.trim_start_matches('&'));
            return_order::handle(&app, parsed(&event)).await
        },
    );
    let (pages, count) = listed.await;
    assert_eq!(count, COUNT);
    assert!((2..COUNT).contains(&pages), "{pages} pages");
}

#[tokio::test]
async fn outbound_orders_with_long_histories_come_in_pages_that_fit() {
    const COUNT: usize = 25;
    let world = world_of("outbound-order").await;
    let app = outbound_order::App::new(&world.start_of("outbound-order").unwrap()).unwrap();
    let event = HttpEvent::of("outbound-order").unwrap();
    let client = world.demo.client_id.parse().unwrap();
    let mut orders = Vec::new();
    for number in 0..COUNT {
        let name = format!("SO-{number}");
        let mut order = event.body().unwrap();
        order["so_number"] = json!(name);
        orders.push(order);
        let happened = DatedFulfilmentEvent {
            at: Timestamp::now(),
            identity: "1".to_owned(),
            event: FulfilmentEvent::GoodsIssued,
            written_time: Some("long ago ".repeat(40_000)),
            flags: Vec::new(),
        };
        let also: [Part; 0] = [];
        let so_number = name.parse().unwrap();
        let stored =
            app.fulfilling
                .orders
                .append(&client, &so_number, &happened, Timestamp::now(), also);
        assert!(stored.await.unwrap());
    }
    let accepted = event.clone().with_body(&json!(orders));
    let answer = outbound_order::handle(&app, parsed(&accepted)).await;
    assert_eq!(answer.status(), 202, "{}", text(&answer));
    let list = ("/data/orders", "/data/cursor", "so_number");
    let listed = walk(list, async |cursor| {
        let query = cursor.trim_start_matches('&');
        let event = event
            .clone()
            .asking("GET", "/v3/fulfillment/outbound/oms", query);
        outbound_order::handle(&app, parsed(&event)).await
    });
    let (pages, count) = listed.await;
    assert_eq!(count, COUNT);
    assert!((2..COUNT).contains(&pages), "{pages} pages");
}

#[tokio::test]
async fn long_orders_of_a_channel_come_in_pages_that_fit() {
    const COUNT: usize = 50;
    let world = world_of("channel-orders").await;
    let app = channel_orders::App::new(&world.start_of("channel-orders").unwrap()).unwrap();
    let event = HttpEvent::of("channel-orders").unwrap();
    let base = &world.demo.channels["magento"].base_url;
    let http = simulators::http_client::client().unwrap();
    for id in 1..=COUNT {
        let item = |item: usize| {
            json!({ "item_id": item, "product_type": "simple", "sku": format!("SKU-{item}"), "qty_ordered": 1,
                "name": "a long name ".repeat(40) })
        };
        let order = json!({
            "entity_id": id, "created_at": "2026-11-01 08:00:00", "updated_at": "2026-11-01 08:00:00",
            "order_currency_code": "INR", "grand_total": 9, "status": "processing",
            "items": (1..=300).map(item).collect::<Vec<_>>(),
        });
        let sold = http
            .post(format!("{base}/orders"))
            .body(json!([order]).to_string());
        assert!(sold.send().await.unwrap().status().is_success());
    }
    let path = "/channels/magento/orders";
    let listed = walk(("/orders", "/cursor", "channelOrderId"), async |cursor| {
        let query = cursor.trim_start_matches('&');
        let event = event
            .clone()
            .without_path_parameters()
            .asking("GET", path, query);
        let event = event.with_path_parameter("alias", "magento");
        channel_orders::handle(&app, parsed(&event)).await
    });
    let (pages, count) = listed.await;
    assert_eq!(count, COUNT);
    assert!((2..COUNT).contains(&pages), "{pages} pages");
}
