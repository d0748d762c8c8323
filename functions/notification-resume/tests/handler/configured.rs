//! A run uses the endpoint's current configuration.

use std::time::Duration;

use jiff::Timestamp;
use local::sink::{Behaviour, ReceivedRequest};
use logistics::destinations::client_webhook::signature::sign;
use logistics::domain::delivery::{AttemptEnd, DeliveryState};
use logistics::domain::endpoint::WebhookEndpoint;

use crate::notification_resume::world::{HOUR, Stalled, now};

/// Time limit of a run.
const RUN: Duration = Duration::from_secs(75);
/// The endpoint's new secret.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

impl Stalled {
    /// Changes the endpoint as its client does.
    async fn change(&self, change: impl FnOnce(WebhookEndpoint) -> WebhookEndpoint) {
        let start = self.world.start_of("configuration").unwrap();
        let desk = start.endpoints().unwrap();
        let (client, id) = (&self.endpoint.client_id, &self.endpoint.endpoint_id);
        let present = desk.endpoints.read(client, id).await.unwrap().unwrap();
        let changed = change(present.value);
        let raised = desk.versions.raised(client).unwrap();
        let seen = Some(&present.version);
        let saved = desk.endpoints.save(&changed, seen, vec![raised]);
        assert!(saved.await.unwrap().is_some());
    }

    /// Begins to drain the backlog.
    async fn drain(&self) {
        let health = self.health().await;
        let draining = health.suspension.unwrap().draining();
        let changed = self
            .healths
            .change(&self.endpoint, health.version, &draining);
        assert!(changed.await.unwrap());
    }
}

fn is_signed_with(secret: &str, request: &ReceivedRequest) -> bool {
    let header = |name: &str| request.headers[name].as_str();
    let second = header("webhook-timestamp").parse().unwrap();
    let signature = sign(
        header("webhook-id"),
        Timestamp::from_second(second).unwrap(),
        request.body.as_bytes(),
        [&secret.into()],
    );
    let signature = signature.unwrap();
    header("webhook-signature")
        .split(' ')
        .any(|one| one == signature)
}

#[tokio::test]
async fn a_probe_and_a_backlog_go_to_the_current_url_and_are_signed_with_the_current_secret() {
    let stalled = Stalled::for_long(HOUR).await;
    let app = stalled.app();
    for sequence in 1..=3 {
        stalled.park(0, sequence, now()).await;
    }
    stalled.refuse(503);
    stalled.run_of(&app, RUN).await;
    assert_eq!(stalled.received(), ["0-1"]);

    stalled.world.sink.clear();
    stalled
        .change(|endpoint| WebhookEndpoint {
            url: endpoint.url.join("/moved").unwrap(),
            signing_secrets: endpoint
                .signing_secrets
                .rotated(SECRET.into(), Timestamp::now()),
            ..endpoint
        })
        .await;
    stalled.answer(Behaviour::default());
    stalled.run_of(&app, RUN).await;
    assert_eq!(stalled.received(), ["0-1", "0-2", "0-3"]);
    for request in stalled.world.sink.received() {
        assert_eq!(request.path, "/moved");
        assert!(is_signed_with(SECRET, &request));
    }
}

#[tokio::test]
async fn parked_deliveries_are_delivered_after_their_endpoint_is_enabled_again() {
    let stalled = Stalled::for_long(HOUR).await;
    let app = stalled.app();
    let switch = async |enabled| {
        let switched = |endpoint| WebhookEndpoint {
            enabled,
            ..endpoint
        };
        stalled.change(switched).await;
    };
    let given_up = stalled.park(0, 1, now()).await;
    switch(false).await;
    stalled.run_of(&app, RUN).await;
    let record = stalled.record(&given_up).await;
    assert_eq!(record.latest().unwrap().end, AttemptEnd::Disabled);

    switch(true).await;
    stalled.suspend(HOUR).await;
    let taken = stalled.park(0, 2, now()).await;
    stalled.run_of(&app, RUN).await;
    assert_eq!(stalled.received(), ["0-2"]);
    assert_eq!(stalled.record(&taken).await.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_during_a_drain_gets_one_attempt_per_lane() {
    let stalled = Stalled::for_long(HOUR).await;
    let mut parked = Vec::new();
    for sequence in 1..=30 {
        parked.push(stalled.park(0, sequence, now()).await);
    }
    stalled.drain().await;
    stalled.refuse(410);
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    for key in &parked {
        assert_eq!(stalled.record(key).await.state, DeliveryState::Failed);
    }
    assert_eq!(stalled.waiting().await, 0);
}
