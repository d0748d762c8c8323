// For receivers that have a fetch Request: Next.js route handlers, Hono, Remix, Bun, Deno, Cloudflare Workers.
// The library takes a plain object of headers and a text: neither a Headers object nor a Uint8Array.
const { Webhook } = require("standardwebhooks");

async function receive(request, secret) {
  const body = await request.text(); // before anything parses it
  const headers = Object.fromEntries(request.headers); // names are in small letters
  let message;
  try {
    message = new Webhook(secret).verify(body, headers);
  } catch {
    return new Response(null, { status: 401 });
  }
  // Store it under headers["webhook-id"], then answer.
  return Response.json({ received: message.forwardOrderCode });
}

module.exports = { receive };
