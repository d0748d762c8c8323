//! What the configuration of an account says about the status codes that its aggregator's table does not know.
//!
//! It only adds to the table: what the table reads as a notification type, or ignores, stays so whatever is configured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::draft::WrongField;
use crate::domain::json_pointer;
use crate::domain::notification::{Meaning, NotificationType, PushedEvent};

/// What an aggregator's table says about one of its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeMeanings {
    /// For a forward shipment.
    pub forward: Meaning,
    /// For a return.
    pub returning: Meaning,
}

/// What an aggregator's table says about a code; `None` if its pushes cannot have this code.
pub type MeaningsOf<'a> = &'a dyn Fn(&str) -> Option<CodeMeanings>;

/// The notification types of codes, as an account's configuration names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatusMappings(BTreeMap<String, NotificationType>);

impl CodeMeanings {
    /// The same meaning in both directions.
    pub fn both(meaning: Meaning) -> Self {
        Self {
            forward: meaning,
            returning: meaning,
        }
    }

    /// Whether the table reads the code, or ignores it, in one of the directions.
    pub fn is_known(self) -> bool {
        self.forward != Meaning::Unmapped || self.returning != Meaning::Unmapped
    }
}

impl StatusMappings {
    /// The requested mappings, if they add to the aggregator's table. What `present` maps already stays valid: the table may
    /// have learned the code since, and a response can be sent back.
    pub fn checked(
        wanted: BTreeMap<String, NotificationType>,
        present: Option<&Self>,
        meanings: MeaningsOf<'_>,
    ) -> Result<Self, Vec<WrongField>> {
        let is_kept = |code: &str, word| present.and_then(|all| all.word(code)) == Some(word);
        let new = wanted.iter().filter(|(code, word)| !is_kept(code, **word));
        let wrong = new.filter_map(|(code, _)| {
            let detail = refusal(meanings(code))?;
            let field = format!("statusMappings/{}", json_pointer::token(code));
            Some(WrongField { field, detail })
        });
        let wrong: Vec<WrongField> = wrong.collect();
        if wrong.is_empty() {
            Ok(Self(wanted))
        } else {
            Err(wrong)
        }
    }

    /// The type of a code.
    pub fn word(&self, code: &str) -> Option<NotificationType> {
        self.0.get(code).copied()
    }

    /// All types by their codes.
    pub fn words(&self) -> &BTreeMap<String, NotificationType> {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An event with the configured type, in each direction in which the aggregator's table does not know its code.
    #[must_use]
    pub fn applied(&self, event: PushedEvent) -> PushedEvent {
        let Some(word) = self.word(&event.pushed_type) else {
            return event;
        };
        let mapped = |meaning| match meaning {
            Meaning::Unmapped => Meaning::Mapped(word),
            Meaning::Word(_) | Meaning::Mapped(_) | Meaning::Ignored => meaning,
        };
        PushedEvent {
            meaning: mapped(event.meaning),
            meaning_turned: mapped(event.meaning_turned),
            ..event
        }
    }
}

/// Why a code cannot be mapped.
fn refusal(meanings: Option<CodeMeanings>) -> Option<String> {
    let Some(meanings) = meanings else {
        return Some(
            "is not a code of this aggregator: write it as pushedType shows it in GET /notifications?status=unmapped"
                .to_owned(),
        );
    };
    let known = match (meanings.forward, meanings.returning) {
        (Meaning::Unmapped, _) | (_, Meaning::Unmapped) => return None,
        (Meaning::Word(word) | Meaning::Mapped(word), _) => format!("it means {word}"),
        (Meaning::Ignored, _) => "it is no news for a client".to_owned(),
    };
    Some(format!(
        "is known to RMS and cannot be mapped: {known}; remove this entry"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event_kind::EventKind;
    use crate::domain::notification::{AggregatorLabel, Direction, Identity, PushedShipment};
    use NotificationType::{Delivered, PickupQueue, Transit};

    fn table(code: &str) -> Option<CodeMeanings> {
        match code {
            "8" => Some(CodeMeanings::both(Meaning::Word(Delivered))),
            "1" => Some(CodeMeanings::both(Meaning::Ignored)),
            "23" => Some(CodeMeanings {
                forward: Meaning::Unmapped,
                returning: Meaning::Word(PickupQueue),
            }),
            "none" => None,
            _ => Some(CodeMeanings::both(Meaning::Unmapped)),
        }
    }

    fn wanted(codes: &[&str]) -> BTreeMap<String, NotificationType> {
        let transit = |code: &&str| ((*code).to_owned(), Transit);
        codes.iter().map(transit).collect()
    }

    #[test]
    fn only_codes_that_the_table_does_not_know_can_be_mapped() {
        let mappings = StatusMappings::checked(wanted(&["900", "23"]), None, &table).unwrap();
        assert_eq!(mappings.word("900"), Some(Transit));
        assert_eq!(mappings.word("901"), None);
        let wrong = StatusMappings::checked(wanted(&["1", "8", "900", "none"]), None, &table);
        let wrong: Vec<_> = wrong.unwrap_err();
        let wrong: Vec<_> = wrong
            .iter()
            .map(|wrong| format!("{}: {}", wrong.field, wrong.detail))
            .collect();
        assert_eq!(
            wrong,
            [
                "statusMappings/1: is known to RMS and cannot be mapped: it is no news for a client; remove this entry",
                "statusMappings/8: is known to RMS and cannot be mapped: it means DELIVERED; remove this entry",
                "statusMappings/none: is not a code of this aggregator: write it as pushedType shows it in \
                 GET /notifications?status=unmapped",
            ]
        );
    }

    fn event(code: &str, meaning: Meaning, meaning_turned: Meaning) -> PushedEvent {
        PushedEvent {
            kind: EventKind::News,
            identity: Identity::Event("1".to_owned()),
            shipment: PushedShipment {
                forward_order_code: "A-1".parse().unwrap(),
                shipment_code: None,
                forward_awb: None,
                carrier_name: None,
                returning: None,
                round: None,
            },
            pushed_type: code.to_owned(),
            meaning,
            meaning_turned,
            direction: Direction::Unknown,
            occurred_at: None,
            aggregator_name: AggregatorLabel::Pushed("ONE".to_owned()),
            warehouse: None,
            items: Vec::new(),
            meta_data: BTreeMap::new(),
            details: BTreeMap::new(),
            own_ids: BTreeMap::new(),
            raw: None,
        }
    }

    #[test]
    fn only_what_the_table_does_not_know_gets_the_configured_type() {
        let mappings = StatusMappings(wanted(&["8", "1", "23"]));
        let of = |code, meaning, turned| {
            let event = mappings.applied(event(code, meaning, turned));
            (event.meaning, event.meaning_turned)
        };
        let known = Meaning::Word(Delivered);
        assert_eq!(of("8", known, known), (known, known));
        let ignored = Meaning::Ignored;
        assert_eq!(of("1", ignored, ignored), (ignored, ignored));
        let mapped = Meaning::Mapped(Transit);
        assert_eq!(of("23", Meaning::Unmapped, known), (mapped, known));
        let unmapped = Meaning::Unmapped;
        assert_eq!(of("24", unmapped, unmapped), (unmapped, unmapped));
        assert_eq!(
            (mapped.word(), mapped.is_by_account()),
            (Some(Transit), true)
        );
        assert!(!known.is_by_account());
    }

    #[test]
    fn a_mapping_of_a_code_that_the_table_learned_since_can_be_sent_back_but_not_changed() {
        let before = StatusMappings(wanted(&["8"]));
        let same = StatusMappings::checked(wanted(&["8"]), Some(&before), &table).unwrap();
        assert_eq!(same, before);
        let other = [("8".to_owned(), PickupQueue)].into();
        assert!(StatusMappings::checked(other, Some(&before), &table).is_err());
    }

    #[test]
    fn the_pointer_of_an_unusual_code_is_escaped() {
        let none = |_: &str| None;
        let wrong = StatusMappings::checked(wanted(&["a/b~c"]), None, &none).unwrap_err();
        assert_eq!(wrong[0].field, "statusMappings/a~1b~0c");
    }
}
