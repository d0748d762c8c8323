//! Authentication of pushes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::notifications::tenants::Account;
use crate::notifications::world::{Answer, World, event, told};

fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}

fn is_refused(answer: &Answer) {
    answer.is_problem(401, "unauthenticated");
    assert!(answer.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn a_push_is_authenticated_by_headers_or_by_basic_authorization() {
    let world = World::start().await;
    let (user, secret) = (
        &world.magic().headers["authUsername"],
        &world.magic().headers["authPassword"],
    );
    let basic = basic(user, secret);
    let proofs: [&[(&str, &str)]; 3] = [
        &[("authUsername", user), ("authPassword", secret)],
        // Header names are case-insensitive, and no domain is required.
        &[
            ("AUTHUSERNAME", user),
            ("authpassword", secret),
            ("authDomainName", "any.example"),
        ],
        &[("authorization", &basic)],
    ];
    for (number, proof) in proofs.iter().enumerate() {
        let event = event(&format!("proved-{number}"), "SHIPPED");
        let answer = world.push_with(proof, event.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    world.arrived(proofs.len()).await;
}

#[tokio::test]
async fn an_unauthenticated_push_is_refused_before_the_body_is_read() {
    let world = World::start().await;
    let (user, secret) = (
        &world.magic().headers["authUsername"],
        &world.magic().headers["authPassword"],
    );
    let wrong = [basic(user, "wrong"), basic("unknown", secret)];
    let proofs: [&[(&str, &str)]; 11] = [
        &[],
        &[("authUsername", user), ("authPassword", "wrong")],
        &[("authUsername", "unknown"), ("authPassword", secret)],
        &[("authUsername", user)],
        &[("authPassword", secret)],
        &[("authUsername", user), ("authPassword", "")],
        &[("authUsername", ""), ("authPassword", "")],
        &[("authorization", &wrong[0])],
        &[("authorization", &wrong[1])],
        &[("authorization", "Basic not-base64!")],
        &[
            ("authorization", "Bearer "),
            ("x-api-key", &world.demo().api_key),
        ],
    ];
    let bodies = [
        event("refused", "SHIPPED").to_string(),
        "{ this is not JSON".to_owned(),
        "x".repeat(300 * 1024),
    ];
    for proof in proofs {
        for body in &bodies {
            is_refused(&world.push_with(proof, body.clone()).await);
        }
    }
    let mut type_of_body = vec![("content-type", "text/plain")];
    type_of_body.extend(proofs[1]);
    is_refused(&world.push_with(&type_of_body, bodies[0].clone()).await);
    assert_eq!(world.items_in("NotificationsTable").await, 0);
    assert_eq!(world.items_in("ShipmentsTable").await, 0);
    world.pushed(&event("refused", "LOST"), "ACCEPTED").await;
    assert_eq!(told(&world.arrived(1).await), ["refused LOST"]);
}

#[tokio::test]
async fn a_credential_reaches_the_endpoints_of_its_own_client_only() {
    let world = World::start().await;
    let stranger = Account {
        client: "stranger",
        alias: "magic",
        domain: None,
        notifications: true,
    };
    world.add_account(&stranger).await;
    world
        .add_endpoint("stranger", "demo-sink", &world.sink_path("/stranger"))
        .await;
    let proof = [("authUsername", "magic"), ("authPassword", "secret")];
    let pushed = event("same-order", "SHIPPED");
    let theirs = world.push_with(&proof, pushed.to_string()).await;
    assert_eq!(theirs.status_of_event(), "ACCEPTED");
    let arrived = world.arrived(1).await;
    assert_eq!(arrived[0].path, "/stranger");
    // Same alias, same order, same event, but another client's.
    world.pushed(&pushed, "ACCEPTED").await;
    assert_eq!(world.arrived(2).await[1].path, "/webhooks/rms");
    // One client's user name with another client's secret is refused.
    let mixed = [
        ("authUsername", "magic"),
        (
            "authPassword",
            world.magic().headers["authPassword"].as_str(),
        ),
    ];
    is_refused(&world.push_with(&mixed, pushed.to_string()).await);
}

#[tokio::test]
async fn a_domain_name_that_is_given_must_be_the_configured_one() {
    let world = World::start().await;
    let account = Account {
        client: "demo",
        alias: "with-domain",
        domain: Some("brand.example"),
        notifications: true,
    };
    world.add_account(&account).await;
    let proof = [("authUsername", "with-domain"), ("authPassword", "secret")];
    let with = |domain| [proof[0], proof[1], ("authDomainName", domain)];
    let body = event("domain", "SHIPPED").to_string();
    is_refused(&world.push_with(&with("other.example"), body.clone()).await);
    is_refused(&world.push_with(&with(""), body.clone()).await);
    let answer = world.push_with(&with("brand.example"), body.clone()).await;
    assert_eq!(answer.status_of_event(), "ACCEPTED");
    // It is optional: Basic authorization cannot contain it.
    let answer = world.push_with(&proof, body).await;
    assert_eq!(answer.status_of_event(), "DUPLICATE");
}
