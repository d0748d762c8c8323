//! Every alarm has its section in the runbook, and watches a metric that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use local::template::{AlarmResource, Template, WatchedMetric};
use logistics::telemetry::metrics::Metric;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// The metrics of AWS that alarms watch, with the names of their dimensions.
const OF_AWS: [(&str, &str, &[&str]); 7] = [
    ("AWS/ApiGateway", "5xx", &["ApiId"]),
    ("AWS/ApiGateway", "Count", &["ApiId"]),
    ("AWS/Lambda", "Duration", &["FunctionName"]),
    ("AWS/Lambda", "Errors", &["FunctionName"]),
    ("AWS/Lambda", "Throttles", &[]),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", &["QueueName"]),
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        &["QueueName"],
    ),
];
/// Sections that are about no alarm.
const OF_NO_ALARM: [&str; 2] = ["From a complaint to the cause", "Locally"];
/// What each section says.
const PARTS: [&str; 4] = ["**Means.**", "**Look", "**Over**", "**Try it.**"];

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join("docs").join(name)).unwrap()
}

/// The sections of the runbook that are about alarms, by their titles.
fn sections() -> BTreeMap<String, String> {
    let page = page("runbook.md");
    let sections = page.split("\n## ").skip(1);
    sections
        .map(|section| section.split_once('\n').unwrap())
        .filter(|(title, _)| !OF_NO_ALARM.contains(title))
        .map(|(title, text)| (title.to_owned(), text.to_owned()))
        .collect()
}

/// `GivenUpAlarm` in words: `Given up`.
fn in_words(alarm: &AlarmResource) -> String {
    let name = alarm.logical_id.strip_suffix("Alarm").unwrap();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

fn exists(metric: &WatchedMetric) -> bool {
    if metric.namespace.starts_with("AWS/") {
        let names: Vec<&str> = metric
            .dimensions
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        return OF_AWS.contains(&(&metric.namespace, &metric.name, &names));
    }
    // Totals only: every other combination of dimensions would be an alarm of its own.
    Metric::all().any(|own| own.name() == metric.name) && metric.dimensions.is_empty()
}

#[test]
fn every_alarm_has_a_section_and_every_section_an_alarm() {
    let template = Template::of_workspace().unwrap();
    let alarms: BTreeSet<String> = template.alarms.iter().map(in_words).collect();
    let sections: BTreeSet<String> = sections().into_keys().collect();
    assert_eq!(alarms, sections);
    assert!(alarms.len() > 10, "{alarms:?}");
}

#[test]
fn every_alarm_watches_metrics_that_exist_and_that_its_section_names() {
    let sections = sections();
    for alarm in Template::of_workspace().unwrap().alarms {
        let section = &sections[&in_words(&alarm)];
        for metric in alarm.metrics() {
            assert!(exists(metric), "{}: {metric:?}", alarm.logical_id);
            let named = format!("`{}`", metric.name);
            assert!(section.contains(&named), "{}: {named}", alarm.logical_id);
        }
    }
}

#[test]
fn every_section_says_what_it_means_what_to_do_and_how_to_try_it() {
    for (title, text) in sections() {
        for part in PARTS {
            assert!(text.contains(part), "{title}: {part}");
        }
        assert!(
            text.contains("**Do.**") || text.contains("**Look and do**"),
            "{title}"
        );
        let (_, tried) = text.split_once("**Try it.**").unwrap();
        assert!(tried.contains("```sh\n"), "{title}");
    }
}

#[test]
fn the_errors_of_every_function_are_watched() {
    let template = Template::of_workspace().unwrap();
    let mut watched = BTreeSet::new();
    for alarm in &template.alarms {
        let errors = alarm
            .metrics()
            .into_iter()
            .filter(|metric| metric.name == "Errors");
        let errors: Vec<_> = errors.collect();
        assert!(
            errors.len() <= 10,
            "{}: an alarm has at most 10 metrics",
            alarm.logical_id
        );
        for metric in errors {
            let function = metric.dimensions[0].1.clone();
            assert!(watched.insert(function), "{metric:?} is watched twice");
        }
    }
    let functions: BTreeSet<_> = template
        .functions
        .into_iter()
        .map(|function| function.binary)
        .collect();
    assert_eq!(
        watched, functions,
        "add the function to one of the alarms of errors in template.yaml"
    );
}
