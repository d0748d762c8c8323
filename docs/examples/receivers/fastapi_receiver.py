# FastAPI: await request.body() gives the raw bytes. A parameter of a Pydantic type would hide them.
import os

import uvicorn
from fastapi import FastAPI, Request, Response
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

app = FastAPI()


@app.post("/webhooks/rms")
async def receive(request: Request):
    headers = dict(request.headers)  # names are in small letters
    try:
        message = Webhook(os.environ["RMS_SIGNING_SECRET"]).verify(await request.body(), headers)
    except WebhookVerificationError:
        return Response(status_code=401)
    return {"received": message["forwardOrderCode"]}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
