// Next.js, app/webhooks/rms/route.js. A route handler gets a fetch Request.
const { receive } = require("./fetch.js");

exports.POST = (request) => receive(request, process.env.RMS_SIGNING_SECRET);
