//! All that a stack keeps, has sent and has received, to be compared before and after a request.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::security::world::{Item, PATIENCE, World};

impl World {
    /// Waits until no delivery is in progress.
    pub(super) async fn settled(&self) {
        let looking = async {
            while self.waiting().await != "0 0" {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.unwrap();
    }

    /// Number of messages in the delivery queue, visible or not.
    async fn waiting(&self) -> String {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let sqs = self.stack.backends().sqs_client();
        let asked = sqs
            .get_queue_attributes()
            .queue_url(&self.stack.resources().queue_urls["DeliveryQueue"])
            .set_attribute_names(Some(names.to_vec()));
        let counts = asked.send().await.unwrap().attributes.unwrap();
        format!("{} {}", counts[&names[0]], counts[&names[1]])
    }

    /// All items, messages, aggregator calls and deliveries, either of the demo client only or of all clients.
    pub(super) async fn everything(&self, of_demo_alone: bool) -> BTreeSet<String> {
        let mut everything = BTreeSet::new();
        let tables = self.stack.resources().tables.keys();
        // This table records every use of a key.
        for table in tables.filter(|table| *table != "KeyUsesTable") {
            let items = self.items(table).await.into_iter();
            let items = items.filter(|item| !of_demo_alone || is_of_demo(item));
            everything
                .extend(items.map(|item| format!("{table} {}", written(&AttributeValue::M(item)))));
        }
        everything.insert(self.waiting().await);
        everything.insert(format!("{:?}", self.calls_of_aggregators()));
        let received = self.stack.sink().unwrap().received().len();
        everything.insert(format!("{received} deliveries"));
        everything
    }
}

/// A value as text, with sorted names.
fn written(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(values) => {
            let sorted: BTreeMap<_, _> = values.iter().collect();
            let fields = sorted
                .into_iter()
                .map(|(name, value)| format!("{name}: {}", written(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        AttributeValue::L(values) => {
            let entries: Vec<_> = values.iter().map(written).collect();
            format!("[{}]", entries.join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn is_of_demo(item: &Item) -> bool {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let client = text("clientId").or_else(|| text("pk"));
    client.is_some_and(|client| client.split('#').next() == Some("demo"))
}
