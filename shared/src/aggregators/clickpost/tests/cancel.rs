//! Cancellation, which is a GET request that changes state.

use crate::aggregators::clickpost::tests::*;

fn names(reached: &[(&str, &str)]) -> Names {
    let known = Names::of(&workbench::request(&body(LABEL_REQUEST)));
    let owned = |(name, id): &(&str, &str)| ((*name).to_owned(), (*id).to_owned());
    Names {
        awb: Some("7000001234".parse().unwrap()),
        reached: reached.iter().map(owned).collect(),
        ..known
    }
}

fn known() -> Names {
    names(&[(COURIER, "4"), (ACCOUNT_CODE, "Delhivery Kochi")])
}

async fn cancelled(bench: &Workbench, names: &Names) -> Result<Cancellation, PartnerFailure> {
    let cancels = Clickpost.cancels(&bench.account).unwrap();
    cancels.cancel(bench.call(), names.reference()).await
}

async fn outcome(template: ResponseTemplate) -> Result<Cancellation, PartnerFailure> {
    let bench = workbench().await.answers(template).await;
    cancelled(&bench, &known()).await
}

async fn asked(bench: Workbench, names: &Names) -> String {
    let bench = bench.answers(answer(200, &meta(200, "SUCCESS"))).await;
    assert_eq!(cancelled(&bench, names).await.unwrap(), Cancellation::Done);
    bench.asked().await.remove(0)
}

#[tokio::test]
async fn the_call_contains_awb_courier_and_account() {
    assert_eq!(
        asked(workbench().await, &known()).await,
        "GET /v1/cancel-order/?username=brand&key=k+1%262&waybill=7000001234&cp_id=4&account_code=Delhivery+Kochi"
    );
}

#[tokio::test]
async fn settings_replace_missing_data_of_the_booking() {
    let mut bench = workbench()
        .await
        .set("accountCode.9", "Bluedart")
        .set("manuallyUpdateStatus", "true");
    bench.account.default_courier = Some("9".parse().unwrap());
    assert_eq!(
        asked(bench, &names(&[])).await,
        "GET /v1/cancel-order/?username=brand&key=k+1%262&waybill=7000001234&cp_id=9&account_code=Bluedart&manually_update_status=True"
    );
}

#[tokio::test]
async fn without_an_awb_or_a_courier_nothing_is_sent() {
    let bench = workbench().await;
    let without_awb = Names {
        awb: None,
        ..known()
    };
    for names in [names(&[]), without_awb] {
        let failure = cancelled(&bench, &names).await.unwrap_err();
        assert_eq!(pointers(&failure), ["/orderNumber"]);
    }
    assert!(bench.received().await.is_empty());
}

#[tokio::test]
async fn an_already_cancelled_order_is_a_success() {
    for template in [
        answer(200, &meta(200, "SUCCESS")),
        answer(200, &meta(600, "ORDER ALREADY CANCELLED")),
        answer(400, &meta("600", "ORDER ALREADY CANCELLED")),
    ] {
        assert_eq!(outcome(template).await.unwrap(), Cancellation::Done);
    }
}

#[tokio::test]
async fn an_accepted_cancellation_is_not_complete() {
    for template in [
        answer(200, &meta(202, "accepted")),
        answer(202, &meta(202, "accepted")),
        answer(202, &meta(200, "accepted")),
    ] {
        assert_eq!(outcome(template).await.unwrap(), Cancellation::Requested);
    }
}

#[tokio::test]
async fn a_refusal_keeps_their_message() {
    for (status, code) in [(400, 350), (200, 350), (200, 351), (200, 400)] {
        let failure = outcome(answer(status, &meta(code, "cannot be cancelled"))).await;
        let Err(PartnerFailure::Refused(refusal)) = failure else {
            panic!("{code}: {failure:?}");
        };
        assert_eq!(refusal.code, Some(code.to_string()));
    }
    let failure = outcome(answer(200, &meta(301, "Invalid Token"))).await;
    assert!(matches!(failure, Err(PartnerFailure::BadCredentials)));
}

#[tokio::test]
async fn without_a_clear_response_the_outcome_is_unknown() {
    for template in [
        ResponseTemplate::new(504),
        ResponseTemplate::new(200).set_body_string("OK"),
        answer(200, &meta(322, "courier server error")),
    ] {
        let outcome = outcome(template).await;
        assert!(matches!(outcome, Err(PartnerFailure::OutcomeUnknown)));
    }
}

#[tokio::test]
async fn after_a_late_response_the_outcome_is_unknown() {
    let late = answer(200, &meta(200, "SUCCESS")).set_delay(IMPATIENCE * 10);
    let mut bench = workbench().await.answers(late).await;
    bench.deadline = IMPATIENCE;
    let outcome = cancelled(&bench, &known()).await;
    assert!(matches!(outcome, Err(PartnerFailure::OutcomeUnknown)));
}
