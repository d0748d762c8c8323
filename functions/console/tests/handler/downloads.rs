use std::io::Cursor;

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use lambda_http::request;
use logistics::domain::claim::Standing;
use logistics::domain::client::Scope;

use crate::console::world::{Browser, Visiting};

/// Values that spreadsheets spoil, and texts that they take for formulas.
const AWBS: [&str; 4] = [
    "012345678901234567",
    "1234E5678",
    "000042",
    "900719925474099312",
];
const CODES: [&str; 4] = ["=1+1", "+SUM(A1)", "-2+3", "@cmd"];

async fn give_up_some(world: &Visiting) {
    for (number, (awb, code)) in (0_i64..).zip(AWBS.into_iter().zip(CODES)) {
        let order = format!("order \"{number}\", one");
        world
            .give_up(&order, number, |notification| {
                notification.awb = Some(awb.parse().unwrap());
                code.clone_into(&mut notification.pushed_type);
            })
            .await;
    }
}

async fn file(world: &Visiting, browser: &Browser, place: &str) -> Vec<u8> {
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let event = world.event.clone().asking("GET", path, query);
    let event = event
        .with_cookie(Some(&browser.cookie))
        .with_header("accept-encoding", None);
    let request = request::from_str(&event.to_string()).unwrap();
    let answer = console::handle(&world.app, request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"failed-demo-sink."));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.body().to_vec()
}

/// The cells of the only sheet, row by row; all of them are text, and none is a formula.
fn cells(xlsx: Vec<u8>) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
    let names = workbook.sheet_names();
    let [name] = names.as_slice() else {
        panic!("{names:?}")
    };
    assert!(workbook.worksheet_formula(name).unwrap().is_empty());
    let range = workbook.worksheet_range(name).unwrap();
    let rows = range.rows().map(|row| {
        let text = |cell: &Data| {
            let text = cell.get_string().unwrap_or_default();
            assert!(cell.is_empty() || !text.is_empty(), "{cell:?} is no text");
            text.to_owned()
        };
        row.iter().map(text).collect()
    });
    rows.collect()
}

#[tokio::test]
async fn a_spreadsheet_has_what_matches_as_text() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    give_up_some(&world).await;
    let place = "/console/endpoints/demo-sink/failed.xlsx";
    let rows = cells(file(&world, &browser, place).await);
    assert_eq!(rows.len(), 5, "{rows:?}");
    let column = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    let of = |name: &str| -> Vec<&str> {
        let column = column(name);
        rows[1..].iter().map(|row| row[column].as_str()).collect()
    };
    assert_eq!(of("AWB"), AWBS);
    assert_eq!(of("Pushed as"), CODES);
    assert_eq!(of("About")[0], "order \"0\", one");
    assert_eq!(of("Attempts"), ["1"; 4]);
    assert_eq!(of("Last HTTP status"), ["422"; 4]);
    assert_eq!(of("Failed at")[0], "2023-11-14T22:13:20Z");
    assert!(of("webhook-id")[0].starts_with("dlv_"));
    // Only what the filter matches.
    let place = "/console/endpoints/demo-sink/failed.xlsx?since=2023-11-14T22:13:22Z";
    assert_eq!(cells(file(&world, &browser, place).await).len(), 3);
}

#[tokio::test]
async fn csv_has_every_cell_in_quotation_marks_and_no_formula() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    give_up_some(&world).await;
    let place = "/console/endpoints/demo-sink/failed.csv";
    let text = String::from_utf8(file(&world, &browser, place).await).unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 5, "{text}");
    assert!(
        lines[0].starts_with(r#""webhook-id","Message id""#),
        "{text}"
    );
    assert!(
        lines[1].contains(r#""order ""0"", one","012345678901234567""#),
        "{text}"
    );
    for code in CODES {
        assert!(text.contains(&format!("\"'{code}\"")), "{code} in {text}");
    }
    for begin in ["=", "+", "-", "@"] {
        assert!(!text.contains(&format!("\"{begin}")), "{begin} in {text}");
    }
}

#[tokio::test]
async fn a_count_leads_to_the_files_of_what_it_counted() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    give_up_some(&world).await;
    let place = "/console/endpoints/demo-sink/recover";
    let since = [("since", "2023-11-14T22:13")];
    let page = world.submit(&browser, place, &since).await;
    page.has(&[
        "<strong>4</strong> failed deliveries match",
        "/console/endpoints/demo-sink/failed.xlsx?since=2023-11-14T22%3A13",
        "/console/endpoints/demo-sink/failed.csv?since=2023-11-14T22%3A13",
        r#"hx-boost="false""#,
    ]);
}

#[tokio::test]
async fn a_file_of_another_client_s_endpoint_or_of_a_wrong_filter_is_none() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    give_up_some(&world).await;
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    for ending in ["xlsx", "csv"] {
        let place = format!("/console/endpoints/demo-sink/failed.{ending}");
        let page = world.open(&stranger, &place).await;
        assert_eq!(page.status, 404, "{page:?}");
        let page = world
            .open(&browser, &format!("{place}?notificationType=NONE"))
            .await;
        assert_eq!(page.status, 422, "{page:?}");
    }
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_keeper", &client, vec![Scope::Configuration])
        .await;
    let keeper = world.sign_in("rms_keeper").await;
    let place = "/console/endpoints/demo-sink/failed.csv";
    assert_eq!(world.open(&keeper, place).await.status, 403);
}

#[tokio::test]
async fn a_push_without_awb_has_that_of_its_booking_and_the_endpoint_s_last_answer() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    world
        .claim(&world.order("A-1"), "clickpost", Standing::Booked)
        .await;
    world.give_up("A-1", 0, |_| {}).await;
    let place = "/console/endpoints/demo-sink/failed.xlsx";
    let rows = cells(file(&world, &browser, place).await);
    let of = |name: &str| {
        let column = rows[0].iter().position(|head| head == name).unwrap();
        rows[1][column].as_str()
    };
    assert_eq!(of("AWB"), "71902671");
    assert_eq!(
        of("Last answer of the endpoint"),
        "refused by the endpoint (422)"
    );
}
