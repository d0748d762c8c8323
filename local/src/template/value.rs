//! Values with references. References that the template alone determines are resolved at once; a queue's URL is known only
//! when the queue exists.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};

use crate::region::{ACCOUNT, REGION, STACK, kms_key_arn};
use crate::template::node::Place;

/// A text of the template in which queue URLs are not resolved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    QueueUrl(String),
    /// A reference to a resource that does not exist on this machine, such as a bucket.
    Absent(String),
}

/// What a reference can refer to.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) parameters: BTreeMap<String, Option<String>>,
    /// Which conditions hold.
    pub(super) conditions: BTreeMap<String, bool>,
    pub(super) tables: BTreeMap<String, String>,
    pub(super) queues: BTreeMap<String, String>,
    /// The KMS key.
    pub(super) key: Option<String>,
    pub(super) others: Vec<String>,
}

impl Value {
    /// The value with each queue's URL filled in, by the queue's logical id.
    pub fn with_queue_urls(&self, queue_urls: &BTreeMap<String, String>) -> anyhow::Result<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Ok(text.as_str()),
                Piece::QueueUrl(queue) => queue_urls
                    .get(queue)
                    .map(String::as_str)
                    .with_context(|| format!("the queue {queue} was not created")),
                Piece::Absent(what) => bail!(
                    "refers to {what}, which does not exist on this machine; set its value in the stack's options"
                ),
            })
            .collect()
    }

    fn text(text: impl Into<String>) -> Self {
        Self {
            pieces: vec![Piece::Text(text.into())],
        }
    }
}

impl Names {
    /// A literal, or a `!Ref`, `!GetAtt` or `!Sub` of a known name.
    pub(super) fn value(&self, place: &Place<'_>) -> anyhow::Result<Value> {
        let Some((function, argument)) = place.intrinsic() else {
            return Ok(Value::text(place.text()?));
        };
        let piece = match function {
            "Ref" => self.reference(&argument.argument()?),
            "GetAtt" => self.attribute(&argument.argument()?),
            "Sub" => return self.substitute(&argument),
            other => bail!("{}: !{other} is not supported", place.path()),
        };
        let piece = piece.with_context(|| place.path().to_owned())?;
        Ok(Value {
            pieces: vec![piece],
        })
    }

    /// The logical id of the queue in `!GetAtt Queue.Arn`.
    pub(super) fn queue_by_arn(&self, place: &Place<'_>) -> anyhow::Result<String> {
        let Some(("GetAtt", argument)) = place.intrinsic() else {
            bail!("{}: expected !GetAtt of a queue's Arn", place.path());
        };
        let argument = argument.argument()?;
        argument
            .strip_suffix(".Arn")
            .filter(|queue| self.queues.contains_key(*queue))
            .map(str::to_owned)
            .with_context(|| {
                format!(
                    "{}: !GetAtt {argument} is not the Arn of a queue of this template",
                    place.path()
                )
            })
    }

    fn substitute(&self, place: &Place<'_>) -> anyhow::Result<Value> {
        let text = place.argument()?;
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after
                .split_once('}')
                .with_context(|| format!("{}: ${{ without its }}", place.path()))?;
            pieces.push(Piece::Text(before.to_owned()));
            let piece = if name.contains('.') {
                self.attribute(name)
            } else {
                self.reference(name)
            };
            pieces.push(piece.with_context(|| place.path().to_owned())?);
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Value { pieces })
    }

    fn reference(&self, name: &str) -> anyhow::Result<Piece> {
        if let Some(default) = self.parameters.get(name) {
            let default = default
                .clone()
                .with_context(|| format!("the parameter {name} has no default"))?;
            return Ok(Piece::Text(default));
        }
        if let Some(table) = self.tables.get(name) {
            return Ok(Piece::Text(table.clone()));
        }
        if self.queues.contains_key(name) {
            return Ok(Piece::QueueUrl(name.to_owned()));
        }
        match name {
            "AWS::Region" => Ok(Piece::Text(REGION.to_owned())),
            "AWS::AccountId" => Ok(Piece::Text(ACCOUNT.to_owned())),
            "AWS::Partition" => Ok(Piece::Text("aws".to_owned())),
            "AWS::StackName" => Ok(Piece::Text(STACK.to_owned())),
            "AWS::URLSuffix" => Ok(Piece::Text("amazonaws.com".to_owned())),
            _ if self.others.iter().any(|other| other == name) => {
                Ok(Piece::Absent(name.to_owned()))
            }
            _ => bail!("{name} is neither a parameter nor a resource of this template"),
        }
    }

    fn attribute(&self, argument: &str) -> anyhow::Result<Piece> {
        let (resource, attribute) = argument
            .split_once('.')
            .with_context(|| format!("!GetAtt {argument}: missing attribute"))?;
        if let Some(table) = self.tables.get(resource)
            && attribute == "Arn"
        {
            return Ok(Piece::Text(format!(
                "arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
            )));
        }
        if let Some(queue) = self.queues.get(resource) {
            return match attribute {
                "Arn" => Ok(Piece::Text(queue_arn(queue))),
                "QueueName" => Ok(Piece::Text(queue.clone())),
                "QueueUrl" => Ok(Piece::QueueUrl(resource.to_owned())),
                _ => bail!("a queue has no attribute {attribute}"),
            };
        }
        if self.key.as_deref() == Some(resource) && attribute == "Arn" {
            return Ok(Piece::Text(kms_key_arn()));
        }
        if self.others.iter().any(|other| other == resource) {
            return Ok(Piece::Absent(argument.to_owned()));
        }
        bail!("{argument} is not an attribute of a resource of this template")
    }
}

/// The ARN of a queue with this name in the embedded SQS.
pub(crate) fn queue_arn(queue_name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue_name}")
}
