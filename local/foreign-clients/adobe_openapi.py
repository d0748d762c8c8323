"""Validates what RMS sends to a Magento shop, and what the simulated shop answers, by Adobe's own descriptions. Run by
`adobe-openapi`, which starts the local stack.

It calls RMS's routes about orders, invoices, shipments and stock while the simulators record, and judges each recorded call by each
description: the path and the method are described, the query's parameters too, the body of the request is valid, and so is the
body of the answer."""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml
from jsonschema import Draft4Validator

STACK = json.load(open(os.environ["STACK_JSON"]))
SHOP = STACK["simulatorUrl"] + "/magento"
PREFIX = "/magento/rest/default"

# Differences that are none, each with its reason: a regular expression of the place and the words. All of them are in
# docs/foreign-clients.md.
KNOWN = [
    (
        r"^PUT /V1/products/\{productSku\}/stockItems/\{itemId\} request /stockItem: '\w+' is a required property",
        "a shop takes a part of a stock item, and keeps the rest",
    ),
    (
        r"^GET /V1/shipments? answer 200 .*/tracks/\d+/(weight|qty|description): None is not of type",
        "a handover's tracks do not have it; descriptions know no null",
    ),
]


def http(method, url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def rms(method, path, expected, body=None):
    status, answer = http(method, STACK["baseUrl"] + path, body, {"x-api-key": STACK["apiKey"]})
    if status not in expected:
        sys.exit(f"{method} {path}: {status} {json.dumps(answer)}")
    return answer


def shop(method, path, body):
    status, answer = http(method, SHOP + path, body)
    assert status == 200, (path, status, answer)


def order(number):
    """An order with every field that the descriptions require, and those that RMS reads."""
    address = {
        "address_type": "billing", "city": "Pune", "country_id": "IN", "email": "asha@example.com", "firstname": "Asha",
        "lastname": "Example", "postcode": "411001", "region": "Maharashtra", "street": ["1 MG Road", "Flat 2"],
        "telephone": "9000000001",
    }

    def row(item, kind, sku, quantity, price, parent=None):
        row = {
            "item_id": item, "order_id": number, "product_type": kind, "sku": sku, "name": sku.title(), "qty_ordered": quantity,
            "qty_invoiced": 0, "qty_shipped": 0, "qty_canceled": 0, "qty_refunded": 0, "price": price, "price_incl_tax": price,
            "original_price": price, "row_total": price * quantity, "row_total_incl_tax": price * quantity, "tax_amount": 0,
            "discount_amount": 0,
        }
        return row if parent is None else {**row, "parent_item_id": parent}

    return {
        "entity_id": number, "increment_id": f"{number:09}", "state": "processing", "status": "processing",
        "created_at": "2026-11-17 07:24:49", "updated_at": f"2026-11-17 09:00:{number % 60:02}", "base_currency_code": "INR",
        "order_currency_code": "INR", "base_grand_total": 330.5, "grand_total": 330.5, "shipping_amount": 0,
        "discount_amount": 0, "customer_email": "asha@example.com",
        "items": [
            row(10 * number + 1, "configurable", "TEE-M", 2, 100),
            row(10 * number + 2, "simple", "TEE-M", 2, 0, 10 * number + 1),
            row(10 * number + 3, "simple", "CAP", 1, 130.5),
        ],
        "billing_address": address,
        "payment": {
            "account_status": "", "additional_information": ["Cash on delivery"], "cc_last4": "", "method": "cashondelivery",
        },
        "status_histories": [],
        "extension_attributes": {
            "shipping_assignments": [{"shipping": {"address": {**address, "address_type": "shipping"}}, "items": []}],
        },
    }


def calls():
    """Every call of RMS to a shop, but for those that get a token."""
    base = "/channels/magento"
    rms("POST", "/channel-accounts/magento/check", [200])
    rms("GET", f"{base}/orders?status=processing&createdSince=2026-11-01T00:00:00Z&updatedSince=2026-11-17T00:00:00Z", [200])
    rms("GET", f"{base}/cancelled-orders?updatedSince=2026-11-01T00:00:00Z", [200])
    rms("GET", f"{base}/orders/9001", [200])
    rms("GET", f"{base}/orders/9001/status", [200])
    rms("GET", f"{base}/orders/404404", [404])
    # The order is new, so that there is something to acknowledge.
    shop("POST", "/orders", [{**order(9002), "state": "new", "status": "pending"}])
    rms("POST", f"{base}/orders/9002/acknowledge", [200])
    rms("POST", f"{base}/orders/9003/cancel", [200])
    part = [{"itemId": "90011", "quantity": 1}]
    rms("POST", f"{base}/orders/9001/invoices", [201], {"capture": True, "items": part})
    rms("POST", f"{base}/orders/9001/invoices", [201], {})
    rms("GET", f"{base}/orders/9001/invoices", [200])
    track = {"trackNumber": "AWB-1", "carrierCode": "custom", "title": "Blue Dart", "weight": 1.5, "quantity": 1}
    made = rms("POST", f"{base}/orders/9001/shipments", [201], {"items": part, "tracks": [track], "comment": "Box 1"})
    rms("GET", f"{base}/orders/9001/shipments", [200])
    rms("GET", f"{base}/shipments/{made['shipmentId']}", [200])
    plain = {"trackNumber": "AWB-2", "carrierCode": "custom", "title": "Blue Dart"}
    rms("POST", f"{base}/orders/9001/handover", [200], {"tracks": [plain], "items": part, "notify": False})
    rms("POST", f"{base}/orders/9001/handover", [200], {})
    stock = {"items": [{"sku": "TEE-M", "quantity": 5}, {"sku": "CAP", "quantity": 0.5, "inStock": False}]}
    rms("PUT", f"{base}/inventory", [200], stock)
    shop("PUT", "/traps", {"14": {"noSources": True}})
    stock["items"][0]["quantity"] = 7
    rms("PUT", f"{base}/inventory", [200], stock)
    shop("PUT", "/traps", {})
    # What the shop refuses: an invoice of an order that is complete.
    shop("PUT", "/traps", {"13": True})
    rms("POST", f"{base}/orders/9004/invoices", [422], {"items": [{"itemId": "90041", "quantity": 1}]})
    shop("PUT", "/traps", {})


class Description:
    def __init__(self, path):
        self.name = os.path.basename(path).removesuffix(".yaml")
        with open(path) as file:
            self.whole = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.paths = []
        for template, methods in self.whole["paths"].items():
            # A parameter stands for one part of the path; a described path without them comes first.
            expression = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
            self.paths.append((template.count("{"), re.compile(f"{expression}$"), template, methods))
        self.paths.sort(key=lambda entry: entry[0])
        self.validators = {}

    def operation(self, method, path):
        for _, expression, template, methods in self.paths:
            if expression.match(path) and method.lower() in methods:
                return template, methods[method.lower()]
        return None, None

    def errors(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = Draft4Validator({**schema, "definitions": self.whole["definitions"]})
        for error in self.validators[key].iter_errors(value):
            pointer = "".join(f"/{part}" for part in error.absolute_path)
            yield pointer, error.message[:200]


def is_described(name, described):
    """Descriptions name the first of each list: `searchCriteria[filterGroups][0][filters][0][field]`."""
    return re.sub(r"\[\d+\]", "[0]", name) in described


def judged(description, exchange):
    """The differences, as (place, words)."""
    url = urllib.parse.urlsplit(exchange["path"])
    path = url.path.removeprefix(PREFIX)
    template, operation = description.operation(exchange["method"], path)
    if operation is None:
        return [(f"{exchange['method']} {path}", "is not described")]
    place = f"{exchange['method']} {template}"
    found = []
    described = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
    for name, _ in urllib.parse.parse_qsl(url.query, keep_blank_values=True):
        if not is_described(name, described):
            found.append((f"{place} query {name}", "is not described"))
    bodies = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "body"]
    if bodies and exchange["body"] is not None:
        [body] = bodies
        found += [(f"{place} request {at}", words) for at, words in description.errors(body["schema"], exchange["body"])]
    elif bodies and bodies[0].get("required"):
        found.append((f"{place} request", "has no body"))
    elif not bodies and exchange["body"] is not None:
        found.append((f"{place} request", "has a body that is not described"))
    answers = operation["responses"]
    answer = answers.get(str(exchange["status"]))
    if answer is None and exchange["status"] >= 300:
        answer = answers.get("default")
    # Of some calls only the errors are described: any answer is right then.
    if answer is not None and "schema" in answer:
        found += [
            (f"{place} answer {exchange['status']} {at}", words)
            for at, words in description.errors(answer["schema"], exchange["answer"])
        ]
    return found


def main():
    shop("PUT", "/traps", {})
    shop("POST", "/orders", [order(number) for number in range(9001, 9005)])
    http("PUT", STACK["simulatorUrl"] + "/exchanges", {"record": True})
    calls()
    _, recorded = http("GET", STACK["simulatorUrl"] + "/exchanges")
    http("PUT", STACK["simulatorUrl"] + "/exchanges", {"record": False})
    exchanges = [one for one in recorded["exchanges"] if one["path"].startswith(PREFIX + "/V1/")]
    different = False
    for path in sys.argv[1:]:
        description = Description(path)
        places = {}
        kinds = set()
        for exchange in exchanges:
            template, _ = description.operation(exchange["method"], urllib.parse.urlsplit(exchange["path"]).path.removeprefix(PREFIX))
            kinds.add((exchange["method"], template))
            for place, words in judged(description, exchange):
                places.setdefault((place, words), 0)
                places[place, words] += 1
        print(f"{description.name}: {len(exchanges)} calls of {len(kinds)} operations")
        for (place, words), count in sorted(places.items()):
            reason = next((reason for known, reason in KNOWN if re.search(known, f"{place}: {words}")), None)
            different |= reason is None
            print(f"  {'known' if reason else 'DIFFERS'}: {place}: {words} ({count})" + (f": {reason}" if reason else ""))
    return different


sys.exit(main())
