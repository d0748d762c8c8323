//! Reads a request for a return from its channel, and makes the return order what the channel says. What named the request, a
//! webhook or a run, is not believed.

use std::time::Duration;

use crate::channels::call::ChannelCall;
use crate::channels::find_keeping;
use crate::clock;
use crate::domain::client::Caller;
use crate::flows::account_standing::noted;
use crate::flows::channelling::dependencies::ReadingDependencies;
use crate::flows::channelling::keep_return::keep_return;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::queue::return_reading::ReturnReading;
use crate::store::failure::StoreFailure;
use crate::telemetry::set_field;

/// How long the channel may take. A failed reading is repeated.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a request could not be read or its return order not be changed: read it again.
#[derive(Debug, thiserror::Error)]
pub enum ReadingFailure {
    /// The channel failed, or refused.
    #[error("the request was not read from the channel")]
    Channel(#[from] PartnerFailure),
    /// The account could not be read.
    #[error("storage failed")]
    NotStored(#[from] StoreFailure),
    /// The return order was not changed.
    #[error("the return order was not changed")]
    NotKept(#[from] FlowFailure),
}

/// Reads a request, and creates or changes its return order.
pub async fn read_return(
    dependencies: &ReadingDependencies,
    reading: &ReturnReading,
) -> Result<(), ReadingFailure> {
    let (client, alias) = (&reading.client_id, &reading.alias);
    let account = dependencies.accounts.present(client, alias).await?;
    let account = account.filter(|account| account.enabled);
    let Some(account) = account else {
        tracing::info!("request for a return not read: the account is disabled or removed");
        return Ok(());
    };
    set_field("partner", &account.channel);
    let Some(channel) = find_keeping(&account.channel) else {
        return Ok(());
    };
    let booking = &dependencies.returning.purchase.booking;
    let call = ChannelCall::new(
        &account,
        &booking.outbound,
        &booking.sessions,
        Deadline::after(PATIENCE),
        clock::now(),
    );
    let reads = channel.read_return(call, &reading.return_id);
    let read = noted(&booking.sessions, account.as_partner(), reads).await?;
    let request = match read.content {
        Ok(request) => request,
        Err(unusable) => {
            let error = crate::telemetry::chain(&unusable);
            tracing::warn!(error, "request for a return is not usable");
            return Ok(());
        }
    };
    let caller = Caller {
        client_id: client.clone(),
        key_id: format!("channel {alias}"),
        scopes: Vec::new(),
        expires_at: None,
    };
    let asked = ReturnRequest {
        dependencies: &dependencies.returning,
        caller: &caller,
        request_id: &reading.request_id,
        now: clock::now(),
    };
    Ok(keep_return(asked, &account.channel, &request).await?)
}
