//! The statuses of a request. The present one is in `status`; for some, an object of that name says when it was reached.

use jiff::Timestamp;
use serde_json::Value;

use crate::channels::return_prime::pieces::text;
use crate::domain::channel_return::{ChannelReturnStep, StatusMeaning};

/// The statuses of a request that waits or is under way: they need no event of their own.
const OPEN: [&str; 4] = ["requested", "created", "pending", "approved"];

const ARCHIVED: &str = "archived";
/// Takes an archived request up again.
const UNARCHIVED: &str = "unarchived";

/// The statuses with a known meaning, in the order in which a request goes through them. `cancelled` is not documented, but
/// its topic was seen.
const KNOWN: [(&str, StatusMeaning); 8] = [
    ("received", StatusMeaning::Received),
    ("inspected", StatusMeaning::Noted),
    ("refunded", StatusMeaning::Noted),
    ("rejected", StatusMeaning::Cancelled),
    (ARCHIVED, StatusMeaning::Cancelled),
    (UNARCHIVED, StatusMeaning::Noted),
    ("cancelled", StatusMeaning::Cancelled),
    ("canceled", StatusMeaning::Cancelled),
];

/// What happened to a request besides its creation and approval. An unknown status is kept as it is written.
pub(super) fn steps(request: &Value) -> Vec<ChannelReturnStep> {
    let present = request.get("status").and_then(text);
    let is_present = |name: &str| {
        let present = present.as_deref();
        present.is_some_and(|present| present.eq_ignore_ascii_case(name))
    };
    let known = KNOWN
        .iter()
        .filter(|(name, _)| is_present(name) || was_reached(request, name));
    let known = known.map(|(name, meaning)| ChannelReturnStep {
        at: time(
            request
                .get(*name)
                .and_then(|reached| reached.get("created_at")),
        ),
        status: name.to_ascii_uppercase(),
        meaning: if *name == ARCHIVED && !is_present(name) && was_reached(request, UNARCHIVED) {
            StatusMeaning::Noted
        } else {
            *meaning
        },
    });
    let mut steps: Vec<ChannelReturnStep> = known.collect();
    let is_known =
        OPEN.iter().any(|name| is_present(name)) || KNOWN.iter().any(|(name, _)| is_present(name));
    if let Some(status) = present.clone().filter(|_| !is_known) {
        steps.push(ChannelReturnStep {
            at: None,
            status,
            meaning: StatusMeaning::Unknown,
        });
    }
    steps
}

/// The object of a status says that the request reached it.
fn was_reached(request: &Value, name: &str) -> bool {
    let reached = request.get(name).and_then(|reached| reached.get("status"));
    reached == Some(&Value::Bool(true))
}

/// A time with an offset.
pub(super) fn time(value: Option<&Value>) -> Option<Timestamp> {
    value?.as_str()?.trim().parse().ok()
}
