//! The page of the kinds, and their names.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
const INTRODUCTION: &str = "\
# Errors

Every error response is `application/problem+json` (RFC 9457). `type` ends in one of the names below and links to its
section; `detail` describes the error; `instance` is the request's id, which is also in the header `x-request-id` and in
every log line about the request ([logs.md](logs.md)). `errors` lists every wrong field with its JSON pointer. `aggregator`
has the code and message of an aggregator that refused, `channel` those of a sales channel. Branch on `type` or the status, never on the texts.

A field that does not exist is no error. It has no effect, and a successful response names it, up to 20 of them, as the last
member: `\"warnings\": [{\"pointer\": \"/orderDetails/ordernumber\", \"detail\": \"no such field, so it was ignored; did you mean
orderNumber?\"}]`. A response without a body has the header `rms-ignored-fields` instead. The warnings are about this request: a
repeat that is answered with a stored result gets its own. Pushes of aggregators and channels, and bodies that RMS forwards as they
came, are not warned of.

Paths below `/v3/` have the provider's envelope instead, as `application/json`, with the same statuses and headers:
`{\"metadata\": {\"path\", \"http_status_code\", \"http_status\", \"timestamp\", \"errors\": [{\"code\", \"message\", \"pointer\"}]}, \"data\": null}`.
The `warnings` of a success are in its `metadata`.
`code` is one of the names below, `pointer` is absent if the error is not about a field; the request's id is in `x-request-id`.

Responses of the API Gateway itself (a body over 6 MB, its own throttling) are bare JSON with a `message`.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.

| name | status | title | the caller | the operator |
|---|---|---|---|---|
";

#[test]
fn the_documented_kinds_are_current() {
    let mut page = INTRODUCTION.to_owned();
    for kind in ProblemKind::all() {
        let (slug, meaning) = (kind.slug(), kind.meaning());
        let ProblemMeaning {
            status,
            title,
            caller,
            operator,
        } = meaning;
        writeln!(
            page,
            "| [`{slug}`](#{slug}) | {status} | {title} | {caller} | {operator} |"
        )
        .unwrap();
    }
    for kind in ProblemKind::all() {
        let (slug, meaning) = (kind.slug(), kind.meaning());
        let ProblemMeaning {
            status,
            title,
            caller,
            operator,
        } = meaning;
        write!(
            page,
            "\n## {slug}\n\n{status}: {title}.\n\n- The caller {caller}.\n- The operator {}.\n",
            if operator == "nothing" {
                "does nothing"
            } else {
                operator
            }
        )
        .unwrap();
    }
    crate::docs::hold(COMMITTED, &page);
}

#[test]
fn slugs_are_unique() {
    let slugs: BTreeSet<_> = ProblemKind::all().map(ProblemKind::slug).collect();
    assert_eq!(slugs.len(), ProblemKind::all().count());
}
