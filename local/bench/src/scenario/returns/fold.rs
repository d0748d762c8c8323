//! The time to fold a return order with many events.

use std::time::Instant;

use anyhow::ensure;
use jiff::Timestamp;
use local::handler_world::stored::return_order;
use logistics::domain::notification::NotificationType;
use logistics::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use logistics::domain::returning::processing::{ProcessedItem, QcStatus, ReturnProcessing};
use logistics::domain::returning::timeline::ReturnTimeline;
use logistics::domain::timeline::DatedEvent;

use crate::figure::quantile;

/// Half of them are pushes, the others corrections.
const EVENTS: u32 = 1000;
const TIMES: usize = 100;
const PIECES: [&str; 2] = ["PIECE-1", "PIECE-2"];
/// Pushed in turn, so that some are out of order.
const WORDS: [NotificationType; 4] = [
    NotificationType::OutForPickup,
    NotificationType::ReturnPickedUp,
    NotificationType::Transit,
    NotificationType::Delivered,
];

/// The median time, in milliseconds.
pub(super) fn median_ms() -> anyhow::Result<f64> {
    let order = return_order("FOLD", &PIECES)?;
    let (mut events, mut pushes) = (Vec::new(), Vec::new());
    // The latest come first, so that all must be put in order.
    for second in (1..=EVENTS).rev() {
        if second.is_multiple_of(2) {
            events.push(correction(second)?);
        } else {
            pushes.push(push(second)?);
        }
    }
    let mut took_ms = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        let timeline = ReturnTimeline::of(&order, Timestamp::UNIX_EPOCH, &events, &pushes);
        took_ms.push(began.elapsed().as_secs_f64() * 1000.0);
        let folded = timeline.entries.len();
        // The creation is an entry too.
        ensure!(folded == usize::try_from(EVENTS)? + 1, "{folded} entries");
    }
    Ok(quantile(&took_ms, 0.5))
}

fn correction(second: u32) -> anyhow::Result<DatedReturnEvent> {
    let has_failed = second.is_multiple_of(4);
    let mut items = Vec::new();
    for piece in PIECES {
        items.push(ProcessedItem {
            item_code: piece.parse()?,
            qc_status: if has_failed {
                QcStatus::Fail
            } else {
                QcStatus::Pass
            },
            qc_reason: has_failed.then(|| "STAIN_DAMAGE".to_owned()),
            image_urls: Vec::new(),
        });
    }
    let at = Timestamp::from_second(second.into())?;
    let results = ReturnProcessing::new(items, Some(at), true);
    Ok(DatedReturnEvent {
        at,
        identity: format!("processed {}", results.message_identity),
        event: ReturnEvent::Processed(results),
    })
}

fn push(second: u32) -> anyhow::Result<DatedEvent> {
    let mut words = WORDS.iter().cycle().skip(usize::try_from(second / 2)?);
    Ok(DatedEvent {
        at: Timestamp::from_second(second.into())?,
        received_at: i64::from(second) * 1000,
        place: second.to_string(),
        event: words.next().copied().unwrap_or(NotificationType::Transit),
        is_time_told: true,
    })
}
