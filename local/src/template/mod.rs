//! Reads `template.yaml` into what the local stack has to create and run.
//!
//! The template is the only source: a function, route, table or queue that is not in it does not exist here either. An
//! unsupported property of a needed resource is an error that names its place. The few properties without meaning on one
//! machine (log groups, encryption at rest) are ignored; they are listed where the resource is read.

mod alarm;
mod condition;
mod event_filter;
mod function;
mod node;
mod policies;
mod queue;
mod resource;
mod schedule_expression;
mod table;
mod value;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, bail};

use crate::surroundings;
pub use alarm::{AlarmResource, AlarmValue, WatchedMetric};
pub use event_filter::EventFilter;
use node::{Node, Place};
pub use resource::{
    Event, FunctionResource, IndexResource, KeyElement, QueueEvent, QueueResource, Redrive, Route,
    ScheduleEvent, Statement, TableResource,
};
use value::Names;
pub use value::Value;
pub(crate) use value::queue_arn;

const FUNCTION: &str = "AWS::Serverless::Function";
const TABLE: &str = "AWS::DynamoDB::Table";
const QUEUE: &str = "AWS::SQS::Queue";
const KEY: &str = "AWS::KMS::Key";
const ALARM: &str = "AWS::CloudWatch::Alarm";

/// The text that was parsed last.
static LAST: Mutex<Option<(String, Template)>> = Mutex::new(None);

/// What the local stack has to create and run.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The functions in the template's order.
    pub functions: Vec<FunctionResource>,
    /// The tables in the template's order.
    pub tables: Vec<TableResource>,
    /// The queues in the template's order.
    pub queues: Vec<QueueResource>,
    /// The alarms in the template's order.
    pub alarms: Vec<AlarmResource>,
}

impl Template {
    /// The template of the workspace that this stack was built in.
    pub fn of_workspace() -> anyhow::Result<Self> {
        Self::read(&surroundings::template())
    }

    /// Reads the template in the file `path`. The same text is parsed once: a debug build needs a quarter of a second for it,
    /// and nearly every test starts a stack.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let yaml = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, template)) = last.as_ref().filter(|(text, _)| *text == yaml) {
            return Ok(template.clone());
        }
        let template = Self::parse(&yaml).with_context(|| format!("in {}", path.display()))?;
        *last = Some((yaml, template.clone()));
        Ok(template)
    }

    /// Reads the template `yaml`.
    pub fn parse(yaml: &str) -> anyhow::Result<Self> {
        let tree = Node::parse(yaml)?;
        let root = tree.root();
        let resources = root.require("Resources")?.entries()?;
        let names = names(&root, &resources)?;
        let globals = root
            .get("Globals")
            .and_then(|globals| globals.get("Function"));
        let mut template = Self {
            functions: Vec::new(),
            tables: Vec::new(),
            queues: Vec::new(),
            alarms: Vec::new(),
        };
        for (logical_id, place) in &resources {
            match place.require("Type")?.text()?.as_str() {
                FUNCTION => template.functions.push(function::read(
                    logical_id,
                    &properties(place)?,
                    globals.as_ref(),
                    &names,
                )?),
                TABLE => template
                    .tables
                    .push(table::read(logical_id, &properties(place)?)?),
                QUEUE => {
                    template
                        .queues
                        .push(queue::read(logical_id, &properties(place)?, &names)?);
                }
                _ => {}
            }
        }
        let referred = alarm::Referred {
            names: &names,
            functions: &template.functions,
        };
        let alarms = resources.iter().filter_map(|(logical_id, place)| {
            let is_alarm = place.get("Type")?.text().ok()? == ALARM;
            is_alarm.then(|| referred.alarm(logical_id, &place.require("Properties")?))
        });
        template.alarms = alarms.collect::<anyhow::Result<_>>()?;
        Ok(template)
    }
}

/// The `Properties` of a resource that this stack needs.
fn properties<'a>(resource: &Place<'a>) -> anyhow::Result<Place<'a>> {
    resource.refuse_unknown(
        &["Type", "Properties"],
        &[
            "DeletionPolicy",
            "DependsOn",
            "Metadata",
            "UpdateReplacePolicy",
        ],
    )?;
    resource.require("Properties")
}

fn names(root: &Place<'_>, resources: &[(&str, Place<'_>)]) -> anyhow::Result<Names> {
    let mut names = Names::default();
    if let Some(parameters) = root.get("Parameters") {
        for (name, parameter) in parameters.entries()? {
            let default = parameter.get("Default").map(|value| value.text());
            names
                .parameters
                .insert(name.to_owned(), default.transpose()?);
        }
    }
    if let Some(conditions) = root.get("Conditions") {
        for (name, condition) in conditions.entries()? {
            let holds = names.holds(&condition)?;
            names.conditions.insert(name.to_owned(), holds);
        }
    }
    for (logical_id, resource) in resources {
        let id = (*logical_id).to_owned();
        match resource.require("Type")?.text()?.as_str() {
            TABLE => {
                let name = table::name(logical_id, &resource.require("Properties")?)?;
                names.tables.insert(id, name);
            }
            QUEUE => {
                let name = queue::name(logical_id, resource.get("Properties").as_ref())?;
                names.queues.insert(id, name);
            }
            KEY if names.key.is_some() => {
                bail!("{logical_id}: the local stack supports only one KMS key")
            }
            KEY => names.key = Some(id),
            _ => names.others.push(id),
        }
    }
    Ok(names)
}

/// A text that must be one of these words.
fn one_of(place: &Place<'_>, words: &[&str]) -> anyhow::Result<String> {
    let text = place.text()?;
    if !words.contains(&text.as_str()) {
        bail!("{}: expected one of {}", place.path(), words.join(", "));
    }
    Ok(text)
}
