//! The dependencies of deliveries: endpoints with their secrets, records, the queues and the transport to clients.

use crate::config;
use crate::delivery::successes::Successes;
use crate::delivery::under_way::UnderWay;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::forward_message::{ForwardDependencies, Suspects};
use crate::flows::delivering::recover_deliveries::RecoveryDependencies;
use crate::flows::delivering::resume_endpoints::ResumeDependencies;
use crate::flows::messaging::tell_operator::OperatorEvents;
use crate::queue::backlog::Backlog;
use crate::queue::batch::Batches;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::health::EndpointHealths;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::delivering::undelivered::UndeliveredIndex;
use crate::store::statistics::Statistics;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of one delivery attempt.
    pub fn attempts(&self) -> Result<AttemptDependencies, WiringFailure> {
        Ok(AttemptDependencies {
            endpoints: self.endpoints_with_secrets()?,
            versions: self.versions()?,
            healths: self.healths()?,
            messages: self.messages()?,
            deliveries: self.deliveries()?,
            outbound: self.outbound()?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
            successes: Successes::default(),
            events: self.operator_events()?,
            statistics: self.statistics()?,
        })
    }

    /// What tells operators of a client's systems.
    pub fn operator_events(&self) -> Result<OperatorEvents, WiringFailure> {
        Ok(OperatorEvents::new(self.publishing()?))
    }

    /// The dependencies of the delivery queue's consumer.
    pub fn forwarding(&self) -> Result<ForwardDependencies, WiringFailure> {
        let queue_url = self.variables.required(config::DELIVERY_QUEUE_URL)?;
        // Deliveries of several lanes may end at the same time.
        let gathering = self.dynamodb.gathering();
        let deliveries = self.table_by(&gathering, config::NOTIFICATIONS_TABLE, Deliveries::new)?;
        Ok(ForwardDependencies {
            attempting: AttemptDependencies {
                deliveries,
                ..self.attempts()?
            },
            parked: self.parked()?,
            backlog: Backlog::new(self.sqs(), queue_url),
            dead_letters: self.sender(config::DELIVERY_DEAD_LETTER_QUEUE_URL)?,
            under_way: UnderWay::default(),
            suspects: Suspects::default(),
        })
    }

    /// Reads batches of the delivery queue.
    pub fn batches(&self) -> Result<Batches, WiringFailure> {
        let queue_url = self.variables.required(config::DELIVERY_QUEUE_URL)?;
        Ok(Batches::new(self.sqs(), queue_url))
    }

    /// The dependencies of resuming suspended endpoints.
    pub fn resuming(&self) -> Result<ResumeDependencies, WiringFailure> {
        Ok(ResumeDependencies {
            attempting: self.attempts()?,
            parked: self.parked()?,
            dead_letters: self.sender(config::DELIVERY_DEAD_LETTER_QUEUE_URL)?,
        })
    }

    /// The failed deliveries and the queue to send them again.
    pub fn recovery(&self) -> Result<RecoveryDependencies, WiringFailure> {
        Ok(RecoveryDependencies {
            endpoints: self.endpoints_without_secrets()?,
            shipments: self.shipments()?,
            history: self.history()?,
            undelivered: self.undelivered()?,
            deliveries: self.deliveries()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
        })
    }

    /// The records of deliveries.
    pub fn deliveries(&self) -> Result<Deliveries, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, Deliveries::new)
    }

    /// The health of endpoints.
    pub fn healths(&self) -> Result<EndpointHealths, WiringFailure> {
        self.table(config::ENDPOINT_HEALTH_TABLE, EndpointHealths::new)
    }

    /// The deliveries parked for suspended endpoints.
    pub fn parked(&self) -> Result<ParkedDeliveries, WiringFailure> {
        self.table(config::PARKED_DELIVERIES_TABLE, ParkedDeliveries::new)
    }

    /// The counts of what was accepted, delivered and given up.
    pub fn statistics(&self) -> Result<Statistics, WiringFailure> {
        self.table(config::STATISTICS_TABLE, Statistics::new)
    }

    pub(super) fn undelivered(&self) -> Result<UndeliveredIndex, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, UndeliveredIndex::new)
    }
}
