//! A small template around the echo function, and the stacks that run it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use local::stack::{Options, Stack};
use tempfile::TempDir;

pub(crate) use crate::patience::soon;

pub(crate) const TEMPLATE: &str = "
Parameters:
  Greeting:
    Type: String
    Default: hello
Globals:
  Function:
    Timeout: 20
    Environment:
      Variables:
        GREETING: !Ref Greeting
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/echo
      MemorySize: 256
      Environment:
        Variables:
          TABLE: !Ref Things
          QUEUE_URL: !Ref Jobs
      Events:
        Item: { Type: HttpApi, Properties: { Method: GET, Path: '/items/{id}' } }
        Create: { Type: HttpApi, Properties: { Method: POST, Path: /items } }
        Rest: { Type: HttpApi }
  Impatient:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/impatient
      Timeout: 1
      Events:
        Hang: { Type: HttpApi, Properties: { Method: GET, Path: /hang } }
  Broken:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/broken
      Environment: { Variables: { START: fail } }
      Events:
        Get: { Type: HttpApi, Properties: { Method: GET, Path: /broken } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/worker
      Events:
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            FunctionResponseTypes: [ReportBatchItemFailures]
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions:
        - { AttributeName: id, AttributeType: S }
        - { AttributeName: owner, AttributeType: S }
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      GlobalSecondaryIndexes:
        - IndexName: byOwner
          KeySchema: [{ AttributeName: owner, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
      TimeToLiveSpecification: { AttributeName: expiresAt, Enabled: true }
  # The demo client is seeded into these.
  ApiKeysTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: keyHash, AttributeType: S }]
      KeySchema: [{ AttributeName: keyHash, KeyType: HASH }]
  PushCredentialsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: credentialHash, AttributeType: S }]
      KeySchema: [{ AttributeName: credentialHash, KeyType: HASH }]
  AccountsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: clientId, AttributeType: S }, { AttributeName: alias, AttributeType: S }]
      KeySchema: [{ AttributeName: clientId, KeyType: HASH }, { AttributeName: alias, KeyType: RANGE }]
  ChannelAccountsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: clientId, AttributeType: S }, { AttributeName: alias, AttributeType: S }]
      KeySchema: [{ AttributeName: clientId, KeyType: HASH }, { AttributeName: alias, KeyType: RANGE }]
  EndpointsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: clientId, AttributeType: S }, { AttributeName: endpointId, AttributeType: S }]
      KeySchema: [{ AttributeName: clientId, KeyType: HASH }, { AttributeName: endpointId, KeyType: RANGE }]
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: true
      DeduplicationScope: messageGroup
      FifoThroughputLimit: perMessageGroupId
      VisibilityTimeout: 1
      RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 5 }
  DeadJobs:
    Type: AWS::SQS::Queue
    Properties: { FifoQueue: true }
";

/// A directory with the template in it.
pub(crate) struct World {
    directory: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("template.yaml"), TEMPLATE).unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn options(&self) -> Options {
        let names = ["echo", "impatient", "broken", "worker"];
        Options {
            template: self.path("template.yaml"),
            binaries: Some(BTreeMap::from(
                names.map(|name| (name.to_owned(), echo_function())),
            )),
            ..Options::default()
        }
    }

    pub(crate) async fn start(&self) -> Stack {
        Stack::start(self.options()).await.unwrap()
    }
}

/// The executable of the example, which cargo builds with the tests.
pub(crate) fn echo_function() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let name = format!("echo_function{}", std::env::consts::EXE_SUFFIX);
    profile.join("examples").join(name)
}

/// A client for plain HTTP; reqwest still requires a TLS provider.
pub(crate) fn http_client() -> reqwest::Client {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    reqwest::Client::builder().build().unwrap()
}
