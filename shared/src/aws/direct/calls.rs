//! The operations of the stores and of the queue's sender. The SDKs generate each operation's types without a trait that
//! connects them; here they are connected.

use std::sync::LazyLock;

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

impl DirectCall for BatchGetItemFluentBuilder {
    type Client = DynamoDb;
    type Input = BatchGetItemInput;
    type Output = BatchGetItemOutput;
    type Error = BatchGetItemError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| BatchGetItem::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<BatchGetItemInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for DeleteItemFluentBuilder {
    type Client = DynamoDb;
    type Input = DeleteItemInput;
    type Output = DeleteItemOutput;
    type Error = DeleteItemError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| DeleteItem::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<DeleteItemInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for GetItemFluentBuilder {
    type Client = DynamoDb;
    type Input = GetItemInput;
    type Output = GetItemOutput;
    type Error = GetItemError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> = LazyLock::new(|| GetItem::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<GetItemInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for PutItemFluentBuilder {
    type Client = DynamoDb;
    type Input = PutItemInput;
    type Output = PutItemOutput;
    type Error = PutItemError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> = LazyLock::new(|| PutItem::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<PutItemInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for QueryFluentBuilder {
    type Client = DynamoDb;
    type Input = QueryInput;
    type Output = QueryOutput;
    type Error = QueryError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> = LazyLock::new(|| Query::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<QueryInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for TransactWriteItemsFluentBuilder {
    type Client = DynamoDb;
    type Input = TransactWriteItemsInput;
    type Output = TransactWriteItemsOutput;
    type Error = TransactWriteItemsError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| TransactWriteItems::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<TransactWriteItemsInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for UpdateItemFluentBuilder {
    type Client = DynamoDb;
    type Input = UpdateItemInput;
    type Output = UpdateItemOutput;
    type Error = UpdateItemError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| UpdateItem::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<UpdateItemInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for SendMessageFluentBuilder {
    type Client = Sqs;
    type Input = SendMessageInput;
    type Output = SendMessageOutput;
    type Error = SendMessageError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| SendMessage::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<SendMessageInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}

impl DirectCall for SendMessageBatchFluentBuilder {
    type Client = Sqs;
    type Input = SendMessageBatchInput;
    type Output = SendMessageBatchOutput;
    type Error = SendMessageBatchError;

    fn operation() -> Option<&'static FrozenLayer> {
        static OPERATION: LazyLock<Option<FrozenLayer>> =
            LazyLock::new(|| SendMessageBatch::new().config());
        OPERATION.as_ref()
    }

    fn input(&self) -> Result<SendMessageBatchInput, BuildError> {
        self.as_input().clone().build()
    }

    async fn by_sdk(self) -> SdkAnswer<Self> {
        self.send().await
    }
}
