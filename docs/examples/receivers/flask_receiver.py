# Flask: request.get_data() gives the raw bytes, if it is called before request.json. Names of headers may have any case.
import os

from flask import Flask, request
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

app = Flask(__name__)


@app.post("/webhooks/rms")
def receive():
    # The library wants a dict; Flask's names are capitalised, and the library reads them in any case.
    headers = dict(request.headers)
    try:
        message = Webhook(os.environ["RMS_SIGNING_SECRET"]).verify(request.get_data(), headers)
    except WebhookVerificationError:
        return "", 401
    return {"received": message["forwardOrderCode"]}


if __name__ == "__main__":
    app.run("127.0.0.1", int(os.environ["PORT"]))
