//! What functions were seen to do, written down by every stack of a test run, and what their policies allow besides.
//!
//! The gate refuses what a policy does not allow, so a run without a refusal shows that nothing is missing. What no test of the
//! whole run needed is spare: either the policy is too wide, or something is not tested.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use crate::permissions::call::Access;
use crate::permissions::policy;
use crate::template::{Event, FunctionResource, Template, queue_arn};

/// What Lambda itself does with a function's role, to feed it from a queue.
const OF_QUEUE_EVENTS: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

/// Writes down each access once, a line for each: function, action, resource. Every process has its own file.
#[derive(Debug)]
pub(super) struct Seen {
    file: Mutex<File>,
    known: Mutex<BTreeSet<String>>,
}

impl Seen {
    /// Writes to a file in this directory.
    pub(super) fn in_directory(directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join(std::process::id().to_string());
        let file = OpenOptions::new().create(true).append(true).open(&path);
        Ok(Self {
            file: Mutex::new(file.with_context(|| path.display().to_string())?),
            known: Mutex::default(),
        })
    }

    /// Writes an access down.
    pub(super) fn note(&self, function: &str, access: &Access) -> std::io::Result<()> {
        let line = format!("{function} {} {}\n", access.action, access.resource);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&line) {
            return Ok(());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // One write, so that lines of stacks in the same process do not mix.
        file.write_all(line.as_bytes())?;
        known.insert(line);
        Ok(())
    }
}

/// What the policies of the workspace's template allow, but no access in this directory needed: a line for each.
pub fn spare_permissions(directory: &Path) -> anyhow::Result<Vec<String>> {
    let mut seen = Vec::new();
    let files = std::fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    for file in files {
        seen.extend(read(&std::fs::read_to_string(file?.path())?)?);
    }
    anyhow::ensure!(!seen.is_empty(), "{} is empty", directory.display());
    Ok(spare(&Template::of_workspace()?, &seen))
}

/// An access, and the function that made it.
type SeenAccess = (String, Access);

fn read(lines: &str) -> anyhow::Result<Vec<SeenAccess>> {
    let line = |line: &str| {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        let mut word = || {
            words
                .next()
                .with_context(|| format!("not an access: {line}"))
        };
        let function = word()?;
        let access = Access {
            action: word()?,
            resource: word()?,
        };
        Ok((function, access))
    };
    lines.lines().map(line).collect()
}

fn spare(template: &Template, seen: &[SeenAccess]) -> Vec<String> {
    let mut spare = Vec::new();
    for function in &template.functions {
        let by_lambda = by_lambda(template, function);
        let own = seen.iter().filter(|(by, _)| *by == function.binary);
        let needed: Vec<&Access> = own.map(|(_, access)| access).chain(&by_lambda).collect();
        for statement in &function.policies {
            for action in &statement.actions {
                for resource in &statement.resources {
                    let is_needed = needed
                        .iter()
                        .any(|access| policy::allows_pair(action, resource, access));
                    if !is_needed {
                        spare.push(format!("{} {action} {resource}", function.binary));
                    }
                }
            }
        }
    }
    spare
}

fn by_lambda(template: &Template, function: &FunctionResource) -> Vec<Access> {
    let mut accesses = Vec::new();
    for event in &function.events {
        let Event::Queue(event) = event else { continue };
        let mut queues = template.queues.iter();
        if let Some(queue) = queues.find(|queue| queue.logical_id == event.queue) {
            accesses.extend(OF_QUEUE_EVENTS.map(|action| Access {
                action: action.to_owned(),
                resource: queue_arn(&queue.name),
            }));
        }
    }
    accesses
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r"
Resources:
  Jobs: { Type: AWS::SQS::Queue, Properties: {} }
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/worker
      Policies:
        - Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:PutItem]
              Resource: !GetAtt Things.Arn
            - Effect: Allow
              Action: [sqs:ReceiveMessage, sqs:SendMessage]
              Resource: !GetAtt Jobs.Arn
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
";

    fn table(action: &str) -> Access {
        let template = Template::parse(TEMPLATE).unwrap();
        Access {
            action: action.to_owned(),
            resource: template.functions[0].policies[0].resources[0].clone(),
        }
    }

    #[test]
    fn what_no_call_needed_is_spare_except_for_lambdas_own_calls() {
        let directory = std::env::temp_dir().join(format!("seen-{}", fastrand::u64(..)));
        let seen = Seen::in_directory(&directory).unwrap();
        for action in ["dynamodb:GetItem", "dynamodb:GetItem", "dynamodb:Query"] {
            seen.note("worker", &table(action)).unwrap();
        }
        seen.note("another", &table("dynamodb:PutItem")).unwrap();
        let file = directory.join(std::process::id().to_string());
        let written = std::fs::read_to_string(file).unwrap();
        std::fs::remove_dir_all(directory).unwrap();
        assert_eq!(written.lines().count(), 3);

        let template = Template::parse(TEMPLATE).unwrap();
        let spare = spare(&template, &read(&written).unwrap());
        assert_eq!(
            spare,
            [
                format!("worker dynamodb:PutItem {}", table("").resource),
                format!("worker sqs:SendMessage {}", queue_arn("Jobs")),
            ]
        );
    }

    #[test]
    fn a_line_that_is_no_access_is_an_error() {
        assert!(read("worker dynamodb:GetItem\n").is_err());
    }
}
