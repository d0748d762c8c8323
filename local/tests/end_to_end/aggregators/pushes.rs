//! Pushes in the vendors' dialects: authentication, repeats, unknown codes and unknown shipments.

use serde_json::{Value, json};

use crate::aggregators::scans::scan;
use crate::aggregators::world::World;
use crate::answer::Answer;
use crate::notifications::mappings::map;
use crate::vendors::{Push, Vendor, natives, those, vendor};

/// A push of one event of a shipment that was not booked here.
fn event(vendor: &Vendor, code: &str) -> Value {
    (vendor.push)(&Push {
        order: Some("web-1"),
        awb: "70000001",
        code,
        minute: 0,
    })
}

/// A push with a code that RMS knows.
fn known(vendor: &Vendor) -> Value {
    event(vendor, (vendor.code)(vendor.last_scan()).unwrap())
}

#[track_caller]
fn statuses(answer: &Answer) -> Vec<String> {
    let entries = answer.ok()["notifications"].as_array().unwrap().clone();
    let status = |entry: &Value| entry["status"].as_str().unwrap().to_owned();
    entries.iter().map(status).collect()
}

#[tokio::test]
async fn a_shipment_booked_elsewhere_is_forwarded_and_a_repeat_is_not() {
    for vendor in natives(|_| true) {
        let alias = vendor.alias;
        let world = World::start().await;
        let push = known(vendor);
        assert_eq!(
            statuses(&world.push(alias, &push).await),
            ["ACCEPTED"],
            "{alias}"
        );
        assert_eq!(
            statuses(&world.push(alias, &push).await),
            ["DUPLICATE"],
            "{alias}"
        );
        let arrived = world.arrived(1).await;
        let told = &arrived[0]["notificationType"];
        assert_eq!(*told, vendor.last_scan(), "{alias}");
        assert_eq!(arrived[0]["forwardOrderCode"], "web-1", "{alias}");
        assert_eq!(arrived[0]["forwardAwb"], "70000001", "{alias}");
    }
}

#[tokio::test]
async fn a_push_with_invisible_characters_belongs_to_the_shipment_that_it_seems_to_name() {
    for vendor in those(|vendor| vendor.has(&["TRANSIT", "DELIVERED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let odd = scan(
            "web\u{200b}-1\u{feff}",
            "\u{202e}7000\u{ad}0001",
            "TRANSIT",
            1,
        );
        world.scanned(alias, odd).await;
        world
            .scanned(alias, scan("web-1", "70000001", "DELIVERED", 2))
            .await;
        for arrived in world.arrived(2).await {
            assert_eq!(arrived["forwardOrderCode"], "web-1", "{alias}");
            assert_eq!(arrived["forwardAwb"], "70000001", "{alias}");
        }
        assert_eq!(world.state("web-1").await, "DELIVERED", "{alias}");
    }
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_listed_by_aggregator_and_code() {
    let world = World::start().await;
    for vendor in natives(|_| true) {
        let alias = vendor.alias;
        let push = event(vendor, vendor.unknown_code);
        assert_eq!(
            statuses(&world.push(alias, &push).await),
            ["UNMAPPED"],
            "{alias}"
        );
        let path = format!("/notifications?status=unmapped&aggregator={}", vendor.name);
        let listed = world.query(&path).await.ok();
        let listed = listed["notifications"].as_array().unwrap();
        assert_eq!(listed.len(), 1, "{alias} {listed:?}");
        let code = listed[0]["pushedType"].as_str().unwrap();
        assert!(code.contains(vendor.unknown_code), "{alias} {code}");
        assert_eq!(listed[0]["logisticAccountAlias"], alias);
    }
    let all = world.query("/notifications?status=unmapped").await.ok();
    assert_eq!(
        all["notifications"].as_array().unwrap().len(),
        natives(|_| true).len()
    );
    world.told_nothing();
}

#[tokio::test]
async fn every_aggregator_s_unknown_code_can_be_mapped_and_what_it_pushed_is_replayed() {
    for vendor in natives(|_| true) {
        let alias = vendor.alias;
        let world = World::start().await;
        world.push(alias, &event(vendor, vendor.unknown_code)).await;
        let listed = world.query("/unmapped-statuses").await.ok();
        let listed = &listed["unmappedStatuses"][0];
        assert_eq!(listed["logisticAccountAlias"], alias);
        let code = listed["code"].as_str().unwrap();
        let mapped = map(&world.stack, &world.client, alias, &[(code, "TRANSIT")]).await;
        assert_eq!(mapped.status, 200, "{alias} {mapped:?}");
        let wanted = json!({ "logisticAccountAlias": alias, "code": code });
        let replayed = world.asked_once("/unmapped-statuses/replay", &wanted).await;
        assert_eq!(replayed.ok()["queued"], 1, "{alias} {replayed:?}");
        let next = (vendor.push)(&Push {
            order: Some("web-1"),
            awb: "70000001",
            code: vendor.unknown_code,
            minute: 1,
        });
        let answer = world.push(alias, &next).await;
        assert_eq!(statuses(&answer), ["ACCEPTED"], "{alias}");
        // Both are the same but for their times: what is stored is read as what is pushed.
        let mut arrived = world.arrived(2).await;
        for told in &mut arrived {
            assert_eq!(told["notificationType"], "TRANSIT", "{alias}");
            for time in ["notificationUpdateTime", "eventTime"] {
                told[time].take();
            }
        }
        assert_eq!(arrived[0], arrived[1], "{alias}");
    }
}

#[tokio::test]
async fn news_of_a_parcel_without_a_word_is_listed_and_never_ignored() {
    let world = World::start().await;
    for vendor in those(|vendor| !(vendor.unmapped)().is_empty()) {
        let alias = vendor.alias;
        let news = (vendor.unmapped)();
        for (push, code) in &news {
            let answer = world.push(alias, push).await;
            assert_eq!(statuses(&answer), ["UNMAPPED"], "{alias} {code}");
        }
        let path = format!("/notifications?status=unmapped&aggregator={}", vendor.name);
        let listed = world.query(&path).await.ok();
        let listed = listed["notifications"].as_array().unwrap();
        let mut codes: Vec<_> = listed
            .iter()
            .map(|listed| listed["pushedType"].as_str().unwrap())
            .collect();
        let mut expected: Vec<_> = news.iter().map(|(_, code)| *code).collect();
        codes.sort_unstable();
        expected.sort_unstable();
        assert_eq!(codes, expected, "{alias}");
    }
    world.told_nothing();
}

#[tokio::test]
async fn news_whose_name_is_plain_is_forwarded() {
    let world = World::start().await;
    for (count, code, word) in [(1, "50", "TRANSIT"), (2, "78", "RTO")] {
        let push = event(vendor("shiprocket"), code);
        let answer = world.push("shiprocket", &push).await;
        assert_eq!(statuses(&answer), ["ACCEPTED"], "{code}");
        let arrived = world.arrived(count).await;
        assert_eq!(arrived.last().unwrap()["notificationType"], word);
    }
}

#[tokio::test]
async fn a_batch_is_answered_event_by_event() {
    let world = World::start().await;
    let one = |code: &str, time: &str| json!({ "order_id": "web-1", "awbno": "7001", "current_status": code, "status_time": time });
    let batch = json!({ "status_feed": [
        one("INT", "2026-11-21 09:00:00"),
        one("XYZ", "2026-11-21 09:30:00"),
        one("NFI", "2026-11-21 09:40:00"),
        one("INT", "2026-11-21 09:00:00"),
        one("OOD", "2026-11-21 10:00:00"),
    ]});
    let answer = world.push("shipway", &batch).await;
    assert_eq!(
        statuses(&answer),
        ["ACCEPTED", "UNMAPPED", "IGNORED", "DUPLICATE", "ACCEPTED"]
    );
    let arrived = world.arrived(2).await;
    assert_eq!(arrived[0]["notificationType"], "TRANSIT");
    assert_eq!(arrived[1]["notificationType"], "OUT_FOR_DELIVERY");
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_kept_beside_the_others() {
    let world = World::start().await;
    let read = json!({ "order_id": "web-2", "awbno": "7002", "current_status": "OOD", "status_time": "23/11/2026 10:00:00" });
    let unread = json!({ "order_id": "web-3", "current_status": { "code": "DEL" } });
    let batch = json!({ "status_feed": [unread, read, "DEL"] });
    let answer = world.push("shipway", &batch).await;
    assert_eq!(statuses(&answer), ["UNMAPPED", "ACCEPTED", "UNMAPPED"]);
    let entries = answer.ok()["notifications"].clone();
    assert_eq!(entries[0]["unreadable"], true);
    assert_eq!(
        entries[0]["errors"][0]["pointer"],
        "/status_feed/0/current_status"
    );
    assert_eq!(entries[1]["unreadable"], Value::Null);
    assert_eq!(entries[2]["errors"][0]["pointer"], "/status_feed/2");
    let arrived = world.arrived(1).await;
    assert_eq!(arrived[0]["forwardOrderCode"], "web-2");
    assert_eq!(arrived[0]["eventTime"], "2026-11-23T04:30:00Z");

    let again = world.push("shipway", &batch).await;
    assert_eq!(statuses(&again), ["DUPLICATE"; 3]);
    for query in ["status=unreadable", "status=unmapped&aggregator=SHIPWAY"] {
        let listed = world.query(&format!("/notifications?{query}")).await.ok();
        let listed = listed["notifications"].as_array().unwrap().clone();
        let mut orders: Vec<_> = listed.iter().map(|one| &one["orderNumber"]).collect();
        orders.sort_by_key(ToString::to_string);
        assert_eq!(orders, ["UNREADABLE", "web-3"], "{query}");
        assert!(listed.iter().all(|one| one["unreadable"] == true));
    }
    let id = entries[0]["notificationId"].as_str().unwrap();
    let stored = world.query(&format!("/notifications/{id}")).await.ok();
    assert_eq!(stored["raw"], unread);
    assert_eq!(stored["errors"], entries[0]["errors"]);
    assert_eq!(stored["payload"], Value::Null);
    let shipment = world.query("/shipments/web-3").await.ok();
    assert_eq!(shipment["state"], "CREATED");
}

#[tokio::test]
async fn the_sample_of_a_panel_is_a_test_unless_it_is_about_a_booking() {
    let world = World::start().await;
    let sample = json!({ "order_id": "99999999", "current_status": "DEL" });
    let answer = world.push("shipway", &sample).await;
    assert_eq!(statuses(&answer), ["IGNORED"]);
    assert_eq!(answer.ok()["notifications"][0]["test"], true);
    let panel = json!({
        "awb": "19041424751540", "order_id": "1373900_150876814", "sr_order_id": 348_456_385,
        "shipment_status_id": 18, "current_status_id": 20, "current_timestamp": "23 05 2023 11:43:52",
    });
    let answer = world.push("shiprocket", &panel).await;
    assert_eq!(statuses(&answer), ["IGNORED"]);
    assert_eq!(answer.ok()["notifications"][0]["test"], true);
    let listed = world
        .query("/notifications?orderNumber=99999999")
        .await
        .ok();
    assert_eq!(listed["notifications"][0]["test"], true);
    assert_eq!(listed["notifications"][0]["notificationType"], "DELIVERED");
    let shipment = world.query("/shipments/99999999").await.ok();
    assert_eq!(shipment["state"], "CREATED");
    assert_eq!(shipment["events"][0]["test"], true);
    assert_eq!(shipment["events"][0]["effect"], Value::Null);

    world.label("shipway", "99999999").await.ok();
    let timed = json!({ "order_id": "99999999", "current_status": "DEL", "status_time": "2026-11-23 10:00:00" });
    assert_eq!(statuses(&world.push("shipway", &timed).await), ["ACCEPTED"]);
    let arrived = world.arrived(1).await;
    assert_eq!(arrived[0]["forwardOrderCode"], "99999999");
}

#[tokio::test]
async fn every_dialect_of_a_vendor_is_understood() {
    for (alias, dialect) in [
        ("clickpost", "all"),
        ("clickpost", "selected"),
        ("clickpost", "wrapped"),
        ("shiprocket", "2023"),
        ("shiprocket", "2021"),
        ("shipway", "classic"),
        ("shipway", "panel"),
    ] {
        let world = World::start().await;
        let label = world.label(alias, "asdf1234").await.ok();
        let awb = label["awb"].as_str().unwrap();
        let advance = world.advance(alias, awb, "DELIVERED", Some(dialect)).await;
        assert_eq!(advance.status, 200, "{alias} {dialect} {advance:?}");
        let arrived = world.arrived(vendor(alias).delivered.len()).await;
        let last = arrived.last().unwrap();
        assert_eq!(last["notificationType"], "DELIVERED", "{alias} {dialect}");
        assert_eq!(last["forwardOrderCode"], "asdf1234", "{alias} {dialect}");
        assert_eq!(last["forwardAwb"], awb, "{alias} {dialect}");
    }
}

#[tokio::test]
async fn clickposts_keys_are_passed_on_to_the_client() {
    let world = World::start().await;
    let label = world.label("clickpost", "asdf1234").await.ok();
    let awb = label["awb"].as_str().unwrap();
    world.advance("clickpost", awb, "AWB_GENERATED", None).await;
    let arrived = world.arrived(1).await;
    let said = &arrived[0]["logisticAggregatorInfo"]["logisticAggregatorMetaData"];
    assert!(said["Account Code"].is_string(), "{said}");
    assert!(said["Security Key"].is_string(), "{said}");
}

#[tokio::test]
async fn an_unauthenticated_push_is_not_read() {
    let world = World::start().await;
    for vendor in natives(|_| true) {
        let alias = vendor.alias;
        let account = world.stack.demo().unwrap().accounts[alias].clone();
        let push = known(vendor);
        let wrong_token = format!("{}0", account.push_url);
        let mut wrong = vec![world.client.post(wrong_token)];
        for name in account.headers.keys() {
            wrong.push(world.client.post(&account.push_url));
            wrong.push(world.client.post(&account.push_url).header(name, "wrong"));
        }
        for request in wrong {
            for body in [push.to_string(), "no JSON".to_owned()] {
                let request = request.try_clone().unwrap().body(body);
                Answer::to(request).await.problem(401, "unauthenticated");
            }
        }
    }
    let hashed = json!({ "hash": "0123456789abcdef0123456789abcdef", "status_feed": [] });
    world
        .push("shipway", &hashed)
        .await
        .problem(401, "unauthenticated");
    world.told_nothing();
}

#[tokio::test]
async fn a_token_is_not_accepted_as_a_password_nor_a_password_as_a_token() {
    let world = World::start().await;
    let demo = world.stack.demo().unwrap();
    let token = demo.accounts["shipway"]
        .push_url
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let magic = &demo.accounts["magic"];
    let as_password = world
        .client
        .post(&magic.push_url)
        .header("authUsername", &token)
        .header("authPassword", &token);
    Answer::to(as_password.body("{}"))
        .await
        .problem(401, "unauthenticated");
    let user = &magic.headers["authUsername"];
    let as_token = format!("{}/notifications/{user}", world.stack.base_url());
    Answer::to(world.client.post(as_token).body("{}"))
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn an_invalid_push_is_refused_with_a_pointer() {
    let world = World::start().await;
    for vendor in natives(|_| true) {
        let alias = vendor.alias;
        world
            .push(alias, &json!({}))
            .await
            .problem(422, "invalid-request");
        world
            .push(alias, &json!([1]))
            .await
            .problem(422, "invalid-request");
        let account = world.stack.demo().unwrap().accounts[alias].clone();
        let mut request = world.client.post(&account.push_url).body("{");
        for (name, value) in &account.headers {
            request = request.header(name, value);
        }
        Answer::to(request).await.problem(400, "malformed-json");
    }
}
