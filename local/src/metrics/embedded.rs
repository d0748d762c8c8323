//! Reads CloudWatch's embedded metric format as CloudWatch does: the metadata says which fields of a line are metrics, and
//! which are their dimensions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::metrics::Key;

/// The field with the metadata.
pub(super) const METADATA: &str = "\"_aws\"";

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "_aws")]
    metadata: Metadata,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    cloud_watch_metrics: Vec<Directive>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: String,
    dimensions: Vec<Vec<String>>,
    metrics: Vec<Declared>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Declared {
    name: String,
}

/// The values of each metric of a line, once for each set of its dimensions. Empty if the line is not in the format.
pub(super) fn read(line: &str) -> Vec<(Key, Vec<f64>)> {
    let Ok(Line { metadata, fields }) = serde_json::from_str(line) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for directive in metadata.cloud_watch_metrics {
        for set in &directive.dimensions {
            let Some(dimensions) = dimensions(set, &fields) else {
                continue;
            };
            for Declared { name } in &directive.metrics {
                let key = Key {
                    namespace: directive.namespace.clone(),
                    name: name.clone(),
                    dimensions: dimensions.clone(),
                };
                found.push((key, values(fields.get(name))));
            }
        }
    }
    found
}

/// The values of a set of dimensions; `None` if the line lacks one.
fn dimensions(set: &[String], fields: &Map<String, Value>) -> Option<BTreeMap<String, String>> {
    let values = set.iter().map(|name| {
        let value = fields.get(name)?.as_str()?;
        Some((name.clone(), value.to_owned()))
    });
    values.collect()
}

fn values(field: Option<&Value>) -> Vec<f64> {
    match field {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_f64).collect(),
        Some(value) => value.as_f64().into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_of_dimensions_has_the_values() {
        let line = r#"{"message":"x","partner":"ONE","PartnerErrors":2,"DeliveryAge":[5,7],"_aws":{"Timestamp":1,
            "CloudWatchMetrics":[
                {"Namespace":"rms","Dimensions":[[]],"Metrics":[{"Name":"DeliveryAge","Unit":"Milliseconds"}]},
                {"Namespace":"rms","Dimensions":[[],["partner"],["absent"]],"Metrics":[{"Name":"PartnerErrors"}]}]}}"#;
        let of = |name, dimension| Key::new("rms", name, dimension);
        let expected = [
            (of("DeliveryAge", None), vec![5.0, 7.0]),
            (of("PartnerErrors", None), vec![2.0]),
            (of("PartnerErrors", Some(("partner", "ONE"))), vec![2.0]),
        ];
        assert_eq!(read(line), expected);
        assert_eq!(read("{\"_aws\": 5}"), []);
    }
}
