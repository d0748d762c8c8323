//! Passes a push on as it came, for aggregators whose clients get it beside the notification that it becomes.
//!
//! The message is stored once for each stored event, whatever the event means, and sent before the push is answered. Its
//! identity is the notification's id: a repeat of the push finds it and sends what has no delivery record.

use crate::aggregators::{Pushes, find_pushing};
use crate::domain::account::LogisticAccount;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{Message, MessageKind, Routing};
use crate::flows::messaging::publish_message::{PublishFailure, Publishing, publish_to};
use crate::flows::messaging::send_message::wanting;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::receive_failure::ReceiveFailure;
use crate::flows::notifying::record_notification::Arrival;
use crate::flows::notifying::store_event::StoredEvent;
use crate::store::failure::StoreFailure;

/// Whether the client of an account gets its pushes as they came, too.
pub(in crate::flows::notifying) fn passes_on(account: &LogisticAccount) -> bool {
    let adapter = find_pushing(&account.aggregator);
    account.notifications_enabled && adapter.is_some_and(Pushes::passes_on)
}

/// Stores and sends the push of a stored event.
pub(in crate::flows::notifying) async fn pass_on(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    event: &StoredEvent<'_>,
    endpoints: &[WebhookEndpoint],
    arrival: Arrival<'_>,
) -> Result<(), ReceiveFailure> {
    let Some(body) = &event.passed_on else {
        return Ok(());
    };
    let account = push.account();
    let routing = Routing {
        kind: MessageKind::LogisticsStatus,
        notification_type: None,
        shipment_type: None,
        alias: Some(&account.alias),
        warehouse: None,
    };
    let message = Message {
        client_id: &account.client_id,
        routing,
        subject: event.subject.clone(),
        identity: vec![event.key.message_id()],
        content: String::new(),
        correction: false,
        body: body.clone(),
    };
    let publishing = Publishing {
        messages: &dependencies.messages,
        queue: &dependencies.queue,
        ttl_days: dependencies.ttl_days,
    };
    let wanting = wanting(endpoints, &routing);
    publish_to(
        publishing,
        wanting,
        &message,
        arrival.request_id,
        arrival.at,
    )
    .await?;
    Ok(())
}

impl From<PublishFailure> for ReceiveFailure {
    fn from(failure: PublishFailure) -> Self {
        match failure {
            // Not expected: all pushes of an event have the same content.
            PublishFailure::OtherContent => Self::NotStored(StoreFailure::Contended),
            PublishFailure::NotSerialised(error) => Self::NotEncoded(error.into()),
            PublishFailure::NotPacked(error) => Self::NotEncoded(error.into()),
            PublishFailure::NotStored(failure) => Self::NotStored(failure),
            PublishFailure::NotSent(failure) => Self::NotSent(failure),
        }
    }
}
