//! Shiprocket's login: once for all functions, renewed when the token is refused.

use crate::aggregators::world::{LABELS, World};

const LOGIN: &str = "POST /v1/external/auth/login";

#[tokio::test]
async fn a_label_costs_three_calls_with_an_existing_session() {
    let world = World::start().await;
    world.label("shiprocket", "A-1").await.ok();
    let before = world.calls("shiprocket").len();
    assert_eq!(before, 4, "{:?}", world.paths("shiprocket"));
    world.label("shiprocket", "A-2").await.ok();
    assert_eq!(
        world.paths("shiprocket")[before..],
        [
            "POST /v1/external/orders/create/adhoc",
            "POST /v1/external/courier/assign/awb",
            "POST /v1/external/courier/generate/label",
        ]
    );
}

#[tokio::test]
async fn functions_share_the_session() {
    let world = World::start().await;
    world.label("shiprocket", "A-1").await.ok();
    world.return_awb("shiprocket", "R-1").await.ok();
    world.delete(LABELS, "A-1").await.ok();
    assert_eq!(world.asked("shiprocket", LOGIN), 1);
}

#[tokio::test]
async fn an_expired_session_is_renewed_once() {
    let world = World::start().await;
    world.label("shiprocket", "A-1").await.ok();
    let url = format!("{}/shiprocket/expire-tokens", world.stack.simulator_url());
    assert!(
        world
            .client
            .post(url)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    world.label("shiprocket", "A-2").await.ok();
    world.label("shiprocket", "A-3").await.ok();
    assert_eq!(world.asked("shiprocket", LOGIN), 2);
}

#[tokio::test]
async fn a_refused_login_is_an_operator_s_problem_and_frees_the_order_number() {
    let world = World::start().await;
    world.fault("shiprocket", "login", "refuse").await;
    let refused = world.label("shiprocket", "A-1").await;
    refused.problem(502, "aggregator-credentials");
    world.label("shiprocket", "A-1").await.ok();
}
