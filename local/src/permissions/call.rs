//! The actions and resources of a call to DynamoDB, SQS or KMS, in policy terms.

use axum::http::HeaderMap;
use serde_json::Value;

use crate::region::{ACCOUNT, REGION, kms_key_arn};
use crate::template::queue_arn;

/// One action on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) action: String,
    pub(super) resource: String,
}

/// Every access of one call.
pub(super) fn accesses(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Access>, String> {
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let (service, operation) = target
        .and_then(|target| target.split_once('.'))
        .ok_or("missing or invalid x-amz-target header")?;
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if service == "TrentService" {
        return Ok(vec![Access {
            action: format!("kms:{operation}"),
            resource: kms_key_arn(),
        }]);
    }
    if service == "AmazonSQS" {
        return Ok(vec![on_queue(operation, &body)]);
    }
    Ok(match operation {
        "TransactWriteItems" | "TransactGetItems" => transacted(&body),
        "BatchGetItem" | "BatchWriteItem" => batched(operation, &body),
        "BatchExecuteStatement" => stated(&body)?,
        _ => vec![on_table(operation, &body)],
    })
}

/// A batch operation needs the permission of the single operation.
fn on_queue(operation: &str, body: &Value) -> Access {
    let operation = operation.strip_suffix("Batch").unwrap_or(operation);
    let queue = text(body, "QueueUrl")
        .rsplit('/')
        .next()
        .unwrap_or_default();
    Access {
        action: format!("sqs:{operation}"),
        resource: queue_arn(queue),
    }
}

fn on_table(operation: &str, body: &Value) -> Access {
    let table = table_arn(text(body, "TableName"));
    let index = text(body, "IndexName");
    let resource = if index.is_empty() {
        table
    } else {
        format!("{table}/index/{index}")
    };
    Access {
        action: format!("dynamodb:{operation}"),
        resource,
    }
}

/// Each part of a transaction needs the permission of the single operation.
fn transacted(body: &Value) -> Vec<Access> {
    let parts = body
        .get("TransactItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let parts = parts.filter_map(Value::as_object).flatten();
    parts
        .map(|(kind, part)| {
            let operation = if kind == "ConditionCheck" {
                "ConditionCheckItem".to_owned()
            } else {
                format!("{kind}Item")
            };
            on_table(&operation, part)
        })
        .collect()
}

fn batched(operation: &str, body: &Value) -> Vec<Access> {
    let tables = body
        .get("RequestItems")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    tables
        .map(|(table, _)| Access {
            action: format!("dynamodb:{operation}"),
            resource: table_arn(table),
        })
        .collect()
}

/// Each statement needs the permission of its kind.
fn stated(body: &Value) -> Result<Vec<Access>, String> {
    let statements = body
        .get("Statements")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    statements
        .map(|statement| {
            let text = text(statement, "Statement");
            let table = text.strip_prefix("INSERT INTO \"");
            let table = table.and_then(|table| table.split_once('"'));
            let (table, _) = table.ok_or_else(|| format!("not an INSERT INTO \"…\": {text}"))?;
            Ok(Access {
                action: "dynamodb:PartiQLInsert".to_owned(),
                resource: table_arn(table),
            })
        })
        .collect()
}

fn table_arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}")
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(target: &str, body: &Value) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-target", target.parse().unwrap());
        let accesses = accesses(&headers, body.to_string().as_bytes()).unwrap();
        accesses
            .into_iter()
            .map(|access| format!("{} {}", access.action, access.resource))
            .collect()
    }

    #[test]
    fn each_part_of_a_transaction_is_an_access() {
        let body = json!({"TransactItems": [
            {"Update": {"TableName": "shipments"}}, {"Put": {"TableName": "shipments"}}, {"ConditionCheck": {"TableName": "a"}},
        ]});
        let found = read("DynamoDB_20120810.TransactWriteItems", &body);
        let table = "arn:aws:dynamodb:us-east-1:000000000000:table";
        assert_eq!(
            found
                .join("\n")
                .replace(&table_arn(""), &format!("{table}/")),
            format!(
                "dynamodb:UpdateItem {table}/shipments\ndynamodb:PutItem {table}/shipments\ndynamodb:ConditionCheckItem {table}/a"
            )
        );
    }

    #[test]
    fn each_statement_of_a_batch_is_an_access() {
        let insert = |table: &str| json!({"Statement": format!("INSERT INTO \"{table}\" VALUE {{'pk': ?}}")});
        let body = json!({"Statements": [insert("shipments"), insert("notifications")]});
        let found = read("DynamoDB_20120810.BatchExecuteStatement", &body);
        let on = |table| format!("dynamodb:PartiQLInsert {}", table_arn(table));
        assert_eq!(found, [on("shipments"), on("notifications")]);
    }

    #[test]
    fn a_batch_on_a_queue_needs_the_single_operation() {
        let found = read(
            "AmazonSQS.DeleteMessageBatch",
            &json!({"QueueUrl": "http://127.0.0.1:1/0/deliveries.fifo"}),
        );
        assert_eq!(
            found,
            [format!(
                "sqs:DeleteMessage {}",
                queue_arn("deliveries.fifo")
            )]
        );
    }
}
