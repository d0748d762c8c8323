//! Each operation made both ways: the service gets the same request, and the caller the same result.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, BatchStatementRequest, KeysAndAttributes, Put,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

use super::*;
use crate::aws::{DynamoDb, Sqs, configuration_at};

/// What only the SDK adds: its name and version, its id of the call and the number of the attempt.
const OF_THE_SDK: [&str; 4] = [
    "user-agent",
    "x-amz-user-agent",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
];
/// What depends on the time and on the headers.
const SIGNED: [&str; 2] = ["authorization", "x-amz-date"];

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// Answers these in turn, and then the last one again and again.
async fn serve(answers: &[ResponseTemplate]) -> MockServer {
    let server = MockServer::start().await;
    let (last, earlier) = answers.split_last().unwrap();
    for answer in earlier {
        let once = Mock::given(any()).respond_with(answer.clone());
        once.up_to_n_times(1).mount(&server).await;
    }
    Mock::given(any())
        .respond_with(last.clone())
        .mount(&server)
        .await;
    server
}

fn answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-amzn-requestid", "request-1")
        .set_body_raw(body.to_string(), "application/x-amz-json-1.0")
}

fn refusal(kind: &str) -> ResponseTemplate {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{kind}");
    answer(400, &json!({ "__type": kind, "message": "refused" }))
}

/// A request without what may differ.
fn comparable(request: &Received) -> (String, BTreeMap<String, String>, Value) {
    let headers = request.headers.iter();
    let named = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: BTreeMap<String, String> = named.collect();
    for name in OF_THE_SDK.iter().chain(&SIGNED) {
        headers.remove(*name);
    }
    let body = serde_json::from_slice(&request.body).unwrap();
    (format!("{} {}", request.method, request.url), headers, body)
}

/// The clients of a service that gives these answers.
struct Clients {
    server: MockServer,
    dynamodb: DynamoDb,
    sqs: Sqs,
}

impl Clients {
    async fn of(answers: &[ResponseTemplate]) -> Self {
        let server = serve(answers).await;
        let aws = configuration_at(&server.uri());
        Self {
            dynamodb: DynamoDb::new(&aws),
            sqs: Sqs::new(&aws),
            server,
        }
    }

    /// Those that leave all calls to the SDK.
    async fn of_the_sdk(answers: &[ResponseTemplate]) -> Self {
        let server = serve(answers).await;
        let aws = configuration_at(&server.uri());
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&aws.sdk).into(),
            sqs: aws_sdk_sqs::Client::new(&aws.sdk).into(),
            server,
        }
    }

    /// The request, with the server's address replaced. Each attempt sent the same.
    async fn request(&self) -> (String, BTreeMap<String, String>, Value) {
        let requests = self.server.received_requests().await.unwrap();
        let (first, others) = requests.split_first().unwrap();
        for other in others {
            assert_eq!(comparable(other), comparable(first));
        }
        let (line, mut headers, body) = comparable(first);
        let address = self.server.address().to_string();
        let moved = |text: &str| text.replace(&address, "service");
        for value in headers.values_mut() {
            *value = moved(value);
        }
        // The queue's URL is in the body.
        headers.remove("content-length");
        let body = serde_json::from_str(&moved(&body.to_string())).unwrap();
        (moved(&line), headers, body)
    }

    async fn attempts(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }
}

/// The SDK's client of a service.
trait SdkClient {
    fn of(clients: &Clients) -> &Self;
}

impl SdkClient for aws_sdk_dynamodb::Client {
    fn of(clients: &Clients) -> &Self {
        &clients.dynamodb
    }
}

impl SdkClient for aws_sdk_sqs::Client {
    fn of(clients: &Clients) -> &Self {
        &clients.sqs
    }
}

/// Makes a call both ways, and as it is made without a direct way, each at a service with these answers. The request and the result are
/// the same, also of a second attempt; the number of attempts of the first two is returned.
async fn both<C: DirectCall>(
    answers: &[ResponseTemplate],
    call: impl Fn(&Clients) -> C,
    send: impl AsyncFn(&Clients, C) -> SdkAnswer<C>,
) -> (SdkAnswer<C>, [usize; 2])
where
    SdkOf<C>: SdkClient,
{
    let clients = Clients::of(answers).await;
    let direct = send(&clients, call(&clients)).await;
    let other = Clients::of(answers).await;
    let by_sdk = call(&other).by_sdk(SdkClient::of(&other)).await;
    assert_eq!(clients.request().await, other.request().await);
    assert_eq!(shown(&direct), shown(&by_sdk));
    let left = Clients::of_the_sdk(answers).await;
    let answer = send(&left, call(&left)).await;
    assert_eq!(left.request().await, other.request().await);
    assert_eq!(shown(&answer), shown(&by_sdk));
    if direct.is_ok() && answers.len() == 1 {
        let answers = [&[ResponseTemplate::new(503)], answers].concat();
        let repeated = Clients::of(&answers).await;
        let answer = send(&repeated, call(&repeated)).await;
        assert_eq!(shown(&answer), shown(&by_sdk));
        assert_eq!(repeated.request().await, other.request().await);
        assert_eq!(repeated.attempts().await, 2);
    }
    let attempts = [clients.attempts().await, other.attempts().await];
    (direct, attempts)
}

fn put(clients: &Clients) -> PutItemInputBuilder {
    clients
        .dynamodb
        .put_item()
        .table_name("notifications")
        .item("pk", text("demo#1\n\"é\" 😀"))
        .item("raw", AttributeValue::B(b"\x00\xff".as_slice().into()))
        .item("count", AttributeValue::N("12.5".to_owned()))
        .item("tags", AttributeValue::L(vec![AttributeValue::Null(true)]))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// Puts the item both ways.
async fn both_put(answers: &[ResponseTemplate]) -> (SdkAnswer<PutItemInputBuilder>, [usize; 2]) {
    both(answers, put, async |clients, put| {
        clients.dynamodb.send(put).await
    })
    .await
}

/// A result without the response's headers, which contain a date.
fn shown<O: Debug, E: Debug>(result: &Result<O, SdkError<E, HttpResponse>>) -> String {
    match result {
        Ok(output) => format!("{output:?}"),
        Err(SdkError::ServiceError(refused)) => {
            format!("{} {:?}", refused.raw().status().as_u16(), refused.err())
        }
        Err(SdkError::DispatchFailure(_)) => "not dispatched".to_owned(),
        Err(SdkError::TimeoutError(_)) => "timed out".to_owned(),
        Err(SdkError::ResponseError(_)) => "unreadable".to_owned(),
        Err(SdkError::ConstructionFailure(_)) => "not built".to_owned(),
        Err(_) => "other".to_owned(),
    }
}

#[tokio::test]
async fn each_operation_is_sent_and_read_as_by_the_sdk() {
    // With one attribute: a map prints in any order.
    let item = json!({ "pk": { "S": "é" } });
    let table = "shipments";
    both_put(&[answer(200, &json!({}))]).await.0.unwrap();
    let (got, _) = both(
        &[answer(200, &json!({ "Item": item }))],
        |clients| {
            let get = clients.dynamodb.get_item().table_name(table);
            get.key("pk", text("1")).consistent_read(true)
        },
        async |clients, get| clients.dynamodb.send(get).await,
    )
    .await;
    assert_eq!(got.unwrap().item.unwrap()["pk"], text("é"));
    let (got, _) = both(
        &[answer(
            200,
            &json!({ "Responses": { table: [item] }, "UnprocessedKeys": {} }),
        )],
        |clients| {
            let key = [("pk".to_owned(), text("1"))].into();
            let keys = KeysAndAttributes::builder().keys(key).build().unwrap();
            clients.dynamodb.batch_get_item().request_items(table, keys)
        },
        async |clients, read| clients.dynamodb.send(read).await,
    )
    .await;
    assert_eq!(got.unwrap().responses.unwrap()[table].len(), 1);
    let (inserted, _) = both(
        &[answer(
            200,
            &json!({ "Responses": [{ "TableName": table }, { "Error": { "Code": "DuplicateItem" } }] }),
        )],
        |clients| {
            let insert = BatchStatementRequest::builder()
                .statement("INSERT INTO \"shipments\" VALUE {'pk': ?}")
                .parameters(text("é"));
            let insert = insert.build().unwrap();
            let batch = clients.dynamodb.batch_execute_statement();
            batch.statements(insert.clone()).statements(insert)
        },
        async |clients, batch| clients.dynamodb.send(batch).await,
    )
    .await;
    let responses = inserted.unwrap().responses.unwrap();
    let failed = responses.iter().map(|response| response.error.is_some());
    assert_eq!(failed.collect::<Vec<_>>(), [false, true]);
    let (found, _) = both(
        &[answer(200, &json!({ "Items": [item, item], "Count": 2 }))],
        |clients| {
            let query = clients.dynamodb.query().table_name(table);
            query
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text("1"))
        },
        async |clients, query| clients.dynamodb.send(query).await,
    )
    .await;
    assert_eq!(found.unwrap().count, 2);
    let (updated, _) = both(
        &[answer(200, &json!({ "Attributes": item }))],
        |clients| {
            let update = clients.dynamodb.update_item().table_name(table);
            update.key("pk", text("1")).update_expression("ADD n :one")
        },
        async |clients, update| clients.dynamodb.send(update).await,
    )
    .await;
    assert_eq!(updated.unwrap().attributes.unwrap().len(), 1);
    let (deleted, _) = both(
        &[answer(200, &json!({ "Attributes": item }))],
        |clients| {
            let delete = clients.dynamodb.delete_item().table_name(table);
            delete.key("pk", text("1"))
        },
        async |clients, delete| clients.dynamodb.send(delete).await,
    )
    .await;
    assert_eq!(deleted.unwrap().attributes.unwrap().len(), 1);
    let (written, _) = both(
        &[answer(200, &json!({}))],
        transaction,
        async |clients, write| clients.dynamodb.send(write).await,
    )
    .await;
    written.unwrap();
}

fn transaction(clients: &Clients) -> TransactWriteItemsInputBuilder {
    let put = Put::builder().table_name("shipments").item("pk", text("1"));
    let write = TransactWriteItem::builder()
        .put(put.build().unwrap())
        .build();
    let write = clients
        .dynamodb
        .transact_write_items()
        .transact_items(write);
    write.client_request_token("token-1")
}

#[tokio::test]
async fn each_send_is_sent_and_read_as_by_the_sdk() {
    let taken = json!({ "MessageId": "m-1", "MD5OfMessageBody": "0", "SequenceNumber": "1" });
    let (one, _) = both(
        &[answer(200, &taken)],
        |clients| {
            let send = clients.sqs.send_message().queue_url(clients.server.uri());
            send.message_body("{}")
                .message_group_id("g")
                .message_deduplication_id("d")
        },
        async |clients, send| clients.sqs.send(send).await,
    )
    .await;
    assert_eq!(one.unwrap().message_id.unwrap(), "m-1");
    let failed = json!({ "Successful": [], "Failed": [{ "Id": "0", "Code": "InternalError", "SenderFault": false }] });
    let (several, _) = both(
        &[answer(200, &failed)],
        |clients| {
            let entry = SendMessageBatchRequestEntry::builder()
                .id("0")
                .message_body("{}");
            let send = clients
                .sqs
                .send_message_batch()
                .queue_url(clients.server.uri());
            send.entries(entry.build().unwrap())
        },
        async |clients, send| clients.sqs.send(send).await,
    )
    .await;
    assert_eq!(several.unwrap().failed.len(), 1);
}

#[tokio::test]
async fn a_failed_condition_is_final_and_has_the_item() {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    let failed = json!({ "__type": kind, "message": "failed", "Item": { "pk": { "S": "met" } } });
    let (answer, attempts) = both_put(&[answer(400, &failed)]).await;
    let Err(PutItemError::ConditionalCheckFailedException(met)) =
        answer.map_err(SdkError::into_service_error)
    else {
        panic!("not a failed condition");
    };
    assert_eq!(met.item.unwrap()["pk"], text("met"));
    assert_eq!(attempts, [1, 1]);
}

#[tokio::test]
async fn a_cancelled_transaction_is_final_and_has_its_reasons() {
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let reasons = json!([{ "Code": "ConditionalCheckFailed", "Message": "failed" }]);
    let cancelled =
        json!({ "__type": kind, "Message": "cancelled", "CancellationReasons": reasons });
    let (answer, attempts) = both(
        &[answer(400, &cancelled)],
        transaction,
        async |clients, write| clients.dynamodb.send(write).await,
    )
    .await;
    let Err(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        answer.map_err(SdkError::into_service_error)
    else {
        panic!("not a cancelled transaction");
    };
    assert_eq!(cancelled.cancellation_reasons().len(), 1);
    assert_eq!(attempts, [1, 1]);
}

#[tokio::test]
async fn temporary_failures_are_repeated_as_by_the_sdk() {
    let done = answer(200, &json!({}));
    for failure in [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("RequestLimitExceeded"),
        answer(
            500,
            &json!({ "__type": "InternalServerError", "message": "failed" }),
        ),
        ResponseTemplate::new(503),
    ] {
        let (answer, attempts) = both_put(&[failure, done.clone()]).await;
        answer.unwrap();
        assert_eq!(attempts, [2, 2]);
    }
}

/// The SDK judges every refusal that is not a condition's: here it sees it at its own first attempt.
#[tokio::test]
async fn other_refusals_are_those_of_the_sdk() {
    for kind in [
        "ResourceNotFoundException",
        "ValidationException",
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
    ] {
        let (answer, attempts) = both_put(&[refusal(kind)]).await;
        answer.unwrap_err();
        assert_eq!(attempts, [2, 1], "{kind}");
    }
}

#[tokio::test]
async fn an_unreadable_answer_is_left_to_the_sdk() {
    let garbage = ResponseTemplate::new(200).set_body_string("<html>");
    let (answer, _) = both_put(&[garbage]).await;
    answer.unwrap_err();
}

#[tokio::test]
async fn a_transaction_keeps_its_token_at_the_second_attempt() {
    let clients = Clients::of(&[ResponseTemplate::new(500), answer(200, &json!({}))]).await;
    let written = clients.dynamodb.send(transaction(&clients)).await;
    written.unwrap();
    let requests = clients.server.received_requests().await.unwrap();
    let token = |request: &Received| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        body["ClientRequestToken"].clone()
    };
    let tokens: Vec<Value> = requests.iter().map(token).collect();
    assert_eq!(tokens, ["token-1", "token-1"]);
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_fails_as_by_the_sdk() {
    // Nothing can listen on this port.
    let aws = configuration_at("http://127.0.0.1:0");
    let sdk = aws_sdk_dynamodb::Client::new(&aws.sdk);
    let get = |dynamodb: &DynamoDb| {
        let get = dynamodb.get_item().table_name("shipments");
        get.key("pk", text("1"))
    };
    let direct = DynamoDb::new(&aws);
    let left = DynamoDb::from(sdk.clone());
    for answer in [
        direct.send(get(&direct)).await,
        left.send(get(&left)).await,
        get(&direct).by_sdk(&sdk).await,
    ] {
        assert_eq!(shown(&answer), "not dispatched");
    }
}
