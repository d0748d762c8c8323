"""Schemathesis's check that what the description forbids is refused, except for what is read or forwarded all the same. A whole number
in place of a code is the text of its digits (docs/values.md); the schemas describe what to send, which is a text. And of a warehouse's
report RMS reads some fields and forwards the others as they came, whatever they are."""

import json
import pathlib
import urllib.parse

import jsonschema_rs
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.specs.openapi.checks import negative_data_rejection

# The fields of reports that are forwarded as they came, of the body and of its lines. Of these, times and references are kept as text,
# whatever they are.
FORWARDED = {
    "/v3/fulfillment/order-status": "order_type shop_code client_id tenant_name express_code express_no seller_remark status status_descr"
    " status_time",
    "/v3/fulfillment/pgi": "customer_id carrier_id so_reference_b user_define_1 user_define_2 user_define_3 shop_code mfg_date exp_date"
    " batch_no serial_no receipt_date stock_condition project_ref_no so_reference_a pgi_date",
}
API = json.loads((pathlib.Path(__file__).resolve().parents[2] / "openapi.json").read_text())


def tolerant(schema):
    """The same schema, which allows a whole number for each text."""
    if isinstance(schema, list):
        return [tolerant(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {("anyOf" if name == "oneOf" else name): tolerant(value) for name, value in schema.items()}
    if schema.get("type") == "string" and not {"enum", "const", "format"} & schema.keys():
        changed["type"] = ["string", "integer"]
    return changed


TOLERANT = {**tolerant({"paths": API["paths"], "components": API["components"]}), "$schema": "https://json-schema.org/draft/2020-12/schema"}


def without(body, names):
    """A body without these fields."""
    if isinstance(body, list):
        return [without(entry, names) for entry in body]
    if isinstance(body, dict):
        return {name: without(value, names) for name, value in body.items() if name not in names}
    return body


def is_taken(case):
    """Whether only whole numbers in place of texts, and fields that are not read, are wrong in the body."""
    parts = [case.operation.path, case.operation.method.lower(), "requestBody", "content", "application/json", "schema"]
    pointer = "/".join(urllib.parse.quote(part.replace("~", "~0").replace("/", "~1")) for part in parts)
    body = without(case.body, FORWARDED.get(case.operation.path, "").split())
    others = [location for location, part in case.meta.components.items() if location.name != "BODY" and part.mode.is_negative]
    return not others and jsonschema_rs.is_valid({**TOLERANT, "$ref": f"#/paths/{pointer}"}, body)


@schemathesis.check
def what_is_forbidden_is_refused(ctx, response, case):
    try:
        return negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if case.media_type == "application/json" and is_taken(case):
            return None
        raise
