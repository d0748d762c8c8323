//! Tells the client's operators of a status code that RMS does not know.

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::flows::messaging::publish_message::Publishing;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::record_notification::Arrival;

/// Tells the code of an event whose status is unknown, to those of the client's endpoints that want it.
pub(in crate::flows::notifying) async fn tell_unmapped(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    code: &str,
    endpoints: &[WebhookEndpoint],
    arrival: Arrival<'_>,
) {
    let account = push.account();
    let client = &account.client_id;
    let event = OperatorEvent {
        about: About::Account(account.alias.clone()),
        kind: OperatorEventKind::NewUnmappedCode,
        reason: Some(code.to_owned()),
        at: arrival.at,
    };
    let publishing = Publishing {
        messages: &dependencies.messages,
        queue: &dependencies.queue,
        ttl_days: dependencies.ttl_days,
    };
    let told = &dependencies.told;
    told.tell(publishing, endpoints, client, &event, arrival.request_id)
        .await;
}
