use crate::console::world::Visiting;

#[tokio::test]
async fn the_sections_are_listed_once_behind_a_closed_menu_that_says_where_one_is() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world.open(&browser, "/console/problems").await;
    page.has(&[
        r#"<details class="menu"><summary>Menu <span class="here">Problems</span></summary></details>"#,
        r#"<li><a href="/console/problems" aria-current="page">Problems</a></li>"#,
    ]);
    let sections = page.html.matches(r#"<a href="/console/audit">Audit</a>"#);
    assert_eq!(sections.count(), 1, "{page:?}");
    // The first page is in no section.
    let page = world.open(&browser, "/console").await;
    page.has(&[r#"<details class="menu"><summary>Menu</summary></details>"#]);
    // Without a session there is no menu.
    let page = world.get("/console/sign-in").await;
    assert!(!page.html.contains("Menu"), "{page:?}");
}
