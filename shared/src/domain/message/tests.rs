//! Tests of kinds, filters and subjects.

use std::collections::BTreeSet;

use strum::EnumMessage as _;

use super::*;

#[test]
fn each_kind_has_its_own_letters() {
    let mut seen = BTreeSet::new();
    for kind in MessageKind::all() {
        for letter in kind.letters().chars() {
            assert!(seen.insert(letter), "{letter} of {kind} is another kind's");
            assert!(letter.is_ascii_uppercase());
            assert_eq!(MessageKind::of_letter(letter), Some(kind));
        }
        assert_eq!(kind.to_string().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
    }
    assert_eq!(MessageKind::of_letter('x'), None);
}

#[test]
fn the_documented_kinds_are_current() {
    let page = include_str!("../../../../docs/messages.md");
    let mut rows = page.lines().filter(|line| line.starts_with("| `"));
    for kind in MessageKind::all() {
        let begin = format!("| `{kind}` | {} |", kind.get_documentation().unwrap());
        let row = rows.next().unwrap_or_default();
        assert!(row.starts_with(&begin), "{begin} is not {row}");
    }
}

#[test]
fn the_documented_filters_are_current() {
    let rows = FilterField::iter().map(|filter| {
        let kinds = MessageKind::all().filter(|kind| kind.has(filter));
        let kinds: Vec<_> = kinds.map(|kind| format!("`{kind}`")).collect();
        format!("| `{filter}` | {} |", kinds.join(", "))
    });
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/messages.md");
    crate::docs::hold_table(page, "| filter | kinds |", rows);
}

/// An earlier version computed these numbers: its waiting messages and new ones must stay in order.
#[test]
fn the_lanes_of_orders_and_returns_are_unchanged() {
    let client = "demo".parse().unwrap();
    let forward = MessageSubject::ForwardOrder("before-1".parse().unwrap());
    assert_eq!(forward.lane_seed(&client), 13_962_450_115_338_131_274);
    let returning = MessageSubject::ReturnOrder("before-1-R".parse().unwrap());
    assert_eq!(returning.lane_seed(&client), 14_024_340_011_398_969_363);
}

#[test]
fn all_parcels_of_an_order_are_one_subject_and_its_return_is_another() {
    let client: ClientId = "demo".parse().unwrap();
    let shipment = |shipment_type, code: Option<&str>| ShipmentId {
        client_id: client.clone(),
        shipment_type,
        order_number: "1".parse().unwrap(),
        shipment_code: code.map(|code| code.parse().unwrap()),
    };
    let seed = |shipment: &ShipmentId| shipment.subject().lane_seed(&client);
    let order = shipment(ShipmentType::Forward, None);
    assert_eq!(
        seed(&order),
        seed(&shipment(ShipmentType::Forward, Some("parcel")))
    );
    assert_ne!(seed(&order), seed(&shipment(ShipmentType::Return, None)));
}

#[test]
fn subjects_of_different_kinds_with_one_code_are_different() {
    let client = "demo".parse().unwrap();
    let kinds = [
        SubjectKind::ForwardOrder,
        SubjectKind::ReturnOrder,
        SubjectKind::ChannelOrder,
        SubjectKind::SalesOrder,
        SubjectKind::Endpoint,
        SubjectKind::Account,
    ];
    let seeds: BTreeSet<u64> = kinds
        .iter()
        .map(|kind| {
            let subject = MessageSubject::new(*kind, "42").unwrap();
            assert_eq!((subject.kind(), subject.code()), (*kind, "42"));
            subject.lane_seed(&client)
        })
        .collect();
    assert_eq!(seeds.len(), kinds.len());
    assert!(MessageSubject::new(SubjectKind::SalesOrder, "a b").is_err());
}
