// magento-api-rest against the simulated Magento shop. Run by `check`.
const MagentoRestApi = require("magento-api-rest").default;

const stack = JSON.parse(process.env.SIMULATORS_STACK);
const NAME = "magento-api-rest 2.0.4";
const SHOP = `${stack.url}/magento`;
const [consumerKey, consumerSecret, accessToken, tokenSecret] = stack.integration;
const keys = { consumerKey, consumerSecret, accessToken, tokenSecret };

let failures = 0;
function expect(call, holds, found) {
  if (!holds) failures += 1;
  console.log(`${NAME}: ${call}: ${holds ? "as documented" : `DIFFERS: ${JSON.stringify(found)}`}`);
}
const outcome = (promise) => promise.then(
  (answer) => ({ status: answer.status, data: answer.data }),
  (error) => ({ status: error.response?.status, data: error.response?.data, error: error.message }),
);
const control = (method, path, body) =>
  fetch(SHOP + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

async function main() {
  const item = (id) => ({
    item_id: id, product_type: "simple", sku: "CAP", name: "Cap", qty_ordered: 3, qty_invoiced: 0, qty_shipped: 0,
    qty_canceled: 0, price: 100, price_incl_tax: 118,
  });
  const order = (id, status) => ({
    entity_id: id, state: "new", status, created_at: `2026-11-${id} 08:00:00`, base_currency_code: "INR",
    order_currency_code: "INR", grand_total: 354, base_grand_total: 354, customer_email: "asha@example.com", items: [item(10 * id)],
  });
  await control("POST", "/orders", [order(21, "js pending"), order(22, "js pending"), order(23, "js pending")]);

  const old = new MagentoRestApi({ url: SHOP, ...keys });
  const refused = await outcome(old.get("orders/21"));
  expect("signs with SHA-1 unless told otherwise, which shops since 2.4.4 refuse", refused.status === 401, refused);

  const client = new MagentoRestApi({ url: SHOP, ...keys, sha: 256 });
  const ids = (found) => (found.data?.items ?? []).map((found) => found.entity_id);
  const read = await outcome(client.get("orders/21"));
  expect("reads an order, signed with SHA-256", read.data?.entity_id === 21, read);
  const listed = await outcome(client.get("orders", { status: "js pending", $perPage: 2, $page: 2, $sort: { entity_id: "asc" } }));
  expect("lists orders by status with a blank, sorted, in pages", `${ids(listed)}` === "23", listed);
  const between = await outcome(client.get("orders", { status: "js pending", $after: "2026-11-21 08:00:00" }));
  expect("lists orders that were created after a time", `${ids(between)}` === "22,23", between);
  const either = await outcome(client.get("orders", { $or: [{ entity_id: 21 }, { entity_id: 23 }] }));
  expect("lists what matches one of two filters", `${ids(either)}` === "21,23", either);
  const own = { filter_groups: [{ filters: [{ field: "entity_id", value: "21,22", condition_type: "in" }] }] };
  const given = await outcome(client.get("orders", own));
  expect("lists by criteria of one's own", `${ids(given)}` === "21,22", given);

  const statusHistory = { comment: "Packed", is_customer_notified: 0, is_visible_on_front: 0, parent_id: 21, status: "processing" };
  const commented = await outcome(client.post("orders/21/comments", { statusHistory }));
  expect("comments with a status", commented.data === true, commented);
  const invoiced = await outcome(client.post("order/21/invoice", { capture: true }));
  expect("invoices", Number.isInteger(invoiced.data), invoiced);
  const tracks = [{ track_number: "AWB-1", title: "Blue Dart", carrier_code: "custom" }];
  const shipped = await outcome(client.post("order/21/ship", { tracks }));
  expect("ships", Number.isInteger(shipped.data), shipped);
  const shipment = await outcome(client.get(`shipment/${shipped.data}`));
  expect("reads the shipment", shipment.data?.tracks?.[0]?.track_number === "AWB-1", shipment);
  const sourceItems = [{ sku: "CAP", source_code: "default", quantity: 5, status: 1 }];
  const stored = await outcome(client.post("inventory/source-items", { sourceItems }));
  expect("sets stock at a source", stored.status === 200, stored);
  const stock = await outcome(client.get("stockItems/CAP"));
  expect("reads a stock item", stock.data?.qty === 5, stock);
  const set = await outcome(client.put(`products/CAP/stockItems/${stock.data?.item_id}`, { stockItem: { qty: 6, is_in_stock: true } }));
  expect("sets a stock item", set.data === stock.data?.item_id, set);
  const cancelled = await outcome(client.post("orders/22/cancel"));
  expect("cancels", cancelled.data === true, cancelled);
  const absent = await outcome(client.get("orders/999"));
  expect("fails on a refusal with axios's error", absent.status === 404, absent);

  // Nothing is sent: the adapter only keeps what would be.
  let sent;
  const adapter = (config) => {
    sent = config.url;
    return Promise.resolve({ status: 200, data: {}, headers: {}, config });
  };
  const https = new MagentoRestApi({ url: "https://shop.example", ...keys, sha: 256, axiosConfig: { adapter } });
  await https.get("products", { sku: "A&B" });
  const asked = new URL(sent).searchParams;
  expect(
    "does not encode values over https: a search for the SKU A&B asks for A",
    asked.get("searchCriteria[filter_groups][0][filters][0][value]") === "A",
    sent,
  );
  process.exit(failures > 0 ? 1 : 0);
}

main();
