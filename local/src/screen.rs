//! The text shown when the stack has started: addresses, and commands to try.

use std::fmt::Write as _;

use crate::demo::DemoAccount;
use crate::stack::{Published, PublishedRest};

const JSON: &str = "-H 'content-type: application/json'";

/// The text for the terminal.
pub fn text(published: &Published) -> String {
    let mut screen = String::new();
    if let Some(rest) = &published.rest {
        line(&mut screen, "API", &rest.base_url);
        line(&mut screen, "Console", &rest.console_url);
        line(&mut screen, "Client sink", &rest.sink_url);
        line(&mut screen, "Simulators", &rest.simulator_url);
    }
    line(&mut screen, "DynamoDB", &published.stack.dynamodb_url);
    line(&mut screen, "SQS", &published.stack.sqs_url);
    if let Some(rest) = &published.rest {
        line(&mut screen, "API key", &rest.demo.api_key);
        screen.push_str("\nTry these in another terminal, in this directory:\n");
        for (what, command) in commands(rest) {
            // Writing to a string cannot fail.
            write!(screen, "\n  # {what}\n  {command}\n").ok();
        }
    }
    screen.push_str("\nPress Ctrl-C to stop.");
    screen
}

fn line(screen: &mut String, what: &str, place: &str) {
    writeln!(screen, "  {what:<12} {place}").ok();
}

fn commands(rest: &PublishedRest) -> Vec<(&'static str, String)> {
    let base = &rest.base_url;
    let key = format!("-H 'x-api-key: {}'", rest.demo.api_key);
    let post = |path: &str, file: &str| {
        format!("curl -s {base}/{path} {key} {JSON} -d @docs/examples/{file}.json")
    };
    let label = format!("{base}/shipping-labels?orderNumber=asdf1234");
    let mut commands = vec![
        (
            "list the couriers of a route",
            post("courier-recommendations", "couriers"),
        ),
        (
            "buy a label (a repeat returns the same label)",
            post("shipping-labels", "label"),
        ),
        (
            "download the label's PDF",
            format!("curl -s '{label}' {key} -H 'accept: application/pdf' -o label.pdf"),
        ),
        ("get a return AWB", post("return-awbs", "return-awb")),
    ];
    if let Some(account) = rest.demo.accounts.get("magic") {
        commands.push(("push a notification as the aggregator", push(account)));
    }
    commands.push((
        "send a shop's new order, as the shop",
        format!(
            "curl -s -X POST {}/shopify/orders -d @docs/examples/shop-order.json",
            rest.simulator_url
        ),
    ));
    commands.push((
        "show the signed requests that the client's system received",
        format!("curl -s {}/received", rest.sink_url),
    ));
    commands
}

fn push(account: &DemoAccount) -> String {
    let headers = account.headers.iter();
    let headers: Vec<String> = headers
        .map(|(name, value)| format!("-H '{name}: {value}'"))
        .collect();
    format!(
        "curl -s {} {} {JSON} -d @docs/examples/push.json",
        account.push_url,
        headers.join(" ")
    )
}
