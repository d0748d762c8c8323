//! Endpoints as their client configures them: read as they are now, changed only as they were seen, and never without a
//! record of it.

use serde_dynamo::{from_item, to_item};

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::text::{ClientId, EndpointId};
use crate::domain::version::{Version, Versioned};
use crate::store::configuring::endpoints::{Endpoints, Item};
use crate::store::configuring::versions::{self, Page, Things, version_of};
use crate::store::failure::StoreFailure;
use crate::store::transaction::Part;

impl Endpoints {
    /// One endpoint as it is now.
    pub async fn read(
        &self,
        client_id: &ClientId,
        id: &EndpointId,
    ) -> Result<Option<Versioned<WebhookEndpoint>>, StoreFailure> {
        match self.things().read(client_id, id.as_str()).await? {
            Some(item) => Ok(Some(self.versioned(item).await?)),
            None => Ok(None),
        }
    }

    /// A client's endpoints in the order of their names, behind a name.
    pub async fn page(
        &self,
        client_id: &ClientId,
        after: Option<&EndpointId>,
    ) -> Result<Page<WebhookEndpoint>, StoreFailure> {
        let after = after.map(EndpointId::as_str);
        let (found, next) = self.things().page(client_id, after).await?;
        let mut items = Vec::with_capacity(found.len());
        for item in found {
            items.push(self.versioned(item).await?);
        }
        Ok(Page { items, next })
    }

    /// Stores an endpoint as it is to be, with `others`, among them the record of it. `None`: it is no longer as it was seen.
    pub async fn save(
        &self,
        endpoint: &WebhookEndpoint,
        seen: Option<&Version>,
        others: Vec<Part>,
    ) -> Result<Option<Version>, StoreFailure> {
        let item = to_item(self.item(endpoint).await?)?;
        let version = self.things().put(item, seen, others).await?;
        self.forget(&endpoint.client_id, &endpoint.id);
        Ok(version)
    }

    /// Removes an endpoint, with `others`, among them the record of it. `false`: it is no longer as it was seen.
    pub async fn remove(
        &self,
        client_id: &ClientId,
        id: &EndpointId,
        seen: &Version,
        others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let removed = self
            .things()
            .delete(client_id, id.as_str(), seen, others)
            .await?;
        self.forget(client_id, id);
        Ok(removed)
    }

    fn things(&self) -> Things<'_> {
        Things {
            client: &self.client,
            table: &self.table,
            named_by: "endpointId",
        }
    }

    async fn versioned(
        &self,
        item: versions::Item,
    ) -> Result<Versioned<WebhookEndpoint>, StoreFailure> {
        let version = version_of(&item);
        let item: Item = from_item(item)?;
        let value = self.endpoint(item).await?;
        Ok(Versioned { value, version })
    }
}
