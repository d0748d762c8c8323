//! Runs every minute: tells clients of the outbound orders that the OMS did not confirm in time, and their operators of the accounts
//! that a partner began to refuse; counts the purchases whose outcome is unknown.

use lambda_runtime::{Error, LambdaEvent};
use logistics::clock;
use logistics::flows::booking::count_uncertain::count_uncertain;
use logistics::flows::fulfilling::dependencies::DueDependencies;
use logistics::flows::fulfilling::tell_due::tell_due;
use logistics::flows::messaging::tell_operator::OperatorEvents;
use logistics::flows::messaging::tell_standings::tell_standings;
use logistics::store::booking::account_standings::UntoldStandings;
use logistics::store::booking::shipments::Shipments;
use logistics::telemetry::metrics::measured;
use logistics::wiring::{Start, WiringFailure};
use serde::de::IgnoredAny;
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The orders, those that are due, and their messages.
    pub telling: DueDependencies,
    /// The shipments, to count those with an unknown outcome.
    pub shipments: Shipments,
    /// The accounts whose standing at their partner changed.
    pub standings: UntoldStandings,
    /// The events that operators are told.
    pub events: OperatorEvents,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            telling: start.due_orders()?,
            shipments: start.shipments()?,
            standings: start.untold_standings()?,
            events: start.operator_events()?,
        })
    }
}

/// Tells of everything that is due. The content of the schedule's event is ignored.
pub async fn handle(app: &App, event: LambdaEvent<IgnoredAny>) -> Result<(), Error> {
    let end = Instant::now() + clock::left_until(event.context.deadline);
    let sweeping = async {
        count_uncertain(&app.shipments).await;
        tell_standings(&app.standings, &app.events).await;
        tell_due(&app.telling, end).await
    };
    measured(Box::pin(sweeping)).await?;
    Ok(())
}
