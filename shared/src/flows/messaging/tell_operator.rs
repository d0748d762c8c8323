//! Tells the operators of a client's systems what happened, at the client's endpoints that want it.
//!
//! An event is told beside other work, which must not fail because of it: what prevents it is logged. The same cause is the
//! same message, which is sent once however often it shows; an instance that has told it does not even look.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::clock;
use crate::contract::messages::operator_event::OperatorEventBody;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{Message, MessageKind, Routing};
use crate::domain::operator_event::OperatorEvent;
use crate::domain::text::{ClientId, RequestId};
use crate::flows::messaging::publish_message::{
    PublishDependencies, PublishFailure, Publishing, publish_to,
};
use crate::flows::messaging::send_message::wanting;

/// How many told causes an instance remembers.
const MOST_REMEMBERED: usize = 1000;
const ROUTING: Routing<'static> = Routing {
    kind: MessageKind::OperatorEvent,
    notification_type: None,
    shipment_type: None,
    alias: None,
    warehouse: None,
};

/// Tells events, and remembers which ones.
#[derive(Debug)]
pub struct OperatorEvents {
    publishing: PublishDependencies,
    told: ToldEvents,
}

impl OperatorEvents {
    /// With what publishing needs.
    pub fn new(publishing: PublishDependencies) -> Self {
        Self {
            publishing,
            told: ToldEvents::default(),
        }
    }

    /// Tells an event to the client's endpoints, which are read for that. Returns whether it is told.
    pub(in crate::flows) async fn tell(&self, client_id: &ClientId, event: &OperatorEvent) -> bool {
        if self.told.has(client_id, event) {
            return true;
        }
        let telling = async {
            let endpoints = self.publishing.endpoints.all(client_id).await?;
            let request_id = RequestId::from(Uuid::now_v7());
            let publishing = self.publishing.publishing();
            publish(publishing, &endpoints, client_id, event, &request_id).await
        };
        self.told.note(client_id, event, telling.await)
    }
}

/// The events that this instance has told.
#[derive(Debug, Default)]
pub struct ToldEvents(Mutex<BTreeSet<String>>);

impl ToldEvents {
    /// Tells an event to known endpoints, unless it was told.
    pub(in crate::flows) async fn tell(
        &self,
        publishing: Publishing<'_>,
        endpoints: &[WebhookEndpoint],
        client_id: &ClientId,
        event: &OperatorEvent,
        request_id: &RequestId,
    ) {
        if !self.has(client_id, event) {
            let told = publish(publishing, endpoints, client_id, event, request_id).await;
            self.note(client_id, event, told);
        }
    }

    fn has(&self, client_id: &ClientId, event: &OperatorEvent) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.contains(&name(client_id, event))
    }

    fn note(
        &self,
        client_id: &ClientId,
        event: &OperatorEvent,
        told: Result<(), PublishFailure>,
    ) -> bool {
        if let Err(failure) = told {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "operator event not sent");
            return false;
        }
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST_REMEMBERED {
            told.clear();
        }
        told.insert(name(client_id, event));
        true
    }
}

fn name(client_id: &ClientId, event: &OperatorEvent) -> String {
    let cause = event.cause().join("#");
    format!("{client_id}#{}#{cause}", event.subject().code())
}

async fn publish(
    publishing: Publishing<'_>,
    endpoints: &[WebhookEndpoint],
    client_id: &ClientId,
    event: &OperatorEvent,
    request_id: &RequestId,
) -> Result<(), PublishFailure> {
    let mut wanting = wanting(endpoints, &ROUTING);
    wanting.retain(|endpoint| event.endpoint() != Some(&endpoint.id));
    if wanting.is_empty() {
        // Nobody wants it: it is not stored either.
        return Ok(());
    }
    let message = Message {
        client_id,
        routing: ROUTING,
        subject: event.subject(),
        identity: event.cause(),
        content: String::new(),
        correction: false,
        body: serde_json::to_string(&OperatorEventBody::from(event))?,
    };
    publish_to(publishing, wanting, &message, request_id, clock::now()).await?;
    Ok(())
}
