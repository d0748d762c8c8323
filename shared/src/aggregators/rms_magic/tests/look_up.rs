//! Look-ups of a booking.

use crate::aggregators::rms_magic::tests::*;
use crate::domain::shipment::ShipmentType;

#[tokio::test]
async fn a_label_is_looked_up_by_order_id() {
    let (server, magic) = answering(body(LABEL_ANSWER)).await;
    let wanted = LookedUp {
        order_id: Some("11012"),
        ..LookedUp::default()
    };
    let found = magic.look_up(wanted).await.unwrap();
    assert_eq!(found, LookUp::Booking(label_booking()));
    let request = received(&server).await;
    assert_call(&request, "GET", "/getShippingLabel?orderId=11012");
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_label_is_looked_up_by_order_number_and_shipment_code() {
    let (server, magic) = answering(body(LABEL_ANSWER)).await;
    let wanted = LookedUp {
        shipment_code: Some("box 1/2"),
        ..LookedUp::default()
    };
    let found = magic.look_up(wanted).await.unwrap();
    assert_eq!(found, LookUp::Booking(label_booking()));
    assert_call(
        &received(&server).await,
        "GET",
        "/getShippingLabel?orderNumber=asdf1234&shipmentCode=box+1%2F2",
    );
}

#[tokio::test]
async fn a_return_awb_is_looked_up_by_order_id_and_by_order_number() {
    for (order_id, target) in [
        (Some("11012"), "/getReturnAwb?orderId=11012"),
        (None, "/getReturnAwb?orderNumber=asdf1234"),
    ] {
        let (server, magic) = answering(body(RETURN_ANSWER)).await;
        let wanted = LookedUp {
            shipment_type: ShipmentType::Return,
            order_id,
            ..LookedUp::default()
        };
        let found = magic.look_up(wanted).await.unwrap();
        assert_eq!(found, LookUp::Booking(return_booking()));
        assert_call(&received(&server).await, "GET", target);
    }
}

async fn found(template: ResponseTemplate, wanted: LookedUp<'_>) -> Result<LookUp, PartnerFailure> {
    let (_server, magic) = answering(template).await;
    magic.look_up(wanted).await
}

#[tokio::test]
async fn a_404_that_echoes_the_order_number_means_not_found() {
    let found = found(answer(404, NOTHING), LookedUp::default()).await;
    assert_eq!(found.unwrap(), LookUp::Nothing);
}

#[tokio::test]
async fn any_other_404_is_inconclusive() {
    let other = json!({"orderNumber": "other", "found": false}).to_string();
    let upper = json!({"orderNumber": "ASDF1234", "found": false}).to_string();
    for body in ["", "<html>Not Found</html>", REFUSAL, &other, &upper] {
        let found = found(answer(404, body), LookedUp::default()).await.unwrap();
        assert_eq!(found, LookUp::CannotTell, "{body}");
    }
}

#[tokio::test]
async fn a_404_for_the_aggregator_s_own_id_is_inconclusive() {
    let wanted = LookedUp {
        order_id: Some("11012"),
        ..LookedUp::default()
    };
    let found = found(answer(404, NOTHING), wanted).await.unwrap();
    assert_eq!(found, LookUp::CannotTell);
}

#[tokio::test]
async fn any_other_4xx_is_inconclusive() {
    for status in [400, 405, 409, 410, 422] {
        let found = found(answer(status, NOTHING), LookedUp::default())
            .await
            .unwrap();
        assert_eq!(found, LookUp::CannotTell, "{status}");
    }
}

#[tokio::test]
async fn another_order_s_booking_is_unreadable() {
    let mut other = json_of(LABEL_ANSWER);
    other["orderNumber"] = json!("other");
    let mut nameless = json_of(LABEL_ANSWER);
    nameless.as_object_mut().unwrap().remove("orderNumber");
    for body in [other, nameless] {
        for order_id in [None, Some("11012")] {
            let wanted = LookedUp {
                order_id,
                ..LookedUp::default()
            };
            let failure = found(answer(200, body.to_string()), wanted)
                .await
                .unwrap_err();
            assert!(matches!(failure, PartnerFailure::Unreadable), "{body}");
        }
    }
}

#[tokio::test]
async fn a_return_is_not_looked_up_among_labels() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/getReturnAwb"))
        .respond_with(body(RETURN_ANSWER))
        .expect(1)
        .mount(&server)
        .await;
    let wanted = LookedUp {
        shipment_type: ShipmentType::Return,
        ..LookedUp::default()
    };
    let magic = Magic::at(&server.address().to_string());
    let found = magic.look_up(wanted).await.unwrap();
    assert_eq!(found, LookUp::Booking(return_booking()));
}
