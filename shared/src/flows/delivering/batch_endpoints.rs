//! The endpoints of a batch of deliveries: their configuration and health, as of the first use in the batch, with one
//! read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use futures::lock::Mutex;

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::Health;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::health::EndpointHealths;
use crate::store::failure::StoreFailure;

/// The endpoints of a batch: each is read once, when the first of its lanes needs it.
#[derive(Debug)]
pub struct BatchEndpoints<'a> {
    endpoints: &'a Endpoints,
    healths: &'a EndpointHealths,
    known: std::sync::Mutex<HashMap<EndpointKey, Known>>,
}

/// An endpoint as it was read.
#[derive(Debug, Clone)]
pub(in crate::flows) struct Seen {
    /// Its configuration; `None` if it was removed.
    pub(in crate::flows) configured: Option<Arc<WebhookEndpoint>>,
    /// Its health.
    pub(in crate::flows) health: Health,
}

type Known = Arc<Mutex<Read>>;

/// The parts of an endpoint that were read so far.
#[derive(Debug, Default)]
enum Read {
    #[default]
    Nothing,
    Health(Health),
    All(Seen),
}

impl Read {
    fn health(&self) -> Option<&Health> {
        match self {
            Self::Nothing => None,
            Self::Health(health) | Self::All(Seen { health, .. }) => Some(health),
        }
    }
}

impl<'a> BatchEndpoints<'a> {
    /// The endpoints for a new batch.
    pub fn new(endpoints: &'a Endpoints, healths: &'a EndpointHealths) -> Self {
        Self {
            endpoints,
            healths,
            known: std::sync::Mutex::default(),
        }
    }

    /// An endpoint, as cached for the batch.
    pub(in crate::flows) async fn of(&self, endpoint: &EndpointKey) -> Result<Seen, StoreFailure> {
        let known = self.known(endpoint);
        let mut known = known.lock().await;
        if let Read::All(seen) = &*known {
            return Ok(seen.clone());
        }
        let seen = Box::pin(self.read(endpoint)).await?;
        *known = Read::All(seen.clone());
        Ok(seen)
    }

    async fn read(&self, endpoint: &EndpointKey) -> Result<Seen, StoreFailure> {
        let wanted = self.endpoints.wanted(endpoint)?;
        let (health, found) = self.healths.read_with(endpoint, wanted).await?;
        let configured = self.endpoints.found(endpoint, found).await?;
        Ok(Seen { configured, health })
    }

    /// An endpoint's health, as cached for the batch, without its configuration.
    pub(in crate::flows) async fn health_of(
        &self,
        endpoint: &EndpointKey,
    ) -> Result<Health, StoreFailure> {
        let known = self.known(endpoint);
        let mut known = known.lock().await;
        if let Some(health) = known.health() {
            return Ok(health.clone());
        }
        let health = self.healths.read(endpoint).await?;
        *known = Read::Health(health.clone());
        Ok(health)
    }

    /// Reads the current health of an endpoint.
    pub(in crate::flows) async fn read_health_again(
        &self,
        endpoint: &EndpointKey,
    ) -> Result<Health, StoreFailure> {
        let health = self.healths.read(endpoint).await?;
        self.learn(endpoint, health.clone()).await;
        Ok(health)
    }

    /// Caches an endpoint's health.
    pub(in crate::flows) async fn learn(&self, endpoint: &EndpointKey, health: Health) {
        match &mut *self.known(endpoint).lock().await {
            Read::All(seen) => seen.health = health,
            read @ (Read::Nothing | Read::Health(_)) => *read = Read::Health(health),
        }
    }

    /// Removes an endpoint that is known to have changed: the next delivery reads it again.
    pub(in crate::flows) async fn forget(&self, endpoint: &EndpointKey) {
        *self.known(endpoint).lock().await = Read::default();
    }

    fn known(&self, endpoint: &EndpointKey) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(endpoint.clone()).or_default().clone()
    }
}
