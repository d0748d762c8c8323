//! Tells the client's operators of a status code that RMS does not know.

use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::domain::version::Version;
use crate::flows::messaging::publish_message::Publishing;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::record_notification::Arrival;
use crate::store::failure::StoreFailure;

/// Tells the code of an event whose status is unknown, to the endpoints of this version of the client's configuration.
pub(in crate::flows::notifying) async fn tell_unmapped(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    code: &str,
    version: &Version,
    arrival: Arrival<'_>,
) -> Result<(), StoreFailure> {
    let account = push.account();
    let client = &account.client_id;
    let endpoints = dependencies.endpoints.all_as_of(client, version).await?;
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
    told.tell(publishing, &endpoints, client, &event, arrival.request_id)
        .await;
    Ok(())
}
