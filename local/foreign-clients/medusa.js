// The client of the Medusa plug-in against the Shiprocket simulator. Run by `check`.
const Module = require("module");
const path = require("path");
const axios = require("axios");

const stack = JSON.parse(process.env.SIMULATORS_STACK);
const NAME = "medusa-shiprocket-fulfillment-sbl 0.0.31";

// The only thing that its client takes from Medusa.
class MedusaError extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}
MedusaError.Types = new Proxy({}, { get: (_, name) => name });
const load = Module._load;
Module._load = function (request, ...more) {
  if (/^@medusajs\/(framework\/)?utils$/.test(request)) return { MedusaError };
  return load.call(this, request, ...more);
};

// Its base URL is fixed: calls go to the simulator, and nowhere else.
const create = axios.create.bind(axios);
axios.create = (config) => create({ ...config, baseURL: `${stack.url}/shiprocket/v1/external`, proxy: false });

let failures = 0;
function expect(call, holds, found) {
  if (!holds) failures += 1;
  console.log(`${NAME}: ${call}: ${holds ? "as documented" : `DIFFERS: ${JSON.stringify(found)}`}`);
}
const outcome = (promise) => promise.then((value) => ({ value }), (error) => ({ error: error.message }));

async function main() {
  const root = path.dirname(require.resolve("medusa-shiprocket-fulfillment-sbl/package.json"));
  const Client = require(path.join(root, ".medusa/server/src/providers/shiprocket/client/index.js")).default;
  const client = new Client({ email: stack.email, password: stack.password, pickup_location: "Primary" });

  const route = { pickup_postcode: "560048", delivery_postcode: "380015", cod: 0, weight: 0.5 };
  const rate = await outcome(client.calculate(route));
  expect("logs in, and finds the rate of the cheapest courier", rate.value > 0, rate);
  const allowed = await outcome(client.calculate({ ...route, allowed_courier_ids: [43] }));
  expect("its list of allowed couriers never matches: it compares the row's id", /No allowed couriers/.test(allowed.error), allowed);
  const names = await outcome(client.getPickupLocationNames());
  expect("reads the pickup locations", names.value?.includes("Primary"), names);

  const address = {
    first_name: "Meera", last_name: "Nair", address_1: "House 7, MG Road", city: "Kochi", province: "Kerala",
    postal_code: "682001", country_code: "IN", phone: "9876543210",
  };
  const variant = { id: "v1", sku: "jeans-1", weight: 500, length: 10, width: 15, height: 20 };
  const line = { id: "line-1", title: "Jeans", unit_price: 900, variant };
  const order = {
    id: "order_01", display_id: 7, email: "meera@example.org", created_at: "2026-11-27T10:00:00Z",
    shipping_address: address, billing_address: address, items: [line],
  };
  const items = [{ line_item_id: "line-1", title: "Jeans", quantity: 1 }];
  const dated = await outcome(client.create({ id: "ful_01" }, items, order));
  expect("writes the order's date with the day first: refused", /order date is not a valid date/.test(dated.error), dated);
  // From here on with a date in the documented form, so that the other calls can be seen.
  Date.prototype.toLocaleString = () => "2026-11-27 10:00";
  const made = await outcome(client.create({ id: "ful_01" }, items, order));
  expect(
    "creates the order, but assigns the AWB by the row's id, which is not the courier's: refused",
    /AWB assignment failed/.test(made.error),
    made,
  );

  const direct = await outcome(client.axios.get("/orders"));
  const kept = direct.value?.data?.data?.find((kept) => !kept.shipments?.[0]?.awb);
  const shipment = kept?.shipments?.[0]?.id ?? kept?.shipment_id;
  const assigned = await outcome(client.assignAwb(shipment, kept?.id, { courier_id: 43 }));
  expect("assigns an AWB if it is given the courier's own id", Boolean(assigned.value?.awb), assigned);
  const label = await outcome(client.generateLabel({ shipment_id: shipment }));
  expect("makes a label", /\.pdf$/.test(label.value ?? ""), label);
  const tracked = await outcome(client.getTrackingInfo(assigned.value?.awb));
  expect("tracks", Boolean(tracked.value?.tracking_data), tracked);
  const cancelled = await outcome(client.cancel(kept?.id));
  expect("cancels by Shiprocket's id", !cancelled.error, cancelled);
  process.exit(failures > 0 ? 1 : 0);
}

main();
