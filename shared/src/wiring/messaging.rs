//! The dependencies of messages of any kind: their store, their search and the queue.

use crate::config;
use crate::flows::messaging::find_messages::MessageSearchDependencies;
use crate::flows::messaging::publish_message::PublishDependencies;
use crate::store::messaging::history::History;
use crate::store::messaging::kind_index::KindIndex;
use crate::store::messaging::messages::Messages;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of storing and sending a message. They open no secrets.
    pub fn publishing(&self) -> Result<PublishDependencies, WiringFailure> {
        Ok(PublishDependencies {
            endpoints: self.endpoints_without_secrets()?,
            messages: self.messages()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
        })
    }

    /// The dependencies of searching messages.
    pub fn message_search(&self) -> Result<MessageSearchDependencies, WiringFailure> {
        Ok(MessageSearchDependencies {
            messages: self.messages()?,
            history: self.history()?,
            deliveries: self.deliveries()?,
            kinds: self.table(config::NOTIFICATIONS_TABLE, KindIndex::new)?,
            undelivered: self.undelivered()?,
            endpoints: self.endpoints_without_secrets()?,
            parked: self.parked()?,
        })
    }

    /// The messages with their bodies.
    pub fn messages(&self) -> Result<Messages, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, Messages::new)
    }

    /// The messages and deliveries without their bodies.
    pub fn history(&self) -> Result<History, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, History::new)
    }
}
