//! The label's file: public, and a PDF that a viewer opens.

use reqwest::Response;

use crate::magic::Running;

#[tokio::test]
async fn the_label_is_a_pdf_that_anyone_may_fetch() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-(1)").await;
    let answer = fetch(&running, &awb).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");

    let pdf = String::from_utf8(answer.bytes().await.unwrap().into()).unwrap();
    assert!(pdf.starts_with("%PDF-1.4\n") && pdf.ends_with("\n%%EOF\n"));
    for line in [
        &format!("(AWB {awb})"),
        r"(Order: A-\(1\))",
        "(From: Bengaluru)",
        "(To: Ahmedabad)",
    ] {
        assert!(pdf.contains(line), "{line}");
    }
    assert!(
        running.simulators.calls("magic").unwrap().len() == 1,
        "a fetch is not a call"
    );
}

#[tokio::test]
async fn the_cross_reference_table_leads_to_every_object() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let pdf = fetch(&running, &awb).await.text().await.unwrap();

    let table = &pdf[number_after(&pdf, "startxref\n")..];
    assert!(
        table.starts_with("xref\n0 6\n0000000000 65535 f \n"),
        "{table}"
    );
    for number in 1..=5 {
        let line = table.lines().nth(2 + number).unwrap();
        assert_eq!(line.len(), 19, "with its line feed an entry has 20 bytes");
        let offset: usize = line[..10].parse().unwrap();
        assert!(
            pdf[offset..].starts_with(&format!("{number} 0 obj\n")),
            "{number}"
        );
    }
    assert!(table.contains("/Size 6 /Root 1 0 R"));
}

#[tokio::test]
async fn the_content_has_the_length_that_it_declares() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let pdf = fetch(&running, &awb).await.text().await.unwrap();
    let (_, stream) = pdf.split_once(">>\nstream\n").unwrap();
    let (content, _) = stream.split_once("\nendstream").unwrap();
    assert_eq!(content.len(), number_after(&pdf, "/Length "));
}

#[tokio::test]
async fn there_is_no_label_without_an_order() {
    let running = Running::start().await;
    assert_eq!(fetch(&running, "123456789012").await.status(), 404);
}

async fn fetch(running: &Running, awb: &str) -> Response {
    let url = format!("{}/magic/labels/{awb}.pdf", running.url);
    running.client.get(url).send().await.unwrap()
}

fn number_after(text: &str, mark: &str) -> usize {
    let (_, rest) = text.split_once(mark).unwrap();
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap();
    digits.parse().unwrap()
}
