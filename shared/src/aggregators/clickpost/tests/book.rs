//! Buying once: the result of each interruption, and of a repeat of the same request.

mod answer;
mod request;

use crate::aggregators::clickpost::tests::*;
use crate::partners::workbench::warned_of;
use crate::telemetry::captured::Captured;

async fn fails(template: ResponseTemplate) -> PartnerFailure {
    fails_for(workbench().await.answers(template).await).await
}

async fn fails_for(bench: Workbench) -> PartnerFailure {
    let failure = bench.order(&body(LABEL_REQUEST)).await.unwrap_err();
    let calls = bench.received().await.len();
    assert_eq!(calls, 1, "it is never repeated blindly");
    failure
}

#[tokio::test]
async fn an_order_is_booked_with_one_call() {
    let bench = workbench().await;
    let bench = bench.answers(answer(200, &body(ORDER_ANSWER))).await;
    let booked = bench.order(&body(LABEL_REQUEST)).await.unwrap();
    assert!(matches!(booked, Booked::Now(_)));
    assert_eq!(bench.received().await.len(), 1);
}

#[tokio::test]
async fn without_a_clear_response_the_outcome_is_unknown() {
    for template in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(502).set_body_string("<html>"),
        ResponseTemplate::new(302).insert_header("location", "/elsewhere"),
        ResponseTemplate::new(200).set_body_string("{\"meta\":"),
        ResponseTemplate::new(400).set_body_string("{}"),
        answer(200, &meta(322, "courier server error")),
        answer(200, &meta(329, "courier timeout")),
        answer(200, &meta(500, "Oops")),
    ] {
        let failure = fails(template).await;
        assert!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn after_a_late_response_the_outcome_is_unknown() {
    let late = answer(200, &body(ORDER_ANSWER)).set_delay(IMPATIENCE * 10);
    let mut bench = workbench().await.answers(late).await;
    bench.deadline = IMPATIENCE;
    let failure = fails_for(bench).await;
    assert!(
        matches!(failure, PartnerFailure::OutcomeUnknown),
        "{failure:?}"
    );
}

#[tokio::test]
async fn the_http_status_of_a_refusal_is_ignored() {
    for status in [200, 202, 400, 404, 422] {
        let failure = fails(answer(status, &meta(314, "Order data malformed"))).await;
        let PartnerFailure::Refused(refusal) = failure else {
            panic!("{status}: {failure:?}");
        };
        assert_eq!(refusal.code.as_deref(), Some("314"));
    }
}

#[tokio::test]
async fn a_refused_key_throttling_and_no_connection_are_distinguished() {
    let refused = fails(answer(200, &meta(301, "Invalid Token"))).await;
    assert!(matches!(refused, PartnerFailure::BadCredentials));
    let refused = fails(ResponseTemplate::new(401)).await;
    assert!(matches!(refused, PartnerFailure::BadCredentials));
    let full = fails(ResponseTemplate::new(429).insert_header("retry-after", "7")).await;
    assert!(matches!(full, PartnerFailure::Throttled(Some(wait)) if wait.as_secs() == 7));
    let mut bench = workbench().await;
    let unreachable = "http://elsewhere.example".parse().unwrap();
    bench.account.urls.insert("baseUrl".to_owned(), unreachable);
    let failure = bench.order(&body(LABEL_REQUEST)).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::NotSent(_)), "{failure:?}");
}

/// The results of the same request with these successive responses, and the sent bodies.
async fn repeated(answers: &[Value]) -> (Vec<Result<Booked, PartnerFailure>>, Vec<Value>) {
    let bench = workbench().await;
    for answered in answers {
        Mock::given(method("POST"))
            .and(path("/v3/create-order/"))
            .respond_with(answer(200, answered))
            .up_to_n_times(1)
            .mount(&bench.server)
            .await;
    }
    let mut outcomes = Vec::new();
    let mut bodies = Vec::new();
    for index in 0..answers.len() {
        outcomes.push(bench.order(&body(LABEL_REQUEST)).await);
        bodies.push(bench.body(index).await);
    }
    assert_eq!(bench.received().await.len(), answers.len());
    (outcomes, bodies)
}

#[tokio::test]
async fn a_repeat_after_an_unknown_outcome_is_the_same_call_and_finds_the_order() {
    let (outcomes, bodies) = repeated(&[meta(329, "timeout"), body(REPEATED_ANSWER)]).await;
    assert!(matches!(outcomes[0], Err(PartnerFailure::OutcomeUnknown)));
    let Ok(Booked::Now(booking)) = &outcomes[1] else {
        panic!("{:?}", outcomes[1]);
    };
    assert_eq!(booking.awb.as_str(), "7000001234");
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_queued_order_is_polled_with_the_same_call() {
    let result = json!({"waybill": null, "label": null});
    let accepted = json!({"meta": {"status": 202, "success": true}, "result": result, "order_id": 300_100_200});
    let waiting = meta(102, "still processing");
    let (outcomes, bodies) = repeated(&[accepted, waiting, body(REPEATED_ANSWER)]).await;
    assert!(matches!(outcomes[0], Ok(Booked::Later)));
    assert!(matches!(outcomes[1], Ok(Booked::Later)));
    assert!(matches!(outcomes[2], Ok(Booked::Now(_))));
    assert!(bodies.iter().all(|sent| *sent == bodies[0]));
}

#[tokio::test]
async fn a_queued_order_that_the_courier_refused_is_refused() {
    let mut refused = meta(319, "No capacity");
    refused["reference_number"] = json!("CP-1001-.P2");
    let (outcomes, _) = repeated(&[meta(102, ""), refused]).await;
    let Err(PartnerFailure::Refused(refusal)) = &outcomes[1] else {
        panic!("{:?}", outcomes[1]);
    };
    assert_eq!(refusal.message.as_deref(), Some("No capacity"));
}

#[tokio::test]
async fn garbage_and_a_fault_in_the_body_log_one_warning_with_the_shape() {
    let garbage = ResponseTemplate::new(200).set_body_string("<html>");
    let fault = ResponseTemplate::new(200).set_body_string(r#"{"meta": {"status": 500}}"#);
    for (template, told) in [
        (garbage, "book outcome-unknown 200 6"),
        (fault, "book outcome-unknown 200 25"),
    ] {
        let captured = Captured::start();
        fails(template).await;
        assert_eq!(warned_of(&captured), [told]);
    }
}
