// Fastify parses JSON unless a parser for its type says otherwise: this one leaves the text.
const fastify = require("fastify")({ bodyLimit: 1024 * 1024 });
const { Webhook } = require("standardwebhooks");

fastify.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => done(null, body));

fastify.post("/webhooks/rms", async (request, reply) => {
  let message;
  try {
    // request.headers is a plain object with names in small letters.
    message = new Webhook(process.env.RMS_SIGNING_SECRET).verify(request.body, request.headers);
  } catch {
    return reply.code(401).send();
  }
  return { received: message.forwardOrderCode };
});

fastify.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
