//! A status code that RMS does not know: it is listed, mapped by the account, and replayed; from then on it is translated at
//! once.

use local::stack::Stack;
use serde_json::{Value, json};

use crate::notifications::world::{Answer, World, body, event, told, webhook_id};

/// Sends a request of the demo client with this method.
async fn ask(
    stack: &Stack,
    http: &reqwest::Client,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Answer {
    let url = format!("{}{path}", stack.base_url());
    let request = http.request(method.parse().unwrap(), url);
    let request = request.bearer_auth(&stack.demo().unwrap().api_key);
    Answer::of(match body {
        Some(body) => request.json(body),
        None => request,
    })
    .await
}

/// Gives codes of an account of the demo client a type, beside those that it has.
pub(crate) async fn map(
    stack: &Stack,
    http: &reqwest::Client,
    alias: &str,
    mappings: &[(&str, &str)],
) -> Answer {
    let path = format!("/logistic-accounts/{alias}");
    let mut account = ask(stack, http, "GET", &path, None).await.body;
    for (code, word) in mappings {
        account["statusMappings"][code] = json!(word);
    }
    ask(stack, http, "PUT", &path, Some(&account)).await
}

impl World {
    pub(crate) async fn map(&self, mappings: &[(&str, &str)]) -> Answer {
        map(&self.stack, &self.http, "magic", mappings).await
    }

    async fn shown(&self, path: &str) -> Value {
        let answer = ask(&self.stack, &self.http, "GET", path, None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// Replays a code of the demo account, or counts; returns matched, translated and queued.
    pub(crate) async fn replay(&self, code: &str, dry_run: bool) -> [u64; 3] {
        let wanted = json!({ "logisticAccountAlias": "magic", "code": code, "dryRun": dry_run });
        let answer = self.call("/unmapped-statuses/replay", &wanted).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        ["matched", "translated", "queued"].map(|name| answer.body[name].as_u64().unwrap())
    }
}

#[tokio::test]
async fn an_unknown_code_is_listed_mapped_and_replayed_and_then_forwarded_at_once() {
    let world = World::start().await;
    let out = world.pushed(&event("A", "ON_THE_LORRY"), "UNMAPPED").await;
    world.pushed(&event("B", "ON_THE_LORRY"), "UNMAPPED").await;
    let delivered = world.pushed(&event("A", "HANDED_OVER"), "UNMAPPED").await;
    world.settled().await;
    assert!(world.sink().received().is_empty());
    let state = async || world.shown("/shipments/A").await["state"].clone();
    assert_eq!(state().await, "CREATED");

    let listed = world.shown("/unmapped-statuses?code=ON_THE_LORRY").await;
    let [code] = listed["unmappedStatuses"].as_array().unwrap().as_slice() else {
        panic!("{listed}");
    };
    assert_eq!(
        (&code["count"], &code["notificationType"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(code["example"]["raw"]["forwardOrderCode"], "B");

    let known = world.map(&[("DELIVERED", "LOST")]).await;
    assert_eq!(known.status, 422, "{known:?}");
    assert_eq!(
        known.body["errors"][0]["pointer"],
        "/statusMappings/DELIVERED"
    );
    let mappings = [
        ("ON_THE_LORRY", "OUT_FOR_DELIVERY"),
        ("HANDED_OVER", "DELIVERED"),
    ];
    let mapped = world.map(&mappings).await;
    assert_eq!(mapped.status, 200, "{mapped:?}");
    assert_eq!(mapped.body["statusMappings"]["HANDED_OVER"], "DELIVERED");
    // What is new is translated at once, while the earlier ones still wait.
    let next = world.pushed(&event("C", "ON_THE_LORRY"), "ACCEPTED").await;
    assert_eq!(told(&world.arrived(1).await), ["C OUT_FOR_DELIVERY"]);
    assert_eq!(
        world.shown(&format!("/notifications/{next}")).await["mappedByAccount"],
        true
    );

    assert_eq!(world.replay("ON_THE_LORRY", true).await, [2, 0, 0]);
    assert_eq!(world.replay("ON_THE_LORRY", false).await, [2, 2, 2]);
    assert_eq!(world.replay("HANDED_OVER", false).await, [1, 1, 1]);
    for (code, _) in mappings {
        assert_eq!(world.replay(code, false).await, [0, 0, 0]);
    }
    world.arrived(4).await;
    world.settled().await;
    let arrived = world.sink().received();
    let mut all = told(&arrived);
    let of_a: Vec<_> = all
        .iter()
        .filter(|told| told.starts_with("A "))
        .cloned()
        .collect();
    assert_eq!(of_a, ["A OUT_FOR_DELIVERY", "A DELIVERED"]);
    all.sort();
    assert_eq!(
        all,
        [
            "A DELIVERED",
            "A OUT_FOR_DELIVERY",
            "B OUT_FOR_DELIVERY",
            "C OUT_FOR_DELIVERY"
        ]
    );
    for id in [&out, &delivered] {
        let webhook = webhook_id(id, "demo-sink");
        let sent = arrived
            .iter()
            .filter(|request| request.headers["webhook-id"] == webhook);
        let sent: Vec<_> = sent.collect();
        assert_eq!(sent.len(), 1);
        let stored = world.shown(&format!("/notifications/{id}")).await;
        assert_eq!(stored["payload"], body(sent[0]));
        assert_eq!(
            (&stored["status"], &stored["mappedByAccount"]),
            (&json!("ACCEPTED"), &json!(true))
        );
        assert!(stored["replayedAt"].is_string());
        assert_eq!(stored["deliveries"][0]["state"], "DELIVERED");
    }
    assert_eq!(state().await, "DELIVERED");
    assert_eq!(
        world.shown("/unmapped-statuses").await["unmappedStatuses"],
        json!([])
    );
    // A late event of an earlier state is forwarded, and moves nothing back.
    let late = world.pushed(&event("A", "IN_THE_HUB"), "UNMAPPED").await;
    world.map(&[("IN_THE_HUB", "TRANSIT")]).await;
    assert_eq!(world.replay("IN_THE_HUB", false).await, [1, 1, 1]);
    world.arrived(5).await;
    assert_eq!(state().await, "DELIVERED");
    let line = world.shown("/shipments/A").await;
    let mut events = line["events"].as_array().unwrap().iter();
    let late = events.find(|event| event["notificationId"] == json!(late));
    assert_eq!(late.unwrap()["effect"], "OUT_OF_ORDER", "{line}");
}

#[tokio::test]
async fn a_replayed_notification_is_retried_and_later_ones_wait_behind_it() {
    let world = World::start().await;
    let first = world.pushed(&event("A", "ON_THE_LORRY"), "UNMAPPED").await;
    world.map(&[("ON_THE_LORRY", "OUT_FOR_DELIVERY")]).await;
    world.behave(local::sink::Behaviour {
        status: 503,
        fail_next: Some(1),
        ..local::sink::Behaviour::default()
    });
    assert_eq!(world.replay("ON_THE_LORRY", false).await, [1, 1, 1]);
    // The failed attempt is repeated; what is pushed meanwhile waits behind it.
    world.pushed(&event("A", "DELIVERED"), "ACCEPTED").await;
    let arrived = world.arrived(3).await;
    assert_eq!(
        told(&arrived),
        ["A OUT_FOR_DELIVERY", "A OUT_FOR_DELIVERY", "A DELIVERED"]
    );
    let record = world.record(&first, "demo-sink", 2).await;
    assert_eq!(record.attempts, 2);
}

#[tokio::test]
async fn a_removed_mapping_leaves_what_it_translated_and_nothing_more() {
    let world = World::start().await;
    world.map(&[("ON_THE_LORRY", "OUT_FOR_DELIVERY")]).await;
    let before = world.pushed(&event("A", "ON_THE_LORRY"), "ACCEPTED").await;
    let path = "/logistic-accounts/magic";
    let mut account = world.shown(path).await;
    account["statusMappings"] = json!({});
    let answer = ask(&world.stack, &world.http, "PUT", path, Some(&account)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.pushed(&event("B", "ON_THE_LORRY"), "UNMAPPED").await;
    assert_eq!(
        world.shown(&format!("/notifications/{before}")).await["status"],
        "ACCEPTED"
    );
    let wanted = json!({ "logisticAccountAlias": "magic", "code": "ON_THE_LORRY" });
    let refused = world.call("/unmapped-statuses/replay", &wanted).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(told(&world.arrived(1).await), ["A OUT_FOR_DELIVERY"]);
}
