//! Keys do not meet, and ids lead back to them.

use super::*;

fn shipment(order: &str, code: Option<&str>) -> ShipmentId {
    ShipmentId {
        client_id: "demo".parse().unwrap(),
        shipment_type: ShipmentType::Forward,
        order_number: order.parse().unwrap(),
        shipment_code: code.map(|code| code.parse().unwrap()),
    }
}

#[test]
fn odd_order_numbers_do_not_meet() {
    let keys = [
        shipment("a", Some("b")),
        shipment("a#b", None),
        shipment("a", None),
        shipment("a", Some("#b")),
    ];
    for (index, one) in keys.iter().enumerate() {
        for other in keys.iter().skip(index + 1) {
            assert_ne!(one.key(), other.key());
            assert_ne!(
                (one.notifications(), one.notification_prefix()),
                (other.notifications(), other.notification_prefix())
            );
        }
    }
}

#[test]
fn a_shipment_is_known_by_its_key_again_and_a_finder_is_none() {
    let client: ClientId = "demo".parse().unwrap();
    for shipment in [shipment("a#ORDER#b", Some("#c")), shipment("1", None)] {
        let known = ShipmentId::of_key(&client, &shipment.key());
        assert_eq!(known, Some(shipment.clone()));
        let other = "other".parse().unwrap();
        assert_eq!(ShipmentId::of_key(&other, &shipment.key()), None);
    }
    let finder = by_awb(
        &client,
        &"1".parse().unwrap(),
        &"magic".parse().unwrap(),
        ShipmentType::Forward,
    );
    assert_eq!(ShipmentId::of_key(&client, &finder), None);
}

#[test]
fn another_account_or_order_makes_another_notification() {
    let identity = Identity::Event("e1".to_owned());
    let key = |order: &str, alias: &str| {
        NotificationKey::new(
            &shipment(order, None),
            &alias.parse().unwrap(),
            &identity,
            0,
        )
        .notification_id()
    };
    assert_eq!(key("1", "magic"), key("1", "magic"));
    assert_ne!(key("1", "magic"), key("1", "other"));
    assert_ne!(key("1", "magic"), key("2", "magic"));
}

#[test]
fn an_id_leads_back_to_its_key_among_the_client_s_own() {
    let identity = Identity::Event("e1".to_owned());
    let key = NotificationKey::new(
        &shipment("1", Some("parcel")),
        &"magic".parse().unwrap(),
        &identity,
        2,
    );
    let id = key.notification_id();
    let demo = "demo".parse().unwrap();
    assert_eq!(notification_key(&demo, &id), Some(key.key()));
    let other = notification_key(&"other".parse().unwrap(), &id).unwrap();
    assert_eq!((other.client(), &other.sk), ("other", &key.key().sk));
    let delivery = key.delivery(&"sink_1".parse().unwrap());
    assert_eq!(delivery.endpoint(), "sink_1");
    assert_eq!(delivery.notification(), key.key());
    for wrong in [
        "",
        "ntf_",
        "ntf_1_F",
        &id.replace("ntf", "dlv"),
        &format!("{id}#sink"),
    ] {
        assert_eq!(notification_key(&demo, wrong), None, "{wrong}");
    }
}

#[test]
fn a_webhook_id_is_short_enough_and_has_no_full_stop() {
    let identity = Identity::Event("e1".to_owned());
    let key = NotificationKey::new(
        &shipment("1", None),
        &"magic".parse().unwrap(),
        &identity,
        3,
    );
    let id = key.delivery_id(&"e".repeat(64).parse().unwrap());
    assert!(id.len() <= 160 && !id.contains('.'), "{id}");
}
