//! The operations of the stores and of the queue's sender. The SDKs generate each operation's types without a trait that
//! connects them; here they are connected.

use std::sync::LazyLock;

use aws_sdk_dynamodb::operation::batch_execute_statement::builders::BatchExecuteStatementFluentBuilder;
use aws_sdk_dynamodb::operation::batch_execute_statement::{
    BatchExecuteStatement, BatchExecuteStatementError, BatchExecuteStatementInput,
    BatchExecuteStatementOutput,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use aws_sdk_dynamodb::operation::batch_get_item::{
    BatchGetItem, BatchGetItemError, BatchGetItemInput, BatchGetItemOutput,
};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::delete_item::{
    DeleteItem, DeleteItemError, DeleteItemInput, DeleteItemOutput,
};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemError, GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItem, PutItemError, PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::query::{Query, QueryError, QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItems, TransactWriteItemsError, TransactWriteItemsInput, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{
    UpdateItem, UpdateItemError, UpdateItemInput, UpdateItemOutput,
};
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::operation::send_message::{
    SendMessage, SendMessageError, SendMessageInput, SendMessageOutput,
};
use aws_sdk_sqs::operation::send_message_batch::builders::SendMessageBatchFluentBuilder;
use aws_sdk_sqs::operation::send_message_batch::{
    SendMessageBatch, SendMessageBatchError, SendMessageBatchInput, SendMessageBatchOutput,
};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin as _;
use aws_smithy_types::config_bag::FrozenLayer;
use aws_smithy_types::error::operation::BuildError;

use crate::aws::direct::{DirectCall, SdkAnswer};
use crate::aws::{DynamoDb, Sqs};

/// Connects the types of each operation.
macro_rules! direct {
    ($($client:ident: $operation:ident, $builder:ident, $input:ident, $output:ident, $error:ident;)*) => {$(
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

            fn input(&self) -> Result<$input, BuildError> {
                self.as_input().clone().build()
            }

            async fn by_sdk(self) -> SdkAnswer<Self> {
                self.send().await
            }
        }
    )*};
}

direct! {
    DynamoDb: BatchExecuteStatement, BatchExecuteStatementFluentBuilder, BatchExecuteStatementInput, BatchExecuteStatementOutput, BatchExecuteStatementError;
    DynamoDb: BatchGetItem, BatchGetItemFluentBuilder, BatchGetItemInput, BatchGetItemOutput, BatchGetItemError;
    DynamoDb: DeleteItem, DeleteItemFluentBuilder, DeleteItemInput, DeleteItemOutput, DeleteItemError;
    DynamoDb: GetItem, GetItemFluentBuilder, GetItemInput, GetItemOutput, GetItemError;
    DynamoDb: PutItem, PutItemFluentBuilder, PutItemInput, PutItemOutput, PutItemError;
    DynamoDb: Query, QueryFluentBuilder, QueryInput, QueryOutput, QueryError;
    DynamoDb: TransactWriteItems, TransactWriteItemsFluentBuilder, TransactWriteItemsInput, TransactWriteItemsOutput, TransactWriteItemsError;
    DynamoDb: UpdateItem, UpdateItemFluentBuilder, UpdateItemInput, UpdateItemOutput, UpdateItemError;
    Sqs: SendMessage, SendMessageFluentBuilder, SendMessageInput, SendMessageOutput, SendMessageError;
    Sqs: SendMessageBatch, SendMessageBatchFluentBuilder, SendMessageBatchInput, SendMessageBatchOutput, SendMessageBatchError;
}
