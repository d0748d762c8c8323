"""The Python clients against the simulated Magento shop. Run by `check`."""

import json
import os
import sys
import urllib.request

STACK = json.loads(os.environ["SIMULATORS_STACK"])
SHOP = STACK["url"] + "/magento"
failures = 0


def control(method, path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(SHOP + path, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def calls():
    with urllib.request.urlopen(SHOP + "/calls") as answer:
        return json.load(answer)["calls"]


def expect(client, call, holds, found=None):
    """One row of docs/foreign-clients.md."""
    global failures
    if not holds:
        failures += 1
    print(f"{client}: {call}: {'as documented' if holds else f'DIFFERS: {found}'}")


def raised(work):
    try:
        return None, work()
    except Exception as error:  # What a client raises is what is tested.
        return error, None


def sell(*numbers, status="pending"):
    """Orders of three caps."""
    row = {
        "product_type": "simple", "sku": "CAP", "name": "Cap", "qty_ordered": 3, "qty_invoiced": 0, "qty_shipped": 0,
        "qty_canceled": 0, "price": 100, "price_incl_tax": 118, "row_total": 300, "row_total_incl_tax": 354,
    }
    orders = [
        {
            "entity_id": number, "state": "new", "status": status, "created_at": f"2026-11-{number % 28 + 1:02} 08:00:00",
            "base_currency_code": "INR", "order_currency_code": "INR", "grand_total": 354, "base_grand_total": 354,
            "customer_email": "asha@example.com", "items": [{**row, "item_id": 10 * number}],
        }
        for number in numbers
    ]
    control("POST", "/orders", orders)


TRACKS = [{"track_number": "AWB-1", "title": "Blue Dart", "carrier_code": "custom"}]


def m2_sdk():
    name = "m2-sdk 0.1.8"
    from m2_sdk import AuthManager, M2Client, M2Config
    from m2_sdk.services.inventory_service import InventoryService

    config = M2Config(api_url=SHOP + "/rest", username=STACK["email"], password=STACK["password"], retry_delay=0.01)
    token = AuthManager(config).get_admin_token()
    expect(name, "logs in as an admin", isinstance(token, str) and len(token) > 20, token)
    shop = M2Client(config, AuthManager(config))
    sell(1, 2, 3)
    sell(4, status="processing")
    page = shop.orders().where("status", "pending").limit(2).page(2).get()
    expect(name, "lists orders by status, in pages", [order["entity_id"] for order in page["items"]] == [3], page)
    found = [order["entity_id"] for page in shop.orders().where("status", "pending").iter_pages(page_size=2) for order in page["items"]]
    expect(name, "goes through the pages", found == [1, 2, 3], found)
    expect(name, "reads an order", shop.orders(id=1).get()["entity_id"] == 1)
    comment = {"comment": "Packed", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": 1, "status": "processing"}
    expect(name, "comments with a status", shop.orders(id=1).comments.post({"statusHistory": comment}) is True)
    expect(name, "reads the status", shop.orders(id=1).statuses.get() == "processing")
    invoice = shop.order(1).invoice.post({"capture": True})
    expect(name, "invoices", invoice == 1, invoice)
    shipment = shop.order(1).ship.post({"tracks": TRACKS})
    expect(name, "ships", shop.shipment(shipment).get()["tracks"][0]["track_number"] == "AWB-1", shipment)
    expect(name, "the order is complete", shop.orders(id=1).get()["status"] == "complete")
    expect(name, "cancels", shop.orders(id=3).cancel.post() is True)
    stock = InventoryService(shop)
    stock.update_source_item("CAP", "default", 7)
    read = stock.get_stock_item("CAP")
    expect(name, "sets stock at a source, and reads the stock item", read.qty == 7, read)
    expect(name, "sets a stock item", stock.update_stock("CAP", 9).qty == 9)
    error, _ = raised(lambda: shop.orders(id=999).get())
    expect(name, "raises on a refusal, with its status", getattr(error, "status_code", None) == 404, error)

    both = shop.orders().where("status", "pending").where("entity_id", ">", "3").get()
    both = [order["entity_id"] for order in both["items"]]
    expect(name, "two filters find what matches either: it puts all into one group", both == [2, 4], both)
    listed = shop.orders().where("entity_id", "in", "1,2").get()["items"]
    expect(name, "`in` finds nothing: it asks for finset", listed == [], listed)
    rows = stock.get_source_items(sku="CAP")
    expect(name, "get_source_items never finds any: it puts the SKU into the path and hides the 404", rows == [], rows)
    before = len(calls())
    quantity = stock.get_salable_qty("CAP")
    asked = [call["path"] for call in calls()[before:]]
    is_other = "/inventory/salable/" in asked[0] and "/stockItems/" in asked[-1]
    expect(name, "get_salable_qty asks a path that no shop has, and answers the stock item's quantity", is_other and quantity == 9, asked)
    control("PUT", "/faults", {"next": [{"call": "getOrder", "kind": "status", "status": 503}]})
    before = len(calls())
    error, _ = raised(lambda: shop.orders(id=2).get())
    sent = len(calls()) - before
    expect(name, "never repeats after a 503: the error is raised before its retry sees it", (sent, error.status_code) == (1, 503), (sent, error))
    control("POST", "/expire-tokens", {})
    error, _ = raised(lambda: shop.orders(id=2).get())
    expect(name, "never renews a token that expired, for the same reason", type(error).__name__ == "AuthError", error)


def pymagento():
    name = "pymagento 2.14.0"
    from magento import Magento, make_field_value_query
    from magento.exceptions import MagentoException

    body = json.dumps({"username": STACK["email"], "password": STACK["password"]}).encode()
    request = urllib.request.Request(SHOP + "/rest/V1/integration/admin/token", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        token = json.load(answer)
    _, _, access_token, _ = STACK["integration"]
    refused, _ = raised(lambda: Magento(token=access_token, base_url=SHOP).get_order(1))
    expect(
        name,
        "an integration's token is refused: it does not sign, and shops since 2.4.4 want signatures",
        getattr(getattr(refused, "response", None), "status_code", None) == 401,
        refused,
    )
    shop = Magento(token=token, base_url=SHOP)
    sell(11, 12, 13)
    sell(14, status="processing")
    query = make_field_value_query("entity_id", 10, "gt")
    found = [order["entity_id"] for order in shop.get_orders(query=query)]
    expect(name, "lists orders, in pages of 1,000", found == [11, 12, 13, 14], found)
    found = [order["entity_id"] for order in shop.get_orders(query=query, page_size=3)]
    expect(name, "goes through the pages", found == [11, 12, 13, 14], found)
    found = {order["status"] for order in shop.get_orders(status="processing", id_pagination=True)}
    expect(name, "id_pagination loses the query: orders of all statuses come", {"pending", "processing"} <= found, found)
    expect(name, "reads an order", shop.get_order(11)["entity_id"] == 11)
    expect(name, "finds an order by its number", shop.get_order_by_increment_id("000000012")["entity_id"] == 12)
    comment = {"comment": "Packed", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": 11, "status": "processing"}
    answer = shop.post_json_api("/V1/orders/11/comments", json={"statusHistory": comment})
    expect(name, "comments, with the call of its session: it has none of its own", answer is True, answer)
    invoice = shop.create_order_invoice(11, {"capture": True}, notify=False)
    expect(name, "invoices", [one["entity_id"] for one in shop.get_order_invoices(11)] == [invoice], invoice)
    shipment = shop.ship_order(11, {"tracks": TRACKS})
    expect(name, "ships", [one["entity_id"] for one in shop.get_order_shipments(11)] == [shipment], shipment)
    expect(name, "reads a shipment", shop.get_shipment(shipment)["tracks"][0]["track_number"] == "AWB-1")
    shop.save_source_items([{"sku": "CAP", "source_code": "default", "quantity": 4, "status": 1}])
    rows = list(shop.get_source_items(skus=["CAP", "OTHER"]))
    expect(name, "sets and reads stock at a source", [row["quantity"] for row in rows] == [4], rows)
    item = shop.get_product_stock_item("CAP")["item_id"]
    expect(name, "sets a stock item", shop.update_product_stock_item_quantity("CAP", item, 6) == item)
    error, _ = raised(lambda: shop.ship_order(11, {"tracks": TRACKS}))
    expect(name, "raises on a refusal, with the shop's words", isinstance(error, MagentoException) and "shipment" in str(error), error)
    before = len(calls())
    shop.create_order_invoice(12)
    [sent] = [call for call in calls()[before:]]
    expect(name, "an invoice without arguments mails the customer, and takes no money", sent["body"] == {"notify": True}, sent)
    control("PUT", "/traps", {"12": {"totalCount": 2}})
    found = [order["entity_id"] for order in shop.get_orders(query=query, page_size=2)]
    control("PUT", "/traps", {})
    expect(name, "stops after as many orders as the shop counts, also if it counts too few", found == [11, 12], found)


m2_sdk()
pymagento()
sys.exit(failures > 0)
