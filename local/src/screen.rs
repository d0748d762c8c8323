//! What a newcomer sees when the stack has started: where things are, and what to try next.

use std::fmt::Write as _;

use crate::stack::{Published, PublishedRest};

/// The text for the terminal.
pub fn text(published: &Published) -> String {
    let mut screen = String::new();
    if let Some(rest) = &published.rest {
        line(&mut screen, "API", &rest.base_url);
        line(&mut screen, "Client sink", &rest.sink_url);
        line(&mut screen, "Simulators", &rest.simulator_url);
    }
    line(&mut screen, "DynamoDB", &published.dynamodb_url);
    line(&mut screen, "SQS", &published.sqs_url);
    if let Some(rest) = &published.rest {
        line(&mut screen, "Client", &rest.demo.client_id);
        line(&mut screen, "API key", &rest.demo.api_key);
        screen.push_str("\nTry:\n");
        for command in commands(rest) {
            writeln!(screen, "  {command}").ok();
        }
    }
    screen.push_str("\nCtrl-C ends it all.");
    screen
}

fn line(screen: &mut String, what: &str, place: &str) {
    // Writing to a string cannot fail.
    writeln!(screen, "  {what:<12} {place}").ok();
}

fn commands(rest: &PublishedRest) -> Vec<String> {
    let mut commands = vec![format!("curl {}/openapi.json", rest.base_url)];
    for account in rest.demo.accounts.values() {
        let headers: Vec<String> = account
            .headers
            .iter()
            .map(|(name, value)| format!("-H '{name}: {value}' "))
            .collect();
        commands.push(format!(
            "curl -X POST {}-H 'content-type: application/json' -d @push.json {}",
            headers.concat(),
            account.push_url
        ));
    }
    commands.push(format!("curl '{}/received?since=0'", rest.sink_url));
    commands
}
