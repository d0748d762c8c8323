"""The Python clients against the simulators. Run by `check`."""

import importlib.metadata
import json
import os
import re
import sys

import requests
from requests.adapters import HTTPAdapter

STACK = json.loads(os.environ["SIMULATORS_STACK"])
HOSTS = {
    "https://apiv2.shiprocket.in": STACK["url"] + "/shiprocket",
    "https://www.clickpost.in": STACK["url"] + "/clickpost",
    "https://test.clickpost.in": STACK["url"] + "/clickpost",
}
failures = 0


class ToSimulators(HTTPAdapter):
    """Sends the vendors' hosts to the simulators, and nothing anywhere else."""

    def send(self, request, **more):
        for host, simulator in HOSTS.items():
            if request.url.startswith(host + "/"):
                request.url = simulator + request.url.removeprefix(host)
                return super().send(request, **{**more, "proxies": {}})
        raise ConnectionError(f"{request.url} is no simulator")


def mounted(session):
    session.adapters.clear()
    session.mount("https://", ToSimulators())
    session.mount("http://", ToSimulators())


original = requests.Session.__init__


def initialised(session):
    original(session)
    mounted(session)


requests.Session.__init__ = initialised


def expect(client, call, holds, found=None):
    """One row of docs/foreign-clients.md."""
    global failures
    if not holds:
        failures += 1
    print(f"{client}: {call}: {'as documented' if holds else f'DIFFERS: {found}'}")


def order(number):
    return {
        "order_id": number, "order_date": "2026-11-27 10:00", "pickup_location": "Primary",
        "billing_customer_name": "Meera", "billing_last_name": "Nair", "billing_address": "House 7, MG Road",
        "billing_city": "Kochi", "billing_pincode": "682001", "billing_state": "Kerala", "billing_country": "India",
        "billing_email": "meera@example.org", "billing_phone": "9876543210", "shipping_is_billing": True,
        "order_items": [{"name": "Jeans", "sku": "jeans-1", "units": 1, "selling_price": "900"}],
        "payment_method": "Prepaid", "sub_total": 900, "length": 10, "breadth": 15, "height": 20, "weight": 0.5,
    }


ROUTE = {"pickup_postcode": "560048", "delivery_postcode": "380015", "cod": 0, "weight": 0.5}


def shiprocket_sdk():
    import shiprocket

    name = "shiprocket-sdk 1.0.2"
    client = shiprocket.ShiprocketClient({"email": STACK["email"], "password": STACK["password"]})
    expect(name, "logs in at auth/login/ with a form", bool(client.token.token))
    orders, courier = shiprocket.Order(client), shiprocket.Courier(client)
    labels, shipments = shiprocket.LabelsManifestsInvoice(client), shiprocket.Shipment(client)
    rows = courier.check_courier_serviceability(ROUTE).json()["data"]["available_courier_companies"]
    expect(name, "serviceability", len(rows) > 0 and all("id" in row for row in rows), rows)
    made = orders.create_custom_order(order("SDK-1")).json()
    expect(name, "creates an order", "shipment_id" in made, made)
    assigned = courier.genrate_awb_for_shipment({"shipment_id": made["shipment_id"], "courier_id": 43}).json()
    expect(name, "assigns an AWB", assigned["awb_assign_status"] == 1, assigned)
    awb = assigned["response"]["data"]["awb_code"]
    label = labels.generate_label({"shipment_id": [made["shipment_id"]]}).json()
    expect(name, "makes a label", label["label_created"] == 1, label)
    shown = orders.get_specific_order_details(made["order_id"])
    expect(name, "reads the order", shown.status_code == 200, shown.text)
    shown = shipments.get_shipment_details(made["shipment_id"])
    expect(name, "reads the shipment", shown.status_code == 200, shown.text)
    cancelled = shipments.cancel_shipment({"awbs": [awb]})
    expect(name, "cancels the shipment", cancelled.status_code == 204, cancelled.status_code)
    again = orders.create_custom_order(order("SDK-1")).json()
    expect(name, "a repeat returns the old order, which is no error", again.get("order_id") == made["order_id"], again)
    wrong = shiprocket.Order(client).create_custom_order({})
    expect(name, "does not raise on a refusal: the caller must look", wrong.status_code == 422, wrong.text)
    client.token.token = "expired"
    stale = orders.get_all_orders()
    expect(name, "never logs in again after a 401", stale.status_code == 401, stale.text)


def pranky_shiprocket():
    """Its module logs in with an account of its author when it is imported: its text is read without those lines."""
    name = "pranky-shiprocket 0.1.3"
    files = importlib.metadata.files("pranky-shiprocket")
    [path] = [path.locate() for path in files if path.name == "shiprocket.py"]
    text = path.read_text()
    expect(name, "logs in as its author when imported: never import it", re.search(r"^a\s*=\s*ShipRocket\(", text, re.M))
    text = re.sub(r"^a\s*=.*$", "", text, flags=re.M)
    module = {"__name__": "pranky"}
    exec(compile(text, str(path), "exec"), module)
    client = module["ShipRocket"](STACK["email"], STACK["password"])
    expect(name, "logs in", bool(client.auth_token))
    pickups = client.get_all_pickup_address()
    expect(name, "reads the pickup locations", isinstance(pickups, list) and pickups, pickups)
    rows = client.check_service_availabe("560048", "380015")
    expect(name, "serviceability fails: it sends a GET with a body instead of a query", "errors" in rows, rows)
    made = client.create_shippment(**order("PRANKY-1"))
    expect(name, "creates an order", "shipment_id" in made, made)
    assigned = client.generate_awp_shippment(made["shipment_id"], 43)
    expect(name, "assigns an AWB", assigned["awb_assign_status"] == 1, assigned)
    label = client.generate_label(str(made["shipment_id"]))
    expect(name, "makes a label, with the id as a text", label["label_created"] == 1, label)
    shown = client.get_shipment(made["order_id"])
    expect(name, "reads the order", shown.get("id") == made["order_id"], shown)
    tracked = client.track_shippment(assigned["response"]["data"]["awb_code"])
    expect(name, "tracking never works: it asks for the AWB {awb}, without its f", "error" in json.dumps(tracked).lower(), tracked)
    cancelled = client.cancel_order(str(made["order_id"]))
    expect(name, "cancelling fails: it sends id instead of ids", "errors" in cancelled, cancelled)


def clickpost_python():
    from clickpost_python.clickpost_order_creation.order_creation import OrderCreation

    name = "clickpost-python 0.2"
    for is_production in [True, False]:
        answer = OrderCreation({}, STACK["password"], STACK["email"], is_production).create_order()
        expect(
            name,
            f"calls v1/create-order/, which Clickpost has replaced by v3 (production: {is_production})",
            answer.is_success() is False and answer.get_status_code() == 404,
            vars(answer),
        )


shiprocket_sdk()
pranky_shiprocket()
clickpost_python()
sys.exit(failures > 0)
