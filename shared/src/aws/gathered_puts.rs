//! Writes new items together that futures side by side put at the same time.
//!
//! A call costs more than a small item, and a large push has hundreds. DynamoDB's batch of puts has no conditions, but its batch of
//! statements does: an `INSERT` fails by itself if its key exists, and costs what a put costs. Only what was inserted is taken from
//! it. Every other item is put by itself, so that its condition, the item that it met and its failure are those of a put.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::types::BatchStatementRequest;
use aws_smithy_types::error::operation::BuildError;
use futures::channel::oneshot;
use tokio::task::yield_now;

use crate::aws::DynamoDb;

/// The maximum number of statements in a batch.
const MOST_STATEMENTS: usize = 25;

/// The puts that wait to be written together.
#[derive(Debug, Default)]
pub(super) struct GatheredPuts {
    waiting: Mutex<Vec<Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    put: Arc<PutItemInputBuilder>,
    /// Told once its item is inserted; dropped if it is not.
    inserted: oneshot::Sender<()>,
}

/// The place of a put among those that wait.
enum Place<'g> {
    /// It is the first one.
    First(First<'g>),
    /// There is another one before it, which writes it, or one behind it.
    Between,
    /// It completes this batch.
    Last(Vec<Waiting>),
}

impl GatheredPuts {
    /// Inserts the item of a put, together with those that are put at the same time. Returns the put if it is still to be made: if
    /// it is the only one, or its item was not inserted.
    pub(super) async fn insert(
        &self,
        dynamodb: &DynamoDb,
        put: PutItemInputBuilder,
    ) -> Option<PutItemInputBuilder> {
        let put = Arc::new(put);
        let (inserted, is_inserted) = oneshot::channel();
        let place = self.join(Waiting {
            put: Arc::clone(&put),
            inserted,
        });
        let batch = match place {
            Place::First(first) => {
                // All that are ready to run come before this one goes on.
                yield_now().await;
                first.take()
            }
            Place::Between => Vec::new(),
            Place::Last(batch) => batch,
        };
        insert_batch(dynamodb, batch).await;
        let is_inserted = is_inserted.await.is_ok();
        (!is_inserted).then(|| Arc::unwrap_or_clone(put))
    }

    fn join(&self, one: Waiting) -> Place<'_> {
        let mut waiting = self.waiting();
        waiting.push(one);
        match waiting.len() {
            1 => Place::First(First(Some(self))),
            MOST_STATEMENTS => Place::Last(std::mem::take(&mut *waiting)),
            _ => Place::Between,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The duty to write those that still wait. If it is dropped, each of them is put by itself.
struct First<'g>(Option<&'g GatheredPuts>);

impl First<'_> {
    fn take(mut self) -> Vec<Waiting> {
        let gathered = self.0.take();
        gathered.map_or_else(Vec::new, |gathered| {
            std::mem::take(&mut *gathered.waiting())
        })
    }
}

impl Drop for First<'_> {
    fn drop(&mut self) {
        if let Some(gathered) = self.0 {
            gathered.waiting().clear();
        }
    }
}

/// A single item is put, which is a simpler call. If the whole batch fails, each item is put by itself: a put says why.
async fn insert_batch(dynamodb: &DynamoDb, batch: Vec<Waiting>) {
    if batch.len() < 2 {
        return;
    }
    let statements = batch.iter().map(|one| statement(&one.put)).collect();
    let Ok(statements) = statements else {
        return;
    };
    let call = dynamodb.batch_execute_statement();
    let answer = dynamodb.send(call.set_statements(Some(statements))).await;
    let responses = answer.ok().and_then(|answer| answer.responses);
    for (one, response) in batch.into_iter().zip(responses.unwrap_or_default()) {
        if response.error.is_none() {
            // Its future may be gone.
            let _ = one.inserted.send(());
        }
    }
}

/// The statement that inserts the item of a put.
fn statement(put: &PutItemInputBuilder) -> Result<BatchStatementRequest, BuildError> {
    let table = put.get_table_name().as_deref().unwrap_or_default();
    let mut names = String::new();
    let mut statement = BatchStatementRequest::builder();
    for (name, value) in put.get_item().iter().flatten() {
        let separator = if names.is_empty() { "" } else { ", " };
        let _ = write!(names, "{separator}'{name}': ?");
        statement = statement.parameters(value.clone());
    }
    let insert = format!("INSERT INTO \"{table}\" VALUE {{{names}}}");
    statement.statement(insert).build()
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::error::SdkError;
    use aws_sdk_dynamodb::operation::put_item::PutItemError;
    use aws_sdk_dynamodb::types::AttributeValue;
    use futures::FutureExt as _;
    use futures::future::join_all;
    use serde_json::{Value, json};
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, Request, ResponseTemplate};

    use super::*;
    use crate::aws::configuration_at;

    const BATCH: &str = "DynamoDB_20120810.BatchExecuteStatement";

    fn target(request: &Request) -> String {
        let target = request.headers["x-amz-target"].to_str();
        target.unwrap().to_owned()
    }

    fn ids(request: &Request) -> Vec<String> {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let statements = body["Statements"].as_array().unwrap().iter();
        let id = |statement: &Value| {
            assert_eq!(
                statement["Statement"],
                r#"INSERT INTO "things" VALUE {'pk': ?}"#
            );
            statement["Parameters"][0]["S"].as_str().unwrap().to_owned()
        };
        statements.map(id).collect()
    }

    /// A table with the item "met". Its batches are answered by `batch`, if that answers.
    struct Table {
        server: MockServer,
        dynamodb: DynamoDb,
    }

    impl Table {
        async fn new(batch: impl Fn() -> Option<ResponseTemplate> + Send + Sync + 'static) -> Self {
            let server = MockServer::start().await;
            let json = |status: u16, body: &Value| {
                ResponseTemplate::new(status)
                    .set_body_raw(body.to_string(), "application/x-amz-json-1.0")
            };
            let answer = move |request: &Request| {
                if target(request) != BATCH {
                    let is_met = String::from_utf8_lossy(&request.body).contains("met");
                    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
                    let refusal = json!({ "__type": kind, "message": "met" });
                    return if is_met {
                        json(400, &refusal)
                    } else {
                        json(200, &json!({}))
                    };
                }
                let response = |id: &String| match id.as_str() {
                    "met" => json!({ "Error": { "Code": "DuplicateItem", "Message": "met" } }),
                    _ => json!({ "TableName": "things" }),
                };
                let responses: Vec<Value> = ids(request).iter().map(response).collect();
                batch().unwrap_or_else(|| json(200, &json!({ "Responses": responses })))
            };
            Mock::given(any()).respond_with(answer).mount(&server).await;
            let dynamodb = DynamoDb::new(&configuration_at(&server.uri())).gathering();
            Self { server, dynamodb }
        }

        fn put(&self, id: &str) -> PutItemInputBuilder {
            let put = self.dynamodb.put_item().table_name("things");
            put.item("pk", AttributeValue::S(id.to_owned()))
                .condition_expression("attribute_not_exists(pk)")
        }

        /// Puts items side by side; returns how many conditions failed.
        async fn put_all(&self, ids: impl IntoIterator<Item = String>) -> usize {
            let puts = ids
                .into_iter()
                .map(|id| self.dynamodb.put_new(self.put(&id)));
            let answers = join_all(puts).await.into_iter();
            let failed =
                answers.filter_map(
                    |answer| match answer.map_err(SdkError::into_service_error) {
                        Ok(_) => None,
                        Err(PutItemError::ConditionalCheckFailedException(_)) => Some(()),
                        Err(error) => panic!("{error:?}"),
                    },
                );
            failed.count()
        }

        /// How many statements each batch had, and how many items were put by themselves.
        async fn calls(&self) -> (Vec<usize>, usize) {
            let requests = self.server.received_requests().await.unwrap();
            let (batches, puts): (Vec<_>, Vec<_>) = requests
                .iter()
                .partition(|request| target(request) == BATCH);
            let mut batches: Vec<_> = batches.into_iter().map(|batch| ids(batch).len()).collect();
            batches.sort_unstable();
            (batches, puts.len())
        }
    }

    fn names(count: usize) -> impl Iterator<Item = String> {
        (0..count).map(|number| format!("new-{number}"))
    }

    #[tokio::test]
    async fn items_that_are_put_side_by_side_are_inserted_together() {
        let table = Table::new(|| None).await;
        assert_eq!(table.put_all(names(60)).await, 0);
        assert_eq!(table.calls().await, (vec![10, 25, 25], 0));
    }

    #[tokio::test]
    async fn items_one_after_the_other_are_put() {
        let table = Table::new(|| None).await;
        for id in names(3) {
            assert_eq!(table.put_all([id]).await, 0);
        }
        assert_eq!(table.calls().await, (vec![], 3));
    }

    #[tokio::test]
    async fn an_item_that_exists_is_put_alone_and_fails_as_a_put() {
        let table = Table::new(|| None).await;
        let ids = names(4).chain(["met".to_owned()]);
        assert_eq!(table.put_all(ids).await, 1);
        assert_eq!(table.calls().await, (vec![5], 1));
    }

    #[tokio::test]
    async fn if_a_batch_is_refused_each_item_is_put() {
        let table = Table::new(|| {
            let refusal = json!({ "__type": "AccessDeniedException", "message": "refused" });
            Some(ResponseTemplate::new(400).set_body_json(refusal))
        })
        .await;
        let ids = names(4).chain(["met".to_owned()]);
        assert_eq!(table.put_all(ids).await, 1);
        assert_eq!(table.calls().await.1, 5);
    }

    #[tokio::test]
    async fn if_the_first_one_is_gone_the_others_are_put() {
        let table = Table::new(|| None).await;
        let mut first = Box::pin(table.dynamodb.put_new(table.put("first")));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(table.dynamodb.put_new(table.put("second")));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        second.await.unwrap();
        assert_eq!(table.calls().await, (vec![], 1));
        assert_eq!(table.put_all(names(2)).await, 0);
        assert_eq!(table.calls().await, (vec![2], 1));
    }
}
