//! What a client changes is seen by the next push, also by an instance that remembers what was before.

use serde_json::{Value, json};

use crate::configuration::pushing::{ALIASES, Pushing};
use crate::configuration::world::World;
use crate::vendors::those;

impl World {
    /// Puts an endpoint at a path of the sink that has its name, with these additional fields.
    async fn endpoint_put(&self, id: &str, fields: &Value) {
        let mut body = json!({ "url": format!("{}/{id}", self.stack.sink_url()) });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let put = self.put(&format!("/webhook-endpoints/{id}"), &body).await;
        assert!([200, 201].contains(&put.status), "{put:?}");
    }
}

/// Whether what was pushed goes to the endpoint `fresh` too, after what was done to it.
async fn change(world: &World, step: usize) -> bool {
    let path = "/webhook-endpoints/fresh";
    let (answer, is_wanted) = match step {
        0 => return false,
        1 => {
            world.endpoint_put("fresh", &json!({})).await;
            (
                world.call("POST", &format!("{path}/test"), None).await,
                true,
            )
        }
        2 => {
            let types = json!({ "notificationTypes": ["DELIVERED"] });
            world.endpoint_put("fresh", &types).await;
            return false;
        }
        3 => {
            world
                .endpoint_put("fresh", &json!({ "enabled": false }))
                .await;
            return false;
        }
        4 => {
            world
                .endpoint_put("fresh", &json!({ "enabled": true }))
                .await;
            return true;
        }
        5 => {
            world
                .endpoint_put("fresh", &json!({ "enabled": false }))
                .await;
            let path = format!("{path}/resume");
            (world.call("POST", &path, None).await, true)
        }
        _ => {
            let path = format!("{path}?force=true");
            (world.call("DELETE", &path, None).await, false)
        }
    };
    assert!([200, 204].contains(&answer.status), "{step}: {answer:?}");
    is_wanted
}

#[tokio::test]
async fn a_push_goes_to_every_endpoint_that_wants_it_when_it_comes() {
    let world = World::of_one_instance().await;
    for alias in ALIASES {
        let pushing = world.account_made(alias).await;
        world.endpoint_put("first", &json!({})).await;
        let sink = world.stack.sink().unwrap();
        let mut expected = Vec::new();
        for step in 0..7 {
            let is_wanted = change(&world, step).await;
            if step == 1 {
                // What the test of the endpoint sent.
                sink.clear();
                expected.clear();
            }
            let order = format!("{alias}-{step}");
            world.pushed(&pushing, &order, "ACCEPTED").await;
            expected.push((order.clone(), "/first".to_owned()));
            if is_wanted {
                expected.push((order, "/fresh".to_owned()));
            }
            assert_eq!(world.arrivals(expected.len()).await, expected, "{alias}");
        }
        sink.clear();
    }
    // Nothing was on its way to where it was not wanted.
    let failed = world.get("/messages?endpointId=fresh&status=failed").await;
    assert_eq!(failed.body["messages"], json!([]));
}

#[tokio::test]
async fn notifications_that_are_switched_off_or_on_are_so_from_the_next_push_on() {
    let world = World::of_one_instance().await;
    world.endpoint_put("first", &json!({})).await;
    for alias in ALIASES {
        let pushing = world.account_made(alias).await;
        let numbers = 1..;
        let switched = [(true, "ACCEPTED"), (false, "IGNORED")].into_iter().cycle();
        for (number, (is_on, status)) in numbers.zip(switched).take(5) {
            let fields = json!({ "notificationsEnabled": is_on });
            world.account_put(alias, 200, &fields).await;
            let order = format!("{alias}-{number}");
            world.pushed(&pushing, &order, status).await;
        }
    }
    let arrived = world.arrivals(3 * ALIASES.len()).await;
    let odd = |(order, _): &(String, String)| !order.ends_with(['2', '4']);
    assert!(arrived.iter().all(odd), "{arrived:?}");
}

/// One proof after the other is given to the account: only the newest is right, whichever is sent first.
async fn only_the_newest_is_right(world: &World, proofs: &[(Value, Pushing)]) {
    let alias = proofs[0].1.alias;
    world.account_put(alias, 200, &proofs[0].0).await;
    world.pushed(&proofs[0].1, "0", "ACCEPTED").await;
    for (number, pair) in proofs.windows(2).enumerate() {
        let [(_, old), (fields, new)] = pair else {
            panic!("a pair")
        };
        let refused = async || {
            let answer = world.push_of(old, "late").await;
            assert_eq!(answer.status, 401, "{alias} {number}: {answer:?}");
        };
        world.account_put(alias, 200, fields).await;
        if number % 2 == 0 {
            refused().await;
        }
        let order = format!("new-{number}");
        world.pushed(new, &order, "ACCEPTED").await;
        refused().await;
    }
}

#[tokio::test]
async fn a_proof_that_was_replaced_is_right_at_once_and_the_one_before_is_not() {
    let world = World::of_one_instance().await;
    for vendor in those(|vendor| vendor.key_header().is_some()) {
        let header = vendor.key_header().unwrap();
        let pushing = world.account_made(vendor.alias).await;
        let proofs = ["one", "two", "three"].map(|word| {
            let key = format!("the-webhook-key-{word}");
            (json!({ "webhookKey": key }), pushing.with_key(header, &key))
        });
        only_the_newest_is_right(&world, &proofs).await;
    }
    let pushing = world.account_made("shipway").await;
    let proofs = ["one", "two", "three"].map(|word| {
        let credentials = json!({ "email": "rms@brand.example", "licenseKey": word });
        let fields = json!({ "credentials": credentials });
        (fields, pushing.with_hash_of(&credentials))
    });
    only_the_newest_is_right(&world, &proofs).await;
}

#[tokio::test]
async fn the_pushes_of_an_account_that_was_removed_are_refused_at_once() {
    let world = World::of_one_instance().await;
    for alias in ALIASES {
        let before = world.account_made(alias).await;
        world.pushed(&before, "one", "ACCEPTED").await;
        world.pushed(&before, "two", "ACCEPTED").await;
        let path = format!("/logistic-accounts/{alias}?force=true");
        assert_eq!(world.call("DELETE", &path, None).await.status, 204);
        let refused = world.push_of(&before, "three").await;
        assert_eq!(refused.status, 401, "{alias}: {refused:?}");

        // Another account of that name has nothing of it.
        let present = world.account_made(alias).await;
        world.pushed(&present, "four", "ACCEPTED").await;
        let refused = world.push_of(&before, "five").await;
        assert_eq!(refused.status, 401, "{alias}: {refused:?}");
        world.pushed(&present, "six", "ACCEPTED").await;
    }
}
