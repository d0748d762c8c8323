//! The samples of `docs/webhooks.md` verify what a client receives, and refuse a body without a valid signature.
//!
//! A sample is skipped if its language or library is not installed; CI has all except Go's. Rust's sample is a doc test of
//! the shared crate.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use local::sink::ReceivedRequest;
use logistics::destinations::client_webhook::signature::public_key;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::signing::SigningSecrets;
use serde_json::{Value, json};

use crate::notifications::tenants::{Account, SIGNING_SECRET};
use crate::notifications::world::{World, event, leave_out};

const PRIVATE_KEY: &str = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";

/// Calls the Python function with the standard input.
const PYTHON: &str = "
import json, sys
from standardwebhooks.webhooks import WebhookVerificationError
given = json.load(sys.stdin)
try:
    verify(given['secret'], given['headers'], given['body'].encode())
    print('yes')
except WebhookVerificationError:
    print('no')
";
/// The same for JavaScript.
const JAVASCRIPT: &str = r#"
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
try {
  verify(given.secret, given.headers, given.body);
  console.log("yes");
} catch (error) {
  if (!(error instanceof require("standardwebhooks").WebhookVerificationError)) throw error;
  console.log("no");
}
"#;

/// The first sample of a language after a heading.
fn sample(heading: &str, language: &str) -> String {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/webhooks.md");
    let document = std::fs::read_to_string(document).unwrap();
    let (_, section) = document.split_once(heading).unwrap();
    let (_, rest) = section.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

fn header<'a>(request: &'a ReceivedRequest, name: &str) -> &'a str {
    &request.headers[name]
}

/// The standard output of a program, which must succeed.
pub(crate) fn answer_of(program: &mut Command, input: &str) -> String {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Whether a program runs successfully with these words.
pub(crate) fn runs(program: &str, words: [&str; 2]) -> bool {
    let mut command = Command::new(program);
    let quiet = command
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Asserts that a program with a `verify` accepts a delivery, and refuses a changed body and another secret.
fn judges_rightly(program: &[&str; 2], sample: &str, request: &ReceivedRequest, secret: &str) {
    let judge = |secret: &str, body: &str| {
        let given: Value = json!({ "secret": secret, "headers": request.headers, "body": body });
        let mut command = Command::new(program[0]);
        answer_of(command.args([program[1], sample]), &given.to_string())
    };
    let changed = request.body.replace("DELIVERED", "LOST");
    assert_eq!(judge(secret, &request.body), "yes");
    assert_eq!(judge(secret, &changed), "no");
    assert_eq!(judge(SIGNING_SECRET, &request.body), "no");
}

async fn delivered(world: &World) -> ReceivedRequest {
    let mut event = event("signed", "DELIVERED");
    event["items"] = json!([{ "sku": "smørrebrød – 寿司 \"1\" $HOME `x` %s \\n", "quantity": 2 }]);
    world.pushed(&event, "ACCEPTED").await;
    world.arrived(1).await.remove(0)
}

#[tokio::test]
async fn the_python_sample_verifies() {
    if !runs("python3", ["-c", "import standardwebhooks"]) {
        return leave_out("Python with standardwebhooks is not installed");
    }
    let world = World::start().await;
    let request = delivered(&world).await;
    let script = sample("## Verifying the signature", "python") + PYTHON;
    let secret = &world.demo().signing_secret;
    judges_rightly(&["python3", "-c"], &script, &request, secret);
}

#[tokio::test]
async fn the_javascript_sample_verifies() {
    if !runs("node", ["-e", "require('standardwebhooks')"]) {
        return leave_out("Node.js with standardwebhooks is not installed");
    }
    let world = World::start().await;
    let request = delivered(&world).await;
    let script = sample("## Verifying the signature", "javascript") + JAVASCRIPT;
    let secret = &world.demo().signing_secret;
    judges_rightly(&["node", "-e"], &script, &request, secret);
}

/// Calls the receiver for a fetch request with the standard input.
const FETCH: &str = r#"
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const { receive } = require(process.env.RECEIVER);
const { "content-length": _, host: __, connection: ___, ...headers } = given.headers;
const request = new Request("http://127.0.0.1/webhooks/rms", { method: "POST", headers, body: given.body });
receive(request, given.secret).then((response) => console.log(response.status === 200 ? "yes" : "no"));
"#;

#[tokio::test]
async fn the_receiver_for_a_fetch_request_verifies() {
    if !runs("node", ["-e", "require('standardwebhooks')"]) {
        return leave_out("Node.js with standardwebhooks is not installed");
    }
    let world = World::start().await;
    let request = delivered(&world).await;
    let receiver =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/receivers/fetch.js");
    let script = format!(
        "process.env.RECEIVER = {};{FETCH}",
        json!(receiver.display().to_string())
    );
    let secret = &world.demo().signing_secret;
    judges_rightly(&["node", "-e"], &script, &request, secret);
}

/// The shell sample, with its variables in the environment.
fn shell(heading: &str, request: &ReceivedRequest, body: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-e", "-c", &sample(heading, "sh")])
        .env("id", header(request, "webhook-id"))
        .env("timestamp", header(request, "webhook-timestamp"))
        .env("signature", header(request, "webhook-signature"))
        .env("body", body);
    command
}

#[tokio::test]
async fn the_shell_sample_verifies() {
    if !runs("openssl", ["version", "-v"]) {
        return leave_out("openssl is not installed");
    }
    let world = World::start().await;
    let request = delivered(&world).await;
    let judge = |secret: &str, body: &str| {
        let mut shell = shell("Without a library", &request, body);
        answer_of(shell.env("secret", secret), "")
    };
    let secret = &world.demo().signing_secret;
    let changed = request.body.replace("DELIVERED", "LOST");
    assert_eq!(judge(secret, &request.body), "valid");
    assert_eq!(judge(secret, &changed), "invalid");
    assert_eq!(judge(SIGNING_SECRET, &request.body), "invalid");
}

#[tokio::test]
async fn the_shell_sample_of_v1a_verifies() {
    if !runs("openssl", ["version", "-v"]) {
        return leave_out("openssl is not installed");
    }
    let world = World::start().await;
    let request = delivered_by_v1a(&world).await;
    let public = public_key(&PRIVATE_KEY.into()).unwrap().unwrap();
    let verified = |body: &str| {
        let mut shell = shell("with OpenSSL 3", &request, body);
        let output = shell.env("public", &public).output().unwrap();
        output.status.success()
    };
    assert!(verified(&request.body));
    assert!(!verified(&request.body.replace("DELIVERED", "LOST")));
}

/// A delivery to an endpoint with a private key.
async fn delivered_by_v1a(world: &World) -> ReceivedRequest {
    let account = Account {
        client: "brand",
        alias: "brand-magic",
        domain: None,
        notifications: true,
    };
    world.add_account(&account).await;
    let endpoint = WebhookEndpoint::new(
        "brand".parse().unwrap(),
        "v1a".parse().unwrap(),
        world.sink_path("/v1a").parse().unwrap(),
        SigningSecrets::new(PRIVATE_KEY.into()),
    );
    world.endpoints().add(&endpoint).await.unwrap();
    let proof = [("authUsername", "brand-magic"), ("authPassword", "secret")];
    let answer = world
        .push_with(&proof, event("signed", "DELIVERED").to_string())
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.arrived(1).await.remove(0)
}
