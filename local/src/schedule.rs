//! Invokes functions on a schedule, with `EventBridge`'s event. The first invocation is one period after the start.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use uuid::Uuid;

use crate::instances::Function;
use crate::region::{ACCOUNT, REGION};
use crate::template::ScheduleEvent;

/// Invokes the function periodically until the future is dropped. Failures are in the function's log.
pub async fn run(schedule: ScheduleEvent, function: Arc<Function>) {
    let mut ticks = interval_at(Instant::now() + schedule.every, schedule.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        function
            .invoke(event(&schedule, function.name(), Timestamp::now()))
            .await
            .ok();
    }
}

/// The event of one tick.
pub fn event(schedule: &ScheduleEvent, function: &str, now: Timestamp) -> Bytes {
    if let Some(input) = &schedule.input {
        return input.clone().into();
    }
    let rule = format!(
        "arn:aws:events:{REGION}:{ACCOUNT}:rule/{function}-{}",
        schedule.name
    );
    let event = json!({
        "version": "0",
        "id": Uuid::now_v7().to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION,
        "resources": [rule],
        "detail": {},
    });
    event.to_string().into()
}
