//! The operations of the stores and of the queue's sender. The SDKs generate each operation's types without a trait that
//! connects them; here they are connected.

use std::sync::LazyLock;

use aws_sdk_dynamodb::operation::batch_execute_statement::builders::BatchExecuteStatementInputBuilder;
use aws_sdk_dynamodb::operation::batch_execute_statement::{
    BatchExecuteStatement, BatchExecuteStatementError, BatchExecuteStatementInput,
    BatchExecuteStatementOutput,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_get_item::{
    BatchGetItem, BatchGetItemError, BatchGetItemInput, BatchGetItemOutput,
};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::{
    DeleteItem, DeleteItemError, DeleteItemInput, DeleteItemOutput,
};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemError, GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItem, PutItemError, PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::query::{Query, QueryError, QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItems, TransactWriteItemsError, TransactWriteItemsInput, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::{
    UpdateItem, UpdateItemError, UpdateItemInput, UpdateItemOutput,
};
use aws_sdk_sqs::operation::send_message::builders::SendMessageInputBuilder;
use aws_sdk_sqs::operation::send_message::{
    SendMessage, SendMessageError, SendMessageInput, SendMessageOutput,
};
use aws_sdk_sqs::operation::send_message_batch::builders::SendMessageBatchInputBuilder;
use aws_sdk_sqs::operation::send_message_batch::{
    SendMessageBatch, SendMessageBatchError, SendMessageBatchInput, SendMessageBatchOutput,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin as _;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::FrozenLayer;
use aws_smithy_types::error::operation::BuildError;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;

use crate::aws::direct::{DirectCall, SdkAnswer, SdkOf};
use crate::aws::{DynamoDb, Sqs};

/// Connects the types of each operation.
macro_rules! direct {
    ($($client:ident.$method:ident$(($get:ident, $set:ident))?: $operation:ident, $builder:ident, $input:ident, $output:ident, $error:ident;)*) => {$(
        impl $client {
            #[doc = concat!("A call of ", stringify!($operation), ", to be sent with [`send`](Self::send).")]
            pub fn $method(&self) -> $builder {
                $builder::default()
            }
        }

        impl DirectCall for $builder {
            type Client = $client;
            type Input = $input;
            type Output = $output;
            type Error = $error;

            fn operation() -> Option<&'static FrozenLayer> {
                static OPERATION: LazyLock<Option<FrozenLayer>> =
                    LazyLock::new(|| $operation::new().config());
                OPERATION.as_ref()
            }

            fn table(&self) -> Option<String> {
                None$(.or_else(|| self.$get().clone()))?
            }

            fn input(self) -> Result<$input, BuildError> {
                self.build()
            }

            async fn by_sdk(self, sdk: &SdkOf<Self>) -> SdkAnswer<Self> {
                self.send_with(sdk).await
            }

            async fn with_body(sdk: &SdkOf<Self>, _table: Option<String>, body: Bytes) -> SdkAnswer<Self> {
                let call = sdk.$method()$(.$set(_table))?.customize();
                call.mutate_request(replaces_body(body)).send().await
            }
        }
    )*};
}

direct! {
    DynamoDb.batch_execute_statement: BatchExecuteStatement, BatchExecuteStatementInputBuilder, BatchExecuteStatementInput, BatchExecuteStatementOutput, BatchExecuteStatementError;
    DynamoDb.batch_get_item: BatchGetItem, BatchGetItemInputBuilder, BatchGetItemInput, BatchGetItemOutput, BatchGetItemError;
    DynamoDb.delete_item(get_table_name, set_table_name): DeleteItem, DeleteItemInputBuilder, DeleteItemInput, DeleteItemOutput, DeleteItemError;
    DynamoDb.get_item(get_table_name, set_table_name): GetItem, GetItemInputBuilder, GetItemInput, GetItemOutput, GetItemError;
    DynamoDb.put_item(get_table_name, set_table_name): PutItem, PutItemInputBuilder, PutItemInput, PutItemOutput, PutItemError;
    DynamoDb.query(get_table_name, set_table_name): Query, QueryInputBuilder, QueryInput, QueryOutput, QueryError;
    DynamoDb.transact_write_items: TransactWriteItems, TransactWriteItemsInputBuilder, TransactWriteItemsInput, TransactWriteItemsOutput, TransactWriteItemsError;
    DynamoDb.update_item(get_table_name, set_table_name): UpdateItem, UpdateItemInputBuilder, UpdateItemInput, UpdateItemOutput, UpdateItemError;
    Sqs.send_message: SendMessage, SendMessageInputBuilder, SendMessageInput, SendMessageOutput, SendMessageError;
    Sqs.send_message_batch: SendMessageBatch, SendMessageBatchInputBuilder, SendMessageBatchInput, SendMessageBatchOutput, SendMessageBatchError;
}

/// Replaces the body of a request. For all operations of one type.
fn replaces_body(body: Bytes) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    move |request| {
        let length = body.len().to_string();
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH.as_str(), length);
        *request.body_mut() = SdkBody::from(body.clone());
    }
}
