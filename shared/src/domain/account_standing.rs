//! Whether a partner takes the credentials of an account, and since when.
//!
//! Only a change is recorded and told. An account whose calls are taken and refused by turns, such as one that lacks a right at
//! its partner, is told as refused once an hour at most.

use std::time::Duration;

use jiff::Timestamp;

/// No account is told as refused more often.
const BETWEEN_REFUSALS: Duration = Duration::from_hours(1);

/// What is known since a partner refused the credentials of an account for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountStanding {
    /// Whether it refuses them.
    pub is_refused: bool,
    /// Since when.
    pub changed_at: Timestamp,
    /// When a refusal was recorded last.
    pub refused_at: Timestamp,
}

/// The standing after a call, if the call changes it.
pub fn changed(
    known: Option<AccountStanding>,
    is_refused: bool,
    now: Timestamp,
) -> Option<AccountStanding> {
    let refused = AccountStanding {
        is_refused: true,
        changed_at: now,
        refused_at: now,
    };
    match known {
        None => is_refused.then_some(refused),
        Some(known) if known.is_refused == is_refused => None,
        Some(known) if is_refused => {
            let since = now.duration_since(known.refused_at);
            (since.unsigned_abs() >= BETWEEN_REFUSALS).then_some(refused)
        }
        Some(known) => Some(AccountStanding {
            is_refused: false,
            changed_at: now,
            ..known
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-30T{time}:00Z").parse().unwrap()
    }

    /// The changes by calls at these times, `true` for a refused one.
    fn changes(calls: &[(&str, bool)]) -> Vec<(Timestamp, bool)> {
        let mut known = None;
        let mut changes = Vec::new();
        for (time, is_refused) in calls {
            if let Some(new) = changed(known, *is_refused, at(time)) {
                changes.push((new.changed_at, new.is_refused));
                known = Some(new);
            }
        }
        changes
    }

    #[test]
    fn only_a_change_counts_and_an_account_that_was_never_refused_has_none() {
        assert!(changes(&[("10:00", false), ("10:01", false)]).is_empty());
        let calls = [
            ("10:00", false),
            ("10:01", true),
            ("10:02", true),
            ("12:00", true),
            ("12:01", false),
            ("12:02", false),
        ];
        assert_eq!(changes(&calls), [(at("10:01"), true), (at("12:01"), false)]);
    }

    #[test]
    fn an_account_that_is_refused_by_turns_is_told_as_refused_once_an_hour() {
        let calls = [
            ("10:00", true),
            ("10:01", false),
            ("10:02", true),
            ("10:59", true),
            ("11:00", true),
            ("11:01", false),
        ];
        let expected = [
            (at("10:00"), true),
            (at("10:01"), false),
            (at("11:00"), true),
            (at("11:01"), false),
        ];
        assert_eq!(changes(&calls), expected);
    }
}
