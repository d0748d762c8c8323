//! Possible responses of Clickpost: any JSON, and known responses with mutations.

use proptest::prelude::*;

use crate::aggregators::clickpost::tests::*;
use crate::outbound::client::Reply;

/// A response with HTTP 200.
pub(super) fn reply(body: &[u8]) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: None,
        body: body.to_vec(),
        truncated: false,
    }
}

/// Any JSON of moderate size.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    const TELLING: [&str; 9] = ["NA", "", "-1", "200", "101", "1e9", "A+R", "+", "true"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        proptest::sample::select(&TELLING[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(".{0,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Replaces or removes a value of a body.
pub(super) fn mutated(mut body: Value, index: usize, with: Option<Value>) -> Value {
    let mut pointers = Vec::new();
    walk(&body, String::new(), &mut pointers);
    let pointer = &pointers[index % pointers.len()];
    match (with, pointer.rsplit_once('/')) {
        (Some(value), _) => *body.pointer_mut(pointer).unwrap() = value,
        (None, Some((parent, name))) => {
            let parent = body.pointer_mut(parent).unwrap();
            if let Value::Array(list) = parent {
                list.remove(name.parse().unwrap());
            } else {
                parent.as_object_mut().unwrap().remove(name);
            }
        }
        (None, None) => body = Value::Null,
    }
    body
}

fn walk(value: &Value, at: String, pointers: &mut Vec<String>) {
    if let Value::Object(object) = value {
        for (name, inner) in object {
            walk(inner, format!("{at}/{name}"), pointers);
        }
    }
    if let Value::Array(list) = value {
        for (index, inner) in list.iter().enumerate() {
            walk(inner, format!("{at}/{index}"), pointers);
        }
    }
    pointers.push(at);
}
