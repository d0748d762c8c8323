//! Authentication and authorization. A refused request changes nothing.

use logistics::domain::client::Scope;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::answer::Answer;
use crate::buying::samples;
use crate::buying::world::{COURIERS, LABELS, RETURNS, SETTLE, World, with_query};

/// A request of every kind, without credentials.
fn every_request(world: &World) -> Vec<RequestBuilder> {
    let posts: [(&str, Value); 4] = [
        (LABELS, samples::label("A-1")),
        (RETURNS, samples::return_awb("A-1")),
        (COURIERS, samples::route()),
        (SETTLE, samples::settlement("A-1")),
    ];
    let posts = posts
        .into_iter()
        .map(|(path, body)| world.request(Method::POST, path).json(&body));
    let gets = [LABELS, RETURNS]
        .map(|path| world.request(Method::GET, &with_query(path, &[("orderNumber", "A-1")])));
    posts.chain(gets).collect()
}

async fn has_no_trace(world: &World) {
    assert!(world.calls().is_empty());
    assert_eq!(world.stored().await, 0);
}

#[tokio::test]
async fn requests_without_a_known_key_are_refused() {
    let world = World::start().await;
    let long = format!("Bearer {}", "k".repeat(5_000));
    let demo = &world.stack.demo().unwrap().api_key;
    let as_basic = format!("Basic {demo}");
    let bare = demo.clone();
    let wrong_end = format!("Bearer {demo}x");
    for headers in [
        &[][..],
        &[("authorization", "Bearer rms_unknown")],
        &[("x-api-key", "rms_unknown")],
        &[("authorization", "Basic !!!")],
        &[("authorization", "Basic cm1zOnJtcw==")],
        &[("authorization", "Bearer")],
        &[("authorization", "Bearer ")],
        &[("authorization", "")],
        &[("x-api-key", "")],
        &[("authorization", &long)],
        &[("authorization", &as_basic)],
        &[("authorization", &bare)],
        &[("authorization", &wrong_end)],
    ] {
        for mut request in every_request(&world) {
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = Answer::to(request).await;
            answer.problem(401, "unauthenticated");
            assert!(answer.header("www-authenticate").is_some(), "{answer:?}");
        }
    }
    has_no_trace(&world).await;
}

#[tokio::test]
async fn a_key_is_accepted_in_either_header() {
    let world = World::start().await;
    let key = world.stack.demo().unwrap().api_key.clone();
    for (name, value) in [
        ("x-api-key", key.clone()),
        ("X-API-Key", key.clone()),
        ("authorization", format!("Bearer {key}")),
        ("authorization", format!("bearer {key}")),
    ] {
        let request = world.request(Method::POST, LABELS).header(name, value);
        Answer::to(request.json(&samples::label("A-1"))).await.ok();
    }
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn a_key_without_the_scope_is_forbidden() {
    let world = World::start().await;
    let others = [Scope::Notifications, Scope::Configuration];
    let key = world.key_with(others.to_vec()).await;
    for request in every_request(&world) {
        let answer = Answer::to(request.header("x-api-key", &key)).await;
        let problem = answer.problem(403, "forbidden");
        assert!(problem["detail"].as_str().unwrap().contains("shipping"));
    }
    has_no_trace(&world).await;

    let key = world.key_with(vec![Scope::Shipping]).await;
    let request = world.request(Method::POST, LABELS).bearer_auth(key);
    Answer::to(request.json(&samples::label("A-1"))).await.ok();
}

#[tokio::test]
async fn a_key_for_returns_buys_reads_and_cancels_return_awbs_and_no_labels() {
    let world = World::start().await;
    let key = world.key_with(vec![Scope::Returns]).await;
    let ask = async |method: Method, path: &str, body: Option<Value>| {
        let request = world.request(method, path).bearer_auth(&key);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        Answer::to(request).await
    };
    let body = samples::return_awb("A-1");
    let bought = ask(Method::POST, RETURNS, Some(body)).await.ok();
    let path = with_query(RETURNS, &[("orderNumber", "A-1")]);
    assert_eq!(ask(Method::GET, &path, None).await.ok(), bought);

    let label = ask(Method::POST, LABELS, Some(samples::label("A-1"))).await;
    let problem = label.problem(403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("shipping"));
    let path = with_query(LABELS, &[("orderNumber", "A-1")]);
    for method in [Method::GET, Method::DELETE] {
        ask(method, &path, None).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn another_client_sees_and_uses_nothing_of_this_one() {
    let world = World::start().await;
    let label = world.label("A-1").await.ok();
    let (calls, stored) = (world.calls().len(), world.stored().await);
    let key = world.another_client().await;

    let expected = [
        (422, "unknown-account-alias"),
        (422, "unknown-account-alias"),
        (422, "unknown-account-alias"),
        (404, "not-found"),
        (404, "not-found"),
        (404, "not-found"),
    ];
    for (request, (status, slug)) in every_request(&world).into_iter().zip(expected) {
        let answer = Answer::to(request.bearer_auth(&key)).await;
        answer.problem(status, slug);
    }
    let by_id = with_query(LABELS, &[("orderId", label["orderId"].as_str().unwrap())]);
    let request = world.request(Method::GET, &by_id).bearer_auth(&key);
    Answer::to(request).await.problem(404, "not-found");
    let pdf = world.request(Method::GET, &with_query(LABELS, &[("orderNumber", "A-1")]));
    let pdf = pdf.bearer_auth(&key).header("accept", "application/pdf");
    Answer::to(pdf).await.problem(404, "not-found");
    let unnamed = samples::without(samples::label("A-1"), "logisticAccountAlias");
    let request = world.request(Method::POST, LABELS).bearer_auth(&key);
    let answer = Answer::to(request.json(&unnamed)).await;
    answer.problem(422, "unknown-account-alias");

    assert_eq!((world.calls().len(), world.stored().await), (calls, stored));
}
