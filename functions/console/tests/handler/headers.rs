use std::io::Read as _;

use lambda_http::request;

use crate::console::world::Visiting;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_response_has_the_headers_and_no_page_has_script_or_style_in_it() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for place in [
        "/console",
        "/console/sign-in",
        "/console/link?token=1",
        "/console/overview",
        "/console/problems",
        "/console/unmapped",
        "/console/unmapped/code?alias=magic&code=TELEPORTED",
        "/console/problems/unmapped",
        "/console/problems/exceptions",
        "/console/problems/still?alias=clickpost",
        "/console/messages",
        "/console/returns",
        "/console/endpoints",
        "/console/endpoints/new",
        "/console/endpoints/demo-sink",
        "/console/endpoints/demo-sink/edit",
        "/console/accounts",
        "/console/accounts/new",
        "/console/accounts/new?of=CLICKPOST",
        "/console/accounts/magic",
        "/console/accounts/magic/edit",
        "/console/channels",
        "/console/channels/shopify",
        "/console/keys",
        "/console/audit",
        "/console/none",
        "/console/find?q=none",
    ] {
        let page = world.open(&browser, place).await;
        let expected = if place.contains("none") { 404 } else { 200 };
        assert_eq!(page.status, expected, "{place} {page:?}");
        let header = |name: &str| page.headers[name].to_str().unwrap();
        assert_eq!(header("content-security-policy"), POLICY, "{place}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert!(page.headers.contains_key("x-request-id"));
        for inline in [
            "style=",
            "onclick",
            "onload",
            "javascript:",
            "<style",
            "<script>",
        ] {
            assert!(!page.html.contains(inline), "{place} has {inline}");
        }
        assert_eq!(page.html.matches("<script").count(), 1, "{place}");
        assert!(page.html.len() < 60_000, "{place}");
    }
}

#[tokio::test]
async fn the_style_sheet_and_the_script_are_kept_for_ever_and_are_small() {
    let world = Visiting::start().await;
    let page = world.get("/console/sign-in").await;
    for (before, content_type) in [
        (r#"rel="stylesheet" href=""#, "text/css; charset=utf-8"),
        (r#"<script src=""#, "text/javascript; charset=utf-8"),
    ] {
        let place = page.html.split_once(before).unwrap().1;
        let place = place.split_once('"').unwrap().0;
        let event = world.event.clone().asking("GET", place, "");
        let request = request::from_str(&event.to_string()).unwrap();
        let answer = console::handle(&world.app, request).await;
        assert_eq!(answer.headers()["content-type"], content_type);
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        let kept = "public, max-age=31536000, immutable";
        assert_eq!(answer.headers()["cache-control"], kept);
        let packed = answer.body().as_ref();
        assert!(packed.len() <= 20 * 1024, "{place}: {}", packed.len());
        assert_eq!(world.get(place).await.html, unpacked(packed));
    }
    assert_eq!(world.get("/console/assets/console-0.js").await.status, 404);
}

#[tokio::test]
async fn each_page_is_packed_by_itself() {
    let world = Visiting::start().await;
    for place in ["/console/sign-in", "/console/link", "/console/sign-in"] {
        let event = world.event.clone().asking("GET", place, "");
        let request = request::from_str(&event.to_string()).unwrap();
        let answer = console::handle(&world.app, request).await;
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        let packed = answer.body().as_ref();
        assert_eq!(world.get(place).await.html, unpacked(packed), "{place}");
    }
}

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    let mut unpacking = flate2::read::GzDecoder::new(packed);
    unpacking.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn htmx_is_the_file_that_was_published() {
    use logistics::digest::Sha256;
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../functions/console/assets/htmx-2.0.11.min.js"
    );
    let digest = Sha256::digest(std::fs::read(file).unwrap());
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        digits.concat(),
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    );
}
