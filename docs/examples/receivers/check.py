"""Starts each receiver and sends it right and wrong deliveries. Run by `check`."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-eight byte").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, as long as it").decode()
BODY = json.dumps({"forwardOrderCode": "SO-1001", "remark": "smørrebrød – 寿司", "n": 1.0}, ensure_ascii=False).encode()

NEXT = """
const { POST } = require("%s");
require("@hono/node-server").serve({ fetch: POST, hostname: "127.0.0.1", port: Number(process.env.PORT) });
"""

RECEIVERS = {
    "Next.js (its route handler, served by Hono's adapter)": ["node", "-e", NEXT % (HERE / "next-route.js")],
    "Hono": ["node", HERE / "hono.js"],
    "Express": ["node", HERE / "express.js"],
    "Fastify": ["node", HERE / "fastify.js"],
    "Flask": [sys.executable, HERE / "flask_receiver.py"],
    "FastAPI": [sys.executable, HERE / "fastapi_receiver.py"],
    "Django": [sys.executable, HERE / "django_receiver.py"],
    "PHP": ["php", "-S", "127.0.0.1:{port}", HERE / "receiver.php"],
    "Ruby": ["ruby", HERE / "receiver.rb"],
}


def signed(secret, body, at):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"dlv_1.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": "dlv_1",
        "webhook-timestamp": str(at),
        # As while a secret is replaced: one of several signatures is right.
        "webhook-signature": f"v1a,AAAA v1,{base64.b64encode(b'x' * 32).decode()} v1,{signature}",
    }


def post(port, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/webhooks/rms", body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the receiver does not listen")


def check(command):
    port = free_port()
    command = [str(part).replace("{port}", str(port)) for part in command]
    environment = {**os.environ, "PORT": str(port), "RMS_SIGNING_SECRET": SECRET}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        now = int(time.time())
        right = signed(SECRET, BODY, now)
        status, answer = post(port, right, BODY)
        assert status == 200 and json.loads(answer)["received"] == "SO-1001", (status, answer)
        capitals = {name.title(): value for name, value in right.items()}
        assert post(port, capitals, BODY)[0] == 200, "names of headers in another case"
        for why, headers, body in [
            ("a changed body", right, BODY.replace(b"1001", b"1002")),
            ("a body that was parsed and written again", right, json.dumps(json.loads(BODY)).encode()),
            ("another secret", signed(OTHER, BODY, now), BODY),
            ("an old timestamp", signed(SECRET, BODY, now - 600), BODY),
            ("no signature", {}, BODY),
        ]:
            status = post(port, headers, body)[0]
            assert status == 401, f"{why}: {status}"
    finally:
        process.terminate()
        process.wait()


def main():
    failed = 0
    for name, command in RECEIVERS.items():
        if not shutil.which(str(command[0])):
            print(f"{name}: skipped, {command[0]} is not installed")
            continue
        try:
            check(command)
            print(f"{name}: verifies")
        except AssertionError as error:
            failed += 1
            print(f"{name}: FAILED: {error}")
    sys.exit(failed)


main()
