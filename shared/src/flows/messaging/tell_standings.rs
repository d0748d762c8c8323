//! Tells operators which accounts their partners began to refuse, and which they take again.
//!
//! The functions that call partners only record it: they need no endpoints and no queue. A change stays in the index until it is
//! told, so nothing is lost if a run ends early or fails.

use crate::domain::account::PartnerKind;
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::flows::messaging::tell_operator::OperatorEvents;
use crate::store::booking::account_standings::{UntoldStanding, UntoldStandings};
use crate::store::failure::StoreFailure;

/// Tells what is not told. A failure is logged: the next run tells it.
pub async fn tell_standings(standings: &UntoldStandings, events: &OperatorEvents) {
    if let Err(failure) = tell_all(standings, events).await {
        let error = crate::telemetry::chain(&failure);
        tracing::warn!(error, "standings of accounts not told");
    }
}

async fn tell_all(
    standings: &UntoldStandings,
    events: &OperatorEvents,
) -> Result<(), StoreFailure> {
    for untold in standings.all().await? {
        if events.tell(&untold.client_id, &event(&untold)).await {
            standings.settle(&untold).await?;
        }
    }
    Ok(())
}

fn event(untold: &UntoldStanding) -> OperatorEvent {
    let alias = untold.alias.clone();
    OperatorEvent {
        about: match untold.kind {
            PartnerKind::Aggregator => About::Account(alias),
            PartnerKind::Channel => About::ChannelAccount(alias),
        },
        kind: if untold.standing.is_refused {
            OperatorEventKind::AccountRefused
        } else {
            OperatorEventKind::AccountAccepted
        },
        reason: Some(untold.partner.clone()),
        at: untold.standing.changed_at,
    }
}
