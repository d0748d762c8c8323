//! The headers of responses. An operation's own description names those that its handler sends; what each of them means is
//! said here, once. Headers that follow from the status are added to every operation.

use std::collections::BTreeMap;

use utoipa::Modify;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{OpenApi, Ref, RefOr, Response};

use super::operations_of;

/// Describes the headers that operations name, and adds those of all.
pub(super) struct Headers;

impl Modify for Headers {
    fn modify(&self, api: &mut OpenApi) {
        for operation in operations_of(&mut api.paths) {
            add_headers(operation);
        }
        let components = api.components.get_or_insert_default();
        let described = described().into_iter();
        components.headers = described
            .map(|(name, header)| (component(name), header.into()))
            .collect();
    }
}

fn add_headers(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        let of_status = match status.as_str() {
            "401" => &["WWW-Authenticate"][..],
            "409" | "429" | "503" => &["Retry-After"],
            _ => &[],
        };
        let names = response.headers.keys().cloned();
        let names = names.chain(of_status.iter().map(|name| (*name).to_owned()));
        let names: Vec<_> = names.chain(["x-request-id".to_owned()]).collect();
        response.headers = names.into_iter().map(referred).collect();
        allow_any_of_a_document(response);
    }
}

/// A document has one more header than the same answer as JSON.
fn allow_any_of_a_document(response: &mut Response) {
    if response.content.contains_key("application/pdf") {
        let (name, header) = referred("Content-Disposition".to_owned());
        response.headers.insert(name, header);
    }
}

fn referred(name: String) -> (String, RefOr<Header>) {
    let known = described();
    assert!(known.contains_key(name.as_str()), "{name} is not described");
    let reference = Ref::new(format!("#/components/headers/{}", component(&name)));
    (name, RefOr::Ref(reference))
}

/// `RetryAfter` for `Retry-After`.
fn component(name: &str) -> String {
    let capital = |word: &str| word.get(..1).unwrap_or_default().to_uppercase();
    let words = name.split('-');
    words
        .map(|word| capital(word) + word.get(1..).unwrap_or_default())
        .collect()
}

fn described() -> BTreeMap<&'static str, Header> {
    let text = |description: &str, example: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().schema(Some(schema));
        header
            .description(Some(description))
            .example(Some(example.into()))
            .build()
    };
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(900));
    let retry_after = HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("After how many seconds to repeat the request."))
        .example(Some(10.into()))
        .build();
    let replayed = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["true"]));
    let replayed = HeaderBuilder::new()
        .schema(Some(replayed))
        .description(Some(
            "`true` if an earlier request did what this one asks for; absent if this one did it.",
        ))
        .build();
    [
        (
            "Cache-Control",
            text("`no-store`: the answer would be stale, or has a secret.", "no-store"),
        ),
        (
            "Content-Disposition",
            text("Only of a document: how to show it.", "inline; filename=\"label.pdf\""),
        ),
        ("Content-Encoding", text("`gzip`, if the request accepts it.", "gzip")),
        (
            "Content-Security-Policy",
            text("What the page may load: nothing.", "default-src 'none'"),
        ),
        (
            "ETag",
            text(
                "The version of the object, for `If-Match`.",
                "\"0192e0a5c4d07b3f9c552f1d4f0f7a10\"",
            ),
        ),
        ("idempotent-replayed", replayed),
        (
            "Location",
            text("Where the result is, or will be.", "/shipping-labels?orderNumber=asdf1234"),
        ),
        ("Retry-After", retry_after),
        (
            "rms-ignored-fields",
            text(
                "The JSON pointers of the fields of the request that had no effect; absent if there are none. Answers with a \
                 JSON body have them as `warnings` instead.",
                "/colour, /orderItems/0/size",
            ),
        ),
        ("Vary", text("On which header of the request the answer depends.", "accept-encoding")),
        (
            "WWW-Authenticate",
            text("The scheme of the credentials that are missing or wrong.", "Bearer"),
        ),
        (
            "x-request-id",
            text(
                "The request's id: also the `instance` of a problem, in every log line and in the messages that the request causes.",
                "JKJaXmPLvHcESHA=",
            ),
        ),
    ]
    .into()
}
