// Hono: context.req.raw is the fetch Request. context.req.json() would lose the bytes that were signed.
const { serve } = require("@hono/node-server");
const { Hono } = require("hono");
const { receive } = require("./fetch.js");

const app = new Hono();
app.post("/webhooks/rms", (context) => receive(context.req.raw, process.env.RMS_SIGNING_SECRET));

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) });
