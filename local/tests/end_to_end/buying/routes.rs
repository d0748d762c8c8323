//! Known and unknown paths and methods.

use reqwest::Method;

use crate::answer::Answer;
use crate::buying::world::World;

#[tokio::test]
async fn unknown_paths_are_answered_with_problems() {
    let world = World::start().await;
    for path in [
        "/",
        "/nothing",
        "/shipping-labels/",
        "/shipping-labels/A-1",
        "/Shipping-Labels",
        "//shipping-labels",
        "/shipping-labels/settle/",
        "/a%20b/%ff",
        "/openapi.yaml",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = Answer::to(world.request(method, path)).await;
            answer.problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn an_unsupported_method_is_answered_with_the_supported_ones() {
    let world = World::start().await;
    for (path, methods) in [
        ("/courier-recommendations", "POST"),
        ("/orders", "POST"),
        ("/shipping-labels", "DELETE, GET, POST"),
        ("/shipping-labels/settle", "POST"),
        ("/return-awbs", "DELETE, GET, POST"),
        ("/rms-magic/notification/push", "POST"),
        ("/notifications/0123456789abcdef", "GET, POST"),
        ("/notifications", "GET"),
        ("/openapi.json", "GET"),
        ("/docs", "GET"),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            if methods.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = Answer::to(world.request(method, path)).await;
            answer.problem(405, "method-not-allowed");
            assert_eq!(answer.header("allow"), Some(methods));
        }
        let answer = Answer::to(world.request(Method::HEAD, path)).await;
        assert_eq!(answer.status, 405);
    }
}

#[tokio::test]
async fn the_description_is_the_committed_one() {
    let world = World::start().await;
    let answer = Answer::to(world.request(Method::GET, "/openapi.json")).await;
    answer.ok();
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json");
    assert_eq!(answer.body, std::fs::read(committed).unwrap());
}
