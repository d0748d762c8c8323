//! References instead of copies: a generic type's argument is written out by its derive.

use utoipa::Modify;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, Ref, RefOr};

/// Replaces the data of envelopes by references to their own schemas.
pub(super) struct Referred;

impl Modify for Referred {
    fn modify(&self, api: &mut OpenApi) {
        let schemas = &mut api.components.as_mut().unwrap().schemas;
        let names: Vec<_> = schemas
            .keys()
            .filter_map(|name| name.strip_prefix("Envelope_").map(str::to_owned))
            .collect();
        for name in names {
            assert!(schemas.contains_key(&name), "{name} is not described");
            let envelope = schemas.get_mut(&format!("Envelope_{name}"));
            let Some(RefOr::T(Schema::Object(envelope))) = envelope else {
                panic!("the envelope of {name} is no object")
            };
            let data = RefOr::Ref(Ref::from_schema_name(&name));
            envelope.properties.insert("data".to_owned(), data);
        }
    }
}
