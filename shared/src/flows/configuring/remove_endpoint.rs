//! Removes a webhook endpoint.

use jiff::Timestamp;

use crate::domain::audit::Action;
use crate::domain::client::Caller;
use crate::domain::text::EndpointId;
use crate::domain::version::Precondition;
use crate::flows::configuring::endpoint_desk::{
    EndpointDependencies, MOST_TRIES, change, expected,
};
use crate::flows::configuring::waiting_deliveries::waiting_deliveries;
use crate::flows::failure::FlowFailure;

/// Removes an endpoint. If deliveries are waiting for it, `force` is required: they are then given up.
pub async fn remove_endpoint(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    force: bool,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let client = &caller.client_id;
    for _ in 0..MOST_TRIES {
        let present = expected(dependencies, caller, id, precondition).await?;
        if !force {
            waiting_deliveries(dependencies, client, id)
                .await?
                .refuse_any()?;
        }
        let change = change(id, Action::Deleted, &[]);
        let recorded = dependencies.audit.record(caller, change, now)?;
        let seen = &present.version;
        if dependencies
            .endpoints
            .remove(client, id, seen, &dependencies.versions, vec![recorded])
            .await?
        {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}
