//! Pushes.

use crate::aggregators::rms_magic::tests::*;

#[test]
fn a_push_is_one_event() {
    let push = br#"{"forwardOrderCode": "asdf1234", "notificationType": "DELIVERED", "shipmentType": "FORWARD", "logisticAggregatorName": "NARVAR"}"#;
    let account = Magic::at("127.0.0.1:9").account;
    assert_eq!(RmsMagic.read_push(&account, push).unwrap().len(), 1);
    assert!(matches!(
        RmsMagic.read_push(&account, b"{}"),
        Err(PushRejection::Unreadable(Unreadable::Invalid(_)))
    ));
}
