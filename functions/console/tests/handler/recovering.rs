use futures::future::join;

use crate::console::world::Visiting;

#[tokio::test]
async fn a_double_click_on_recover_queues_once() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for number in 0..3 {
        world
            .give_up(&format!("order-{number}"), number, |_| {})
            .await;
    }
    let place = "/console/endpoints/demo-sink/recover";
    let page = world.submit(&browser, place, &[]).await;
    page.has(&[
        r#"id="result""#,
        r#"/console/endpoints/demo-sink/recover#result""#,
        "<strong>3</strong> failed deliveries match",
        "Queue them again",
    ]);
    let fields = [("step", "recover")];
    let click = || world.submit(&browser, place, &fields);
    let (one, other) = Box::pin(join(click(), click())).await;
    let again = world.submit(&browser, place, &fields).await;
    let queued = [one, other, again].map(|page| {
        assert_eq!(page.status, 303, "{page:?}");
        let (_, rest) = page.location().split_once("queued=").unwrap();
        rest.split_once('&').unwrap().0.parse::<usize>().unwrap()
    });
    assert_eq!(queued.iter().sum::<usize>(), 3, "{queued:?}");
    let page = world.submit(&browser, place, &[]).await;
    page.has(&["<strong>0</strong> failed deliveries match"]);
}
