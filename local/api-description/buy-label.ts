// Buys a label with the client that @hey-api/openapi-ts generated: `buy-label.js OPENAPI BASE_URL API_KEY`.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { createClient } from "./rms-client/client";
import { generateLabel, getLabel } from "./rms-client/sdk.gen";
import type { LabelRequest } from "./rms-client/types.gen";

const [openapi, baseUrl, apiKey] = process.argv.slice(2) as [string, string, string];
const operation = JSON.parse(readFileSync(openapi, "utf8")).paths["/shipping-labels"].post;
const body: LabelRequest = operation.requestBody.content["application/json"].example;
body.orderDetails.orderNumber = `ts-${randomUUID()}`;
body.logisticAccountAlias = "magic";

const client = createClient({ baseUrl, auth: apiKey });
const check = (holds: boolean, what: string) => {
  if (!holds) throw new Error(what);
};

const bought = await generateLabel({ client, body });
check(bought.response?.status === 200, JSON.stringify(bought.error));
const label = bought.data;
if (!label || !("awb" in label)) throw new Error(JSON.stringify(label));
const again = await generateLabel({ client, body });
check(again.response?.headers.get("idempotent-replayed") === "true", "the repeat is not marked");

const found = await getLabel({ client, query: { orderNumber: body.orderDetails.orderNumber } });
check(JSON.stringify(found.data).includes(label.awb), JSON.stringify(found.data));

const refused = await generateLabel({ client, body: { ...body, courierId: -1 } });
check(refused.response?.status === 422, "an invalid request was accepted");
console.log(`TypeScript bought ${label.awb}`);
