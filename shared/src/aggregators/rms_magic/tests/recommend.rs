//! Courier recommendations for a route.

use crate::aggregators::rms_magic::tests::*;

#[tokio::test]
async fn couriers_are_requested_and_read() {
    let (server, magic) = answering(body(COURIER_ANSWER)).await;
    let couriers = magic.recommend().await.unwrap();
    let told: Vec<_> = couriers
        .iter()
        .map(|courier| {
            (
                courier.courier.as_str(),
                courier.name.as_str(),
                courier.priority.to_string(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1001", "Delhivery", "1".to_owned()),
            ("1002", "Fedex", "2".to_owned())
        ]
    );
    let request = received(&server).await;
    assert_call(&request, "POST", "/getCouriers");
    assert_eq!(
        request.body_json::<Value>().unwrap(),
        json_of(COURIER_REQUEST)
    );
}
