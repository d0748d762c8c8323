"""Lists the orders of a Magento shop with pymagento, and prints what that took. Arguments: URL, token, orders in a page, since."""

import json
import resource
import sys

import magento
from magento.queries import make_search_query

url, token, page, since = sys.argv[1:]


class Counting(magento.Magento):
    """The client, which counts its requests."""

    requests = 0

    def request(self, *args, **kwargs):
        self.requests += 1
        return super().request(*args, **kwargs)


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


client = Counting(token=token, base_url=url, scope="default", batch_page_size=int(page))
query = make_search_query(
    [[("updated_at", since, "gteq")]],
    sort_orders=[("updated_at", "ASC"), ("entity_id", "ASC")],
)
before = cpu()
items = sum(1 for _ in client.get_orders(query=query))
print(json.dumps({"items": items, "requests": client.requests, "cpuSeconds": cpu() - before}))
