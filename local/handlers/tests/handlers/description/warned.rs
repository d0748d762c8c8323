//! The `warnings` of answers to requests with a JSON body.

use utoipa::Modify;
use utoipa::openapi::schema::AllOfBuilder;
use utoipa::openapi::{OpenApi, Ref, RefOr};

use super::operations_of;

/// Adds the `warnings` to the answers of every operation whose body is read field by field.
pub(super) struct Warned;

/// Operations that forward their body as it came, so that nothing of it is ignored, and those of aggregators and channels.
const NOT_WARNED: [&str; 6] = [
    "create_outbound_orders",
    "issue_goods",
    "push_native_notification",
    "push_notification",
    "receive_channel_webhook",
    "set_order_status",
];

impl Modify for Warned {
    fn modify(&self, api: &mut OpenApi) {
        for operation in operations_of(&mut api.paths) {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            if operation.request_body.is_none() || NOT_WARNED.contains(&id) {
                continue;
            }
            let responses = operation.responses.responses.iter_mut();
            let successes = responses.filter(|(status, _)| status.starts_with('2'));
            for (_, response) in successes {
                let RefOr::T(response) = response else {
                    continue;
                };
                if let Some(RefOr::T(content)) = response.content.get_mut("application/json") {
                    // Those of an envelope are in its metadata.
                    let own = content.schema.take_if(|schema| !is_envelope(schema));
                    let Some(schema) = own else {
                        continue;
                    };
                    let both = AllOfBuilder::new()
                        .item(schema)
                        .item(Ref::from_schema_name("Warned"));
                    content.schema = Some(RefOr::T(both.build().into()));
                }
            }
        }
    }
}

/// Whether it is the envelope of `/v3/`.
fn is_envelope(schema: &RefOr<utoipa::openapi::Schema>) -> bool {
    matches!(schema, RefOr::Ref(reference) if reference.ref_location.contains("/Envelope_"))
}
