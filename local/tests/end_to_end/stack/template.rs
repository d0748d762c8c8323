//! The template: what is read, and what is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use local::template::{Event, EventFilter, QueueEvent, Route, Template};

use crate::stack::world::TEMPLATE;

fn error_after(find: &str, replace: &str) -> String {
    assert!(TEMPLATE.contains(find), "{find}");
    let yaml = TEMPLATE.replace(find, replace);
    format!("{:#}", Template::parse(&yaml).unwrap_err())
}

#[test]
fn a_function_has_its_own_settings_over_the_global_ones() {
    let template = Template::parse(TEMPLATE).unwrap();
    let echo = &template.functions[0];
    assert_eq!(echo.binary, "echo");
    assert_eq!(echo.timeout, Duration::from_secs(20));
    assert_eq!(echo.memory_mb, 256);
    assert_eq!(template.functions[1].timeout, Duration::from_secs(1));
}

#[test]
fn references_are_resolved() {
    let template = Template::parse(TEMPLATE).unwrap();
    let urls = BTreeMap::from([("Jobs".to_owned(), "http://queue".to_owned())]);
    let value = |name: &str| template.functions[0].environment[name].with_queue_urls(&urls);
    assert_eq!(value("GREETING").unwrap(), "hello");
    assert_eq!(value("TABLE").unwrap(), "Things");
    assert_eq!(value("QUEUE_URL").unwrap(), "http://queue");
}

#[test]
fn substitution_knows_parameters_resources_and_the_region() {
    let yaml = TEMPLATE.replace(
        "TABLE: !Ref Things",
        "TABLE: !Sub '${Greeting} ${Things.Arn} ${AWS::Region}'",
    );
    let template = Template::parse(&yaml).unwrap();
    let value = template.functions[0].environment["TABLE"].with_queue_urls(&BTreeMap::new());
    assert_eq!(
        value.unwrap(),
        "hello arn:aws:dynamodb:ap-south-1:000000000000:table/Things ap-south-1"
    );
}

#[test]
fn an_api_event_without_a_path_is_the_default_route() {
    let template = Template::parse(TEMPLATE).unwrap();
    let events = &template.functions[0].events;
    assert_eq!(
        events[0],
        Event::Http(Route::Path {
            method: "GET".to_owned(),
            path: "/items/{id}".to_owned()
        })
    );
    assert_eq!(events[2], Event::Http(Route::Default));
}

#[test]
fn a_queue_has_its_name_attributes_and_dead_letter_queue() {
    let template = Template::parse(TEMPLATE).unwrap();
    let jobs = &template.queues[0];
    assert_eq!(jobs.name, "Jobs.fifo");
    assert_eq!(jobs.attributes["VisibilityTimeout"], "1");
    let redrive = jobs.redrive.as_ref().unwrap();
    assert_eq!(
        (redrive.queue.as_str(), redrive.maximum_receives),
        ("DeadJobs", 5)
    );
}

#[test]
fn a_schedule_is_a_rate() {
    let yaml = TEMPLATE.replace(
        "Rest: { Type: HttpApi }",
        "Sweep: { Type: Schedule, Properties: { Schedule: rate(2 minutes) } }",
    );
    let template = Template::parse(&yaml).unwrap();
    let Event::Schedule(schedule) = &template.functions[0].events[2] else {
        panic!("no schedule");
    };
    assert_eq!(schedule.every, Duration::from_mins(2));
}

#[test]
fn an_unsupported_property_is_an_error_that_names_its_place() {
    assert_eq!(
        error_after(
            "MemorySize: 256",
            "SnapStart: { ApplyOn: PublishedVersions }"
        ),
        "Resources.Echo.Properties.SnapStart: not supported by the local stack"
    );
    assert_eq!(
        error_after("Rest: { Type: HttpApi }", "Rest: { Type: S3 }"),
        "Resources.Echo.Properties.Events.Rest.Type: the local stack does not support S3 events"
    );
    assert_eq!(
        error_after("Timeout: 1\n", "Timeout: soon\n"),
        "Resources.Impatient.Properties.Timeout: expected a whole number in range"
    );
    assert_eq!(
        error_after("MemorySize: 256", "MemorySize: !If [Large, 256, 128]"),
        "Resources.Echo.Properties.MemorySize: !If is not supported here"
    );
}

#[test]
fn a_reference_to_nothing_is_an_error() {
    let error = error_after("!Ref Things", "!Ref Thinks");
    assert!(
        error.contains("Environment.Variables.TABLE: Thinks is neither"),
        "{error}"
    );
    let error = error_after("!GetAtt DeadJobs.Arn", "!GetAtt Things.Arn");
    assert!(error.contains("is not the Arn of a queue"), "{error}");
}

#[test]
fn a_parameter_without_a_default_cannot_be_used() {
    let error = error_after("    Default: hello\n", "");
    assert!(
        error.contains("the parameter Greeting has no default"),
        "{error}"
    );
}

/// The event of the worker's queue, with these properties besides.
fn queue_event(properties: &str) -> anyhow::Result<QueueEvent> {
    let line = "            FunctionResponseTypes: [ReportBatchItemFailures]\n";
    let yaml = TEMPLATE.replace(line, &format!("{line}            {properties}\n"));
    let template = Template::parse(&yaml)?;
    let worker = template
        .functions
        .into_iter()
        .find(|one| one.binary == "worker");
    let event = worker.into_iter().flat_map(|worker| worker.events).next();
    match event {
        Some(Event::Queue(event)) => Ok(event),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_queue_event_may_have_the_newer_properties() {
    let concurrency = |properties: &str| queue_event(properties).unwrap().maximum_concurrency;
    assert_eq!(
        concurrency("ScalingConfig: { MaximumConcurrency: 2 }"),
        Some(2)
    );
    let pollers = "ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 20 }";
    assert_eq!(concurrency(pollers), Some(200));
    assert_eq!(
        concurrency("MetricsConfig: { Metrics: [EventCount] }"),
        None
    );
    assert_eq!(concurrency("Tags: { team: shipping }"), None);
    let filter = r#"FilterCriteria: { Filters: [{ Pattern: '{"body": {"kind": ["a"]}}' }] }"#;
    assert_ne!(queue_event(filter).unwrap().filter, EventFilter::default());
}

#[test]
fn a_queue_event_that_lambda_refuses_is_refused() {
    for (properties, named) in [
        (
            "ScalingConfig: { MaximumConcurrency: 1 }",
            "MaximumConcurrency: expected 2 to 1000",
        ),
        (
            "ScalingConfig: { MaximumConcurrency: 1001 }",
            "MaximumConcurrency: expected 2 to 1000",
        ),
        ("ScalingConfig: { Pollers: 2 }", "Pollers: not supported"),
        (
            "ProvisionedPollerConfig: { MinimumPollers: 1 }",
            "MinimumPollers: expected 2 to 200",
        ),
        (
            "ProvisionedPollerConfig: { MinimumPollers: 9, MaximumPollers: 8 }",
            "more than",
        ),
        (
            "ProvisionedPollerConfig: { MaximumPollers: 8 }\n            ScalingConfig: { MaximumConcurrency: 2 }",
            "excludes ScalingConfig",
        ),
        ("MetricsConfig: { Metrics: [Latency] }", "EventCount"),
        (
            "FilterCriteria: { Filters: [{ Pattern: '{}', Name: a }] }",
            "Name",
        ),
        ("FilterCriteria: { Filters: [] }", "1 to 5 filters"),
    ] {
        let error = format!("{:#}", queue_event(properties).unwrap_err());
        assert!(error.contains(named), "{properties}: {error}");
    }
}

/// The linters do not look into the events of SAM's functions.
#[test]
fn every_queue_fits_the_functions_that_read_it() {
    let template = Template::of_workspace().unwrap();
    let mut read = 0;
    for function in &template.functions {
        for event in &function.events {
            let Event::Queue(event) = event else { continue };
            let mut queues = template.queues.iter();
            let queue = queues
                .find(|queue| queue.logical_id == event.queue)
                .unwrap();
            let name = &queue.logical_id;
            let visibility = queue.attributes["VisibilityTimeout"]
                .parse::<u64>()
                .unwrap();
            let least = 6 * function.timeout.as_secs() + event.batching_window.as_secs();
            assert!(visibility >= least, "{name}: must be {least} s or more");
            let is_fifo = queue
                .attributes
                .get("FifoQueue")
                .is_some_and(|is| is == "true");
            let most = if is_fifo || event.batching_window.is_zero() {
                10
            } else {
                10_000
            };
            assert!((1..=most).contains(&event.batch_size), "{name}");
            let is_bounded = event
                .maximum_concurrency
                .is_none_or(|most| (2..=1000).contains(&most));
            assert!(is_bounded, "{name}");
            read += 1;
        }
    }
    assert!(read >= 2, "{read}");
}

#[test]
fn the_concurrency_of_deliveries_is_what_lambda_accepts() {
    let template = include_str!("../../../../template.yaml");
    let (_, parameter) = template.split_once("\n  DeliveryConcurrency:\n").unwrap();
    let lines = parameter
        .lines()
        .take_while(|line| line.starts_with("    "));
    let lines: Vec<&str> = lines.map(str::trim).collect();
    assert!(
        lines.contains(&"MinValue: 2") && lines.contains(&"MaxValue: 1000"),
        "{lines:?}"
    );
    let template = Template::of_workspace().unwrap();
    let mut functions = template.functions.iter();
    let forward = functions
        .find(|one| one.binary == "notification-forward")
        .unwrap();
    let most = forward.events.iter().find_map(|event| match event {
        Event::Queue(event) => event.maximum_concurrency,
        Event::Http(_) | Event::Schedule(_) => None,
    });
    assert_eq!(most, Some(200), "docs/delivery.md documents this default");
}

#[test]
fn the_deployed_template_can_be_read() {
    let template = Template::of_workspace().unwrap();
    assert!(!template.functions.is_empty());
}

#[test]
fn the_functions_that_use_a_secret_are_documented() {
    let page = include_str!("../../../../docs/security.md");
    let (_, listed) = page.split_once("Only functions that use a secret").unwrap();
    let (listed, _) = listed.split_once("has neither").unwrap();
    let mut listed: Vec<_> = listed.split('`').skip(1).step_by(2).collect();
    let closed = listed.pop();
    listed.sort_unstable();
    let template = Template::of_workspace().unwrap();
    let functions = template.functions.iter();
    let sealing = functions.filter(|function| function.environment.contains_key("SEALING_KEYRING"));
    let mut with_keyring: Vec<_> = sealing.map(|function| function.binary.as_str()).collect();
    with_keyring.sort_unstable();
    assert_eq!(
        listed, with_keyring,
        "docs/security.md, \"Only functions that use a secret\""
    );
    assert_eq!(closed, Some("notification-push"));
}

/// Without it, a changed variable such as the keyring would not reach the alias that events invoke.
#[test]
fn a_changed_setting_of_a_function_publishes_a_version() {
    let template = include_str!("../../../../template.yaml");
    let functions = template.split("\n      CodeUri: functions/").skip(1);
    let mut count = 0;
    for function in functions {
        let next = function.lines().nth(1).unwrap();
        assert_eq!(
            next, "      AutoPublishAliasAllProperties: true",
            "{function}"
        );
        count += 1;
    }
    assert_eq!(count, Template::of_workspace().unwrap().functions.len());
}

#[test]
fn every_size_and_timeout_has_its_reason() {
    let template = include_str!("../../../../template.yaml");
    let lines: Vec<&str> = template.lines().map(str::trim_start).collect();
    let mut found = 0;
    for (above, line) in lines.iter().zip(&lines[1..]) {
        if line.starts_with("MemorySize: ") || line.starts_with("Timeout: ") {
            assert!(above.starts_with("# "), "no reason above {line:?}");
            found += 1;
        }
    }
    assert!(found >= 9, "{found}");
}
