//! Another language's library accepts our signatures: Python's `oauthlib`, if it is installed. CI has it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use reqwest::Method;

use super::sign::{search, signed};
use super::*;

const VERIFY: &str = r#"
import json, sys
from oauthlib.common import Request
from oauthlib.oauth1.rfc5849 import signature
given = json.load(sys.stdin)
request = Request(given["url"], given["method"], None, {"Authorization": given["header"]})
collected = signature.collect_parameters(uri_query=request.uri_query, headers=request.headers, exclude_oauth_signature=False)
request.signature = dict(collected)["oauth_signature"]
request.params = [pair for pair in collected if pair[0] != "oauth_signature"]
print(signature.verify_hmac_sha256(request, given["consumerSecret"], given["tokenSecret"]))
"#;

fn is_missing() -> bool {
    let import = Command::new("python3")
        .args(["-c", "import oauthlib"])
        .output();
    !import.is_ok_and(|import| import.status.success())
}

/// What the library says about a request.
fn verdict(given: &Value) -> String {
    let mut python = Command::new("python3")
        .args(["-c", VERIFY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = python.stdin.take().unwrap();
    input.write_all(given.to_string().as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn oauthlib_verifies_our_signatures_and_no_others() {
    if is_missing() {
        println!("skipped: Python 3 with oauthlib is not installed");
        return;
    }
    let url = search();
    let header = signed(&Method::GET, &url);
    let given = |method: &str, token_secret: &str| {
        json!({
            "url": url.as_str(), "method": method, "header": header,
            "consumerSecret": "cs&secret", "tokenSecret": token_secret,
        })
    };
    assert_eq!(verdict(&given("GET", "ats+secret")), "True");
    assert_eq!(verdict(&given("POST", "ats+secret")), "False");
    assert_eq!(verdict(&given("GET", "another")), "False");
}
