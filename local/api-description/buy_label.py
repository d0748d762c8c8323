"""Buys a label with the client that openapi-python-client generated: `buy_label.py OPENAPI BASE_URL API_KEY`."""

import json
import sys
import uuid

from rms_client import AuthenticatedClient
from rms_client.api.forward import generate_label, get_label
from rms_client.models import LabelRequest, ShippingLabel

openapi, base_url, api_key = sys.argv[1:]
with open(openapi) as file:
    operation = json.load(file)["paths"]["/shipping-labels"]["post"]
body = operation["requestBody"]["content"]["application/json"]["example"]
body["orderDetails"]["orderNumber"] = f"py-{uuid.uuid4()}"
body["logisticAccountAlias"] = "magic"

client = AuthenticatedClient(base_url=base_url, token=api_key)
bought = generate_label.sync_detailed(client=client, body=LabelRequest.from_dict(body))
assert bought.status_code == 200, bought
assert bought.parsed.awb, bought.parsed
assert not bought.parsed.warnings, bought.parsed
again = generate_label.sync_detailed(client=client, body=LabelRequest.from_dict(body))
assert again.headers["idempotent-replayed"] == "true", again.headers
assert again.parsed.awb == bought.parsed.awb

found = get_label.sync(client=client, order_number=body["orderDetails"]["orderNumber"])
assert isinstance(found, ShippingLabel) and found.awb == bought.parsed.awb, found

refused = generate_label.sync_detailed(
    client=client.with_headers({}), body=LabelRequest.from_dict({**body, "courierId": -1})
)
assert refused.status_code == 422, refused
assert [error.pointer for error in refused.parsed.errors] == ["/courierId"], refused.parsed
print(f"Python bought {bought.parsed.awb}")
