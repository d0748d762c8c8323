// Express: express.raw() leaves the body in a Buffer. With express.json() on the same route the signed bytes are gone.
const express = require("express");
const { Webhook } = require("standardwebhooks");

const app = express();
app.post("/webhooks/rms", express.raw({ type: "application/json", limit: "1mb" }), (request, response) => {
  let message;
  try {
    // request.headers is a plain object with names in small letters.
    message = new Webhook(process.env.RMS_SIGNING_SECRET).verify(request.body, request.headers);
  } catch {
    return response.sendStatus(401);
  }
  response.json({ received: message.forwardOrderCode });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
