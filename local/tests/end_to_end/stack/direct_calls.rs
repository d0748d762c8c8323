//! The calls of the hot path against whole emulators: the direct way and the SDK's leave the same state and get the same
//! answers.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::{
    AttributeValue, BatchStatementRequest, KeysAndAttributes, Put, ReturnValue,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use aws_sdk_sqs::operation::send_message::SendMessageOutput;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchOutput;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use local::backends::{BackendOptions, Backends};
use local::region::REGION;
use local::resources::{self, Resources};
use local::template::Template;
use logistics::aws::direct::{DirectCall, SdkAnswer};
use logistics::aws::{self, DynamoDb, Sqs};
use logistics::config::Variables;

use crate::stack::world::TEMPLATE;

const TABLE: &str = "Things";

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// Clients, and whether calls are made directly or by the SDK.
struct Way {
    dynamodb: DynamoDb,
    sqs: Sqs,
    is_direct: bool,
}

impl Way {
    async fn ask<C: DirectCall<Client = DynamoDb>>(&self, call: C) -> SdkAnswer<C> {
        if self.is_direct {
            self.dynamodb.send(call).await
        } else {
            call.by_sdk(&self.dynamodb).await
        }
    }

    async fn tell<C: DirectCall<Client = Sqs>>(&self, call: C) -> SdkAnswer<C> {
        if self.is_direct {
            self.sqs.send(call).await
        } else {
            call.by_sdk(&self.sqs).await
        }
    }
}

/// Clients of the backends that have a direct way.
fn clients(backends: &Backends) -> (DynamoDb, Sqs) {
    let variables = BTreeMap::from([
        ("AWS_REGION".to_owned(), REGION.to_owned()),
        (
            "AWS_ENDPOINT_URL_DYNAMODB".to_owned(),
            backends.dynamodb_url.clone(),
        ),
        ("AWS_ENDPOINT_URL_SQS".to_owned(), backends.sqs_url.clone()),
    ]);
    let token = Some("token".to_owned());
    let credentials = Credentials::new("local", "local", token, None, "test");
    let credentials = SharedCredentialsProvider::new(credentials);
    let aws = aws::configuration_by(&Variables::given(variables)).with_credentials(credentials);
    (DynamoDb::new(&aws), Sqs::new(&aws))
}

type Item = HashMap<String, AttributeValue>;

/// What a test compares of an answer: a part of the output, or the code and message of the refusal.
fn noted<O, E: ProvideErrorMetadata, R, T: Debug>(
    answer: Result<O, SdkError<E, R>>,
    part: impl FnOnce(O) -> T,
) -> String {
    match answer {
        Ok(output) => format!("{:?}", part(output)),
        Err(error) => {
            let refusal = error.as_service_error();
            let code = refusal.and_then(ProvideErrorMetadata::code);
            let message = refusal.and_then(ProvideErrorMetadata::message);
            format!(
                "{} {}",
                code.unwrap_or_default(),
                message.unwrap_or_default()
            )
        }
    }
}

fn sorted(item: Item) -> BTreeMap<String, AttributeValue> {
    item.into_iter().collect()
}

fn all(items: Vec<Item>) -> Vec<BTreeMap<String, AttributeValue>> {
    items.into_iter().map(sorted).collect()
}

/// Makes each call of the hot path, successfully and not, and returns what it answered.
async fn story(way: &Way, resources: &Resources) -> Vec<String> {
    let mut answers = written(way).await;
    answers.extend(read(way).await);
    answers.extend(sent(way, &resources.queue_urls["Jobs"]).await);
    answers
}

async fn written(way: &Way) -> Vec<String> {
    let dynamodb = &way.dynamodb;
    let mut answers = Vec::new();
    for _ in 0..2 {
        let put = dynamodb
            .put_item()
            .table_name(TABLE)
            .item("id", text("a \"quoted\" \u{1f600}"))
            .item("raw", AttributeValue::B(vec![0, 255, 7].into()))
            .condition_expression("attribute_not_exists(id)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        answers.push(noted(way.ask(put).await, |_| "put"));
    }
    for least in ["0", "5"] {
        let update = dynamodb
            .update_item()
            .table_name(TABLE)
            .key("id", text("counted"))
            .update_expression("ADD tries :one")
            .condition_expression("attribute_not_exists(id) OR tries >= :least")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":least", AttributeValue::N(least.to_owned()))
            .return_values(ReturnValue::AllNew);
        let updated = way.ask(update).await;
        answers.push(noted(updated, |output: UpdateItemOutput| {
            output.attributes.map(sorted)
        }));
    }
    let inserts = ["a \"quoted\" \u{1f600}", "inserted"].map(|id| {
        let insert = BatchStatementRequest::builder()
            .statement(format!(
                "INSERT INTO \"{TABLE}\" VALUE {{'id': ?, 'raw': ?}}"
            ))
            .parameters(text(id))
            .parameters(AttributeValue::B(vec![0, 255].into()));
        insert.build().unwrap()
    });
    let batch = dynamodb
        .batch_execute_statement()
        .set_statements(Some(inserts.into()));
    answers.push(noted(way.ask(batch).await, |output| {
        let codes = output.responses.into_iter().flatten();
        let codes = codes.map(|response| response.error?.code);
        codes.collect::<Vec<_>>()
    }));
    for id in ["together", "together"] {
        let put = Put::builder()
            .table_name(TABLE)
            .item("id", text(id))
            .condition_expression("attribute_not_exists(id)");
        let part = TransactWriteItem::builder()
            .put(put.build().unwrap())
            .build();
        let write = dynamodb.transact_write_items().transact_items(part);
        answers.push(noted(way.ask(write).await, |_| "written"));
    }
    for name in [TABLE, "NoSuchTable"] {
        let delete = dynamodb.delete_item().table_name(name);
        let delete = delete.key("id", text("never written"));
        answers.push(noted(way.ask(delete).await, |_| "deleted"));
    }
    let elsewhere = dynamodb
        .put_item()
        .table_name("NoSuchTable")
        .item("id", text("a"));
    answers.push(noted(way.ask(elsewhere).await, |_| "put"));
    answers
}

async fn read(way: &Way) -> Vec<String> {
    let dynamodb = &way.dynamodb;
    let mut answers = Vec::new();
    for id in ["a \"quoted\" \u{1f600}", "inserted", "missing"] {
        let get = dynamodb.get_item().table_name(TABLE).key("id", text(id));
        let got = way.ask(get.consistent_read(true)).await;
        answers.push(noted(got, |output: GetItemOutput| output.item.map(sorted)));
    }
    let query = dynamodb
        .query()
        .table_name(TABLE)
        .key_condition_expression("id = :id")
        .expression_attribute_values(":id", text("counted"));
    answers.push(noted(way.ask(query).await, |output| output.items.map(all)));
    let keys = KeysAndAttributes::builder().keys([("id".to_owned(), text("together"))].into());
    let batch = dynamodb
        .batch_get_item()
        .request_items(TABLE, keys.build().unwrap());
    let items = |mut tables: HashMap<String, Vec<Item>>| tables.remove(TABLE).map(all);
    answers.push(noted(way.ask(batch).await, |output| {
        output.responses.map(items)
    }));
    answers
}

async fn sent(way: &Way, queue_url: &str) -> Vec<String> {
    let sqs = &way.sqs;
    let mut answers = Vec::new();
    for url in [queue_url.to_owned(), format!("{queue_url}-missing")] {
        let message = sqs
            .send_message()
            .queue_url(url)
            .message_group_id("lane")
            .message_deduplication_id("one")
            .message_body("{\"é\":1}");
        let sent = way.tell(message).await;
        answers.push(noted(sent, |output: SendMessageOutput| {
            output.md5_of_message_body
        }));
    }
    let entry = |id: &str| {
        SendMessageBatchRequestEntry::builder()
            .id(id)
            .message_body(id)
            .message_group_id("lane")
            .message_deduplication_id(id)
            .build()
            .unwrap()
    };
    let batch = sqs.send_message_batch().queue_url(queue_url);
    let batch = batch.set_entries(Some(vec![entry("two"), entry("three")]));
    let ids = |output: SendMessageBatchOutput| {
        let ids = output.successful.into_iter().map(|sent| sent.id);
        (ids.collect::<Vec<_>>(), output.failed.len())
    };
    answers.push(noted(way.tell(batch).await, ids));
    answers
}

async fn told(is_direct: bool) -> Vec<String> {
    let backends = Backends::start(BackendOptions::default()).await.unwrap();
    let template = Template::parse(TEMPLATE).unwrap();
    let resources = resources::make(&template, &backends).await.unwrap();
    let (dynamodb, sqs) = clients(&backends);
    let way = Way {
        dynamodb,
        sqs,
        is_direct,
    };
    story(&way, &resources).await
}

#[tokio::test]
async fn the_direct_way_is_answered_as_the_sdk_is() {
    let direct = told(true).await;
    let by_sdk = told(false).await;
    assert_eq!(direct, by_sdk);
    let is_inserted = |answer: &String| answer.contains("[Some(DuplicateItem), None]");
    assert!(direct.iter().any(is_inserted), "{direct:?}");
    // Both kinds of answers were compared.
    let refused = direct.iter().filter(|answer| answer.contains("Exception"));
    assert!(refused.count() >= 4, "{direct:?}");
}
