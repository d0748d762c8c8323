//! Receives an authenticated webhook of a channel. When this returns without a failure, all that the webhook causes is stored
//! and queued.

use jiff::Timestamp;

use crate::channels::ReadHook;
use crate::contract::fields::Unreadable;
use crate::contract::hook::HookStatus;
use crate::domain::text::RequestId;
use crate::flows::channelling::dependencies::HookDependencies;
use crate::flows::channelling::prove_hook::ProvedHook;
use crate::flows::channelling::receive_order::receive_order;
use crate::flows::messaging::publish_message::PublishFailure;
use crate::queue::return_reading::ReturnReading;
use crate::store::failure::StoreFailure;

/// The result of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedHook {
    /// What became of it.
    pub status: HookStatus,
    /// The id of the message that it caused, if any.
    pub message_id: Option<String>,
}

impl From<HookStatus> for ReceivedHook {
    fn from(status: HookStatus) -> Self {
        Self {
            status,
            message_id: None,
        }
    }
}

/// Why a webhook was not received.
#[derive(Debug, thiserror::Error)]
pub enum HookFailure {
    /// It cannot be parsed: do not repeat it.
    #[error("the webhook cannot be parsed")]
    Unreadable(Unreadable),
    /// Its message is not stored or not queued: repeat it.
    #[error("the message was not published")]
    NotPublished(#[from] PublishFailure),
    /// Storage failed: repeat it.
    #[error("storage failed")]
    NotStored(#[from] StoreFailure),
}

/// Receives a webhook. `request_id` is the id of the request that brought it.
pub async fn receive_hook(
    dependencies: &HookDependencies,
    hook: &ProvedHook<'_>,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<ReceivedHook, HookFailure> {
    let account = hook.account();
    if !account.enabled {
        return Ok(HookStatus::Ignored.into());
    }
    match hook.read().map_err(HookFailure::Unreadable)? {
        ReadHook::Ignored => Ok(HookStatus::Ignored.into()),
        ReadHook::Order(event) => {
            receive_order(dependencies, account, &event, request_id, now).await
        }
        ReadHook::Return(return_id) => {
            let reading = ReturnReading {
                client_id: account.client_id.clone(),
                alias: account.alias.clone(),
                return_id,
                request_id: request_id.clone(),
            };
            let sent = dependencies.readings.send(&reading).await;
            sent.map_err(PublishFailure::from)?;
            Ok(HookStatus::Queued.into())
        }
    }
}
