//! Queues: that each exists and gives up to its dead-letter queue, and that nothing lies there.

use anyhow::Context as _;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::dlq::Source;
use crate::doctor::Finding;
use crate::number::{messages, number};
use crate::stack::Stack;

/// Examines every queue with its dead-letter queue.
pub(super) async fn examine(stack: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in Source::ALL {
        findings.push(redrive(stack, source).await);
        findings.push(dead_letters(stack, source).await);
    }
    findings
}

async fn redrive(stack: &Stack, source: Source) -> Finding {
    let what = format!("queue {}", source.queue());
    let read = async {
        let policy = attribute(stack, source.queue(), QueueAttributeName::RedrivePolicy).await?;
        let visible = QueueAttributeName::ApproximateNumberOfMessages;
        let waiting = attribute(stack, source.queue(), visible).await?;
        anyhow::Ok((policy, waiting))
    };
    match read.await {
        Ok((Some(policy), waiting)) if policy.contains(source.dead_letters()) => {
            let waiting = waiting.unwrap_or_default();
            Finding::well(what, number(waiting, ["message waits", "messages wait"]))
        }
        Ok(_) => Finding::wrong(
            what,
            format!("does not give up to {}", source.dead_letters()),
            "deploy the template of this version",
        ),
        Err(error) => Finding::failed(what, &error),
    }
}

async fn dead_letters(stack: &Stack, source: Source) -> Finding {
    let what = format!("queue {}", source.dead_letters());
    let visible = QueueAttributeName::ApproximateNumberOfMessages;
    match attribute(stack, source.dead_letters(), visible).await {
        Ok(count) if count.as_deref() == Some("0") => Finding::well(what, "empty"),
        Ok(count) => Finding::wrong(
            what,
            messages(count.unwrap_or_default()),
            format!(
                "`dlq list --queue {0}` says why they are there; `dlq replay --queue {0}` sends them again, `dlq drop` deletes one",
                source.name()
            ),
        ),
        Err(error) => Finding::failed(what, &error),
    }
}

async fn attribute(
    stack: &Stack,
    logical_id: &str,
    name: QueueAttributeName,
) -> anyhow::Result<Option<String>> {
    let url = stack.queue_url(logical_id).await?;
    let sqs = stack.sqs();
    let read = sqs.get_queue_attributes().queue_url(url);
    let read = read.attribute_names(name.clone()).send().await;
    let attributes = read.context("cannot read its attributes")?.attributes;
    Ok(attributes.and_then(|mut attributes| attributes.remove(&name)))
}
