//! The published stack file, and ports.

use local::stack::{Options, Published, Stack};
use operator::running_stack::RunningStack;

use crate::stack::world::{World, soon};

#[tokio::test]
async fn it_is_published_once_everything_answers_and_removed_after_the_stop() {
    let world = World::new();
    let path = world.path(".local/stack.json");
    let stack = Stack::start(Options {
        publish: Some(path.clone()),
        ..world.options()
    });
    let stack = stack.await.unwrap();
    let text = std::fs::read(&path).unwrap();
    let published: Published = serde_json::from_slice(&text).unwrap();
    assert_eq!(&published, stack.published());
    let found = RunningStack::read(&path).unwrap();
    assert_eq!(found, published.stack);
    let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["baseUrl"], stack.base_url());
    assert_eq!(json["clientId"], stack.demo().unwrap().client_id);
    #[cfg(unix)]
    for (path, mode) in [(path.as_path(), 0o600), (path.parent().unwrap(), 0o700)] {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = path.metadata().unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, mode, "{}", path.display());
    }
    soon(stack.stop()).await;
    assert!(!path.exists());
}

#[tokio::test]
async fn a_second_stack_does_not_take_over_the_file_of_the_first() {
    let world = World::new();
    let path = world.path(".local/stack.json");
    let publishing = |backends_only| Options {
        publish: Some(path.clone()),
        backends_only,
        ..world.options()
    };
    let first = Stack::start(publishing(false)).await.unwrap();
    let text = std::fs::read(&path).unwrap();
    for backends_only in [false, true] {
        let second = Stack::start(publishing(backends_only)).await;
        let error = second.err().unwrap().to_string();
        assert!(
            error.starts_with("another stack runs in this directory"),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), text);
    }
    soon(first.stop()).await;
    let next = Stack::start(publishing(true)).await.unwrap();
    soon(next.stop()).await;
    assert!(!path.exists());
}

#[tokio::test]
async fn what_a_killed_stack_left_is_gone_while_the_next_one_starts() {
    let world = World::new();
    let path = world.path(".local/stack.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "{\"baseUrl\": \"http://127.0.0.1:1\"}").unwrap();
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let start = Stack::start(Options {
        publish: Some(path.clone()),
        port: occupied.local_addr().unwrap().port(),
        ..world.options()
    });
    assert!(start.await.is_err());
    assert!(!path.exists());
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let world = World::new();
    let stack = world.start().await;
    let port = stack
        .base_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let second = Stack::start(Options {
        port,
        ..world.options()
    });
    let error = second.await.err().unwrap().to_string();
    assert_eq!(
        error,
        format!(
            "port {port} is already in use: stop the other program, or choose another port with --port"
        )
    );
}

#[tokio::test]
async fn backends_only_runs_no_function() {
    let world = World::new();
    let stack = Stack::start(Options {
        backends_only: true,
        ..world.options()
    });
    let stack = stack.await.unwrap();
    assert!(stack.base_url().is_empty());
    assert!(stack.invoke("echo", "{}").await.is_err());
    assert!(stack.resources().queue_urls.contains_key("Jobs"));
}
