#!/usr/bin/env bash
# Two clients of Magento's REST API turn a narrower search into a wider one, without an error.
#
# Magento's search criteria have groups of filters: the filters of one group are alternatives, all groups must match
# (https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches/). A client that puts a second condition into the
# group of the first one asks for what matches either. Seen with packages of November 2026:
#
#   call                                                              orders that the shop is asked for
#   m2-sdk 0.1.8 (PyPI)
#     orders().where("status", "pending")                             pending
#     orders().where("status", "pending").where("store_id", "2")      pending, or of store 2
#     catalog("orders", status="pending", store_id="2")               likewise
#   pymagento 2.14.0 (PyPI)
#     get_orders(status="pending")                                    pending
#     get_orders(status="pending", id_pagination=True)                pending, or with an id above 0: all orders
#
# A program that ships "all pending orders of store 2" ships those of other stores, and shipped ones again. pymagento calls its
# id_pagination experimental, and refuses a query with more than one group, the only one that would be right. Until it is mended:
# build the query by hand, each condition in a group of its own, and without id_pagination:
#
#   shop.get_orders(query=make_search_query([[("status", "pending", "eq")], [("store_id", "2", "eq")]]))
#
# The shop here is a server of a few lines with four orders, which keeps to the rule above. Nothing leaves this machine but the
# installation.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check m2-sdk==0.1.8 pymagento==2.14.0
cat > ask.py <<'PYTHON'
import json
import re
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

ORDERS = [
    {"entity_id": 1, "increment_id": "1", "status": "pending", "store_id": 1},
    {"entity_id": 2, "increment_id": "2", "status": "pending", "store_id": 2},
    {"entity_id": 3, "increment_id": "3", "status": "complete", "store_id": 2},
    {"entity_id": 4, "increment_id": "4", "status": "complete", "store_id": 1},
]
FILTER = re.compile(r"searchCriteria\[filter_?[gG]roups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(\w+)\]")


def holds(condition, order):
    value = str(order[condition["field"]])
    if condition.get("condition_type", condition.get("conditionType", "eq")) == "gt":
        return int(value) > int(condition["value"])
    return value == condition["value"]


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        groups = defaultdict(lambda: defaultdict(dict))
        for name, value in parse_qsl(urlsplit(self.path).query):
            if found := FILTER.match(name):
                group, index, part = found.groups()
                groups[group][index][part] = value
        found = [
            order for order in ORDERS
            if all(any(holds(condition, order) for condition in group.values()) for group in groups.values())
        ]
        body = json.dumps({"items": found, "search_criteria": {}, "total_count": len(found)}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"

from m2_sdk import AuthManager, M2Client, M2Config
from magento import Magento, make_search_query

config = M2Config(api_url=f"{url}/rest", api_key="a-token")
m2 = M2Client(config, AuthManager(config))
py = Magento(token="a-token", base_url=url)


def show(call, orders):
    print(f"{call}: {' '.join(str(order['entity_id']) for order in orders)}")


show("m2-sdk, pending", m2.orders().where("status", "pending").get()["items"])
show("m2-sdk, pending and of store 2", m2.orders().where("status", "pending").where("store_id", "2").get()["items"])
show("m2-sdk, catalog, pending and of store 2", m2.catalog("orders", "entity_id", status="pending", store_id="2").values())
show("pymagento, pending", py.get_orders(status="pending"))
show("pymagento, pending by id", py.get_orders(status="pending", id_pagination=True))
query = make_search_query([[("status", "pending", "eq")], [("store_id", "2", "eq")]])
show("pymagento, groups by hand", py.get_orders(query=query))
PYTHON
found="$(python/bin/python ask.py)"
printf '%s\n' "$found"
[ "$found" = 'm2-sdk, pending: 1 2
m2-sdk, pending and of store 2: 1 2 3
m2-sdk, catalog, pending and of store 2: 1 2 3
pymagento, pending: 1 2
pymagento, pending by id: 1 2 3 4
pymagento, groups by hand: 2' ] || { echo "the clients ask otherwise now" >&2; exit 1; }
