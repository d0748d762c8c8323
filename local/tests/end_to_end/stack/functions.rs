//! Functions as processes: warm, crashed and hanging instances, and that no process is left behind.

use std::process::Stdio;

use local::runtime_api::{Invocation, RuntimeApi};
use local::stack::Stack;
use serde_json::{Value, json};

use crate::stack::world::{World, echo_function, soon};

async fn echo(stack: &Stack) -> Value {
    let answer = soon(stack.invoke("echo", "{}")).await.unwrap();
    serde_json::from_slice(&answer).unwrap()
}

async fn failure(stack: &Stack, function: &str, path: &str) -> String {
    let event = json!({ "rawPath": path }).to_string();
    let failed = soon(stack.invoke(function, event)).await;
    failed.unwrap_err().to_string()
}

#[tokio::test]
async fn a_warm_instance_is_reused() {
    let stack = World::new().start().await;
    let first = echo(&stack).await;
    assert_eq!(first["process"], echo(&stack).await["process"]);
}

#[tokio::test]
async fn a_function_sees_its_own_variables_and_no_others() {
    let stack = World::new().start().await;
    let answer = echo(&stack).await;
    let variables = &answer["variables"];
    assert_eq!(variables["GREETING"], "hello");
    assert_eq!(variables["TABLE"], "Things");
    assert_eq!(variables["QUEUE_URL"], stack.resources().queue_urls["Jobs"]);
    // Calls to AWS go through the gate that enforces the function's policies.
    for (name, behind) in [
        ("AWS_ENDPOINT_URL_SQS", stack.sqs_url()),
        ("AWS_ENDPOINT_URL_DYNAMODB", stack.dynamodb_url()),
    ] {
        let gate = variables[name].as_str().unwrap();
        assert!(
            gate.starts_with("http://127.0.0.1:") && gate != behind,
            "{gate}"
        );
    }
    assert_eq!(variables["AWS_LAMBDA_FUNCTION_NAME"], "echo");
    assert_eq!(variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256");
    let targets = variables["LOCAL_TARGETS"].as_str().unwrap();
    assert!(
        stack
            .sink_url()
            .ends_with(targets.split_once(',').unwrap().0)
    );
    assert!(variables.get("CARGO_MANIFEST_DIR").is_none());
    assert!(answer["deadline"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_busy_function_gets_another_instance() {
    let world = World::new();
    let stack = world.start().await;
    let directory = world.path("meeting");
    std::fs::create_dir(&directory).unwrap();
    let event = json!({
        "rawPath": "/meet",
        "queryStringParameters": { "directory": directory },
    });
    let (one, other) = soon(async {
        tokio::join!(
            stack.invoke("echo", event.to_string()),
            stack.invoke("echo", event.to_string())
        )
    })
    .await;
    assert_eq!(one.unwrap(), "\"met\"");
    assert_eq!(other.unwrap(), "\"met\"");
}

#[tokio::test]
async fn beyond_the_limit_invocations_wait_their_turn() {
    let world = World::new();
    let stack = Stack::start(local::stack::Options {
        instance_limit: 1,
        ..world.options()
    });
    let stack = stack.await.unwrap();
    let (one, other) = tokio::join!(echo(&stack), echo(&stack));
    assert_eq!(one["process"], other["process"]);
}

#[tokio::test]
async fn a_returned_error_leaves_the_instance_as_it_is() {
    let stack = World::new().start().await;
    let before = echo(&stack).await;
    let error = failure(&stack, "echo", "/error").await;
    assert!(error.contains("it went wrong"), "{error}");
    assert_eq!(before["process"], echo(&stack).await["process"]);
}

#[tokio::test]
async fn a_crashed_instance_fails_its_invocation_and_is_replaced() {
    let stack = World::new().start().await;
    let before = echo(&stack).await;
    let error = failure(&stack, "echo", "/crash").await;
    assert!(
        error.ends_with("Error: Runtime exited with error: exit status 3"),
        "{error}"
    );
    assert_ne!(before["process"], echo(&stack).await["process"]);
}

#[tokio::test]
async fn a_hanging_instance_is_killed_at_its_timeout() {
    let stack = World::new().start().await;
    let error = failure(&stack, "impatient", "/hang").await;
    assert!(
        error.ends_with("Task timed out after 1.00 seconds"),
        "{error}"
    );
    let logged = stack.log().lines();
    assert!(
        logged
            .iter()
            .any(|line| line.source == "impatient" && line.text == error)
    );
}

#[tokio::test]
async fn a_function_that_cannot_start_says_so() {
    let stack = World::new().start().await;
    let error = failure(&stack, "broken", "/").await;
    assert_eq!(
        error,
        "the function could not start: the process exited before its first invocation: exit status 4"
    );
    let said = stack.log().wait_for(|line| line.text == "no configuration");
    assert_eq!(soon(said).await.source, "broken");
}

#[tokio::test]
async fn stopping_the_stack_ends_a_hanging_invocation() {
    let world = World::new();
    let stack = std::sync::Arc::new(world.start().await);
    let hanging = tokio::spawn({
        let stack = std::sync::Arc::clone(&stack);
        async move { failure(&stack, "echo", "/hang").await }
    });
    soon(async {
        while stack.process_ids("echo").is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // The caller goes away, but the invocation continues.
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    assert_eq!(stack.process_ids("echo").len(), 1);
    let stack = std::sync::Arc::into_inner(stack).unwrap();
    soon(stack.stop()).await;
}

#[tokio::test]
async fn a_killed_instance_is_replaced() {
    let stack = World::new().start().await;
    let before = echo(&stack).await;
    let process = stack.process_ids("echo")[0];
    assert_eq!(before["process"], process);
    let kill = std::process::Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(kill.unwrap().success());
    // Until the kill takes effect, an invocation may still use the old process and fail with it.
    soon(async {
        while stack.invoke("echo", "{}").await.is_err() || stack.process_ids("echo") == [process] {}
    })
    .await;
    assert_ne!(echo(&stack).await["process"], process);
}

#[test]
fn an_instance_exits_by_itself_when_the_runtime_api_is_gone() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let stack = runtime();
    let outside = runtime();
    let (mut child, session) = stack.block_on(async {
        let api = RuntimeApi::start().await.unwrap();
        let mut session = api.open_session();
        let child = outside.block_on_in(&session);
        soon(session.ready()).await.unwrap();
        let answer = session.invoke(Invocation {
            request_id: "r".to_owned(),
            deadline_ms: i64::MAX,
            function_arn: "arn".to_owned(),
            payload: "{}".into(),
        });
        soon(answer).await.unwrap();
        (child, (session, api))
    });
    stack.shutdown_background();
    outside.block_on(soon(child.wait())).unwrap();
    drop(session);
}

trait StartOutside {
    fn block_on_in(&self, session: &local::runtime_api::Session) -> tokio::process::Child;
}

impl StartOutside for tokio::runtime::Runtime {
    /// Starts the echo function on this runtime.
    fn block_on_in(&self, session: &local::runtime_api::Session) -> tokio::process::Child {
        let _inside = self.enter();
        tokio::process::Command::new(echo_function())
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", session.endpoint())
            .env("AWS_LAMBDA_FUNCTION_NAME", "echo")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }
}
