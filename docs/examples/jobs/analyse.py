#!/usr/bin/env python3
"""analyse.py FACTURE.pdf [WEBHOOK_URL]: has an invoice analysed by a job and
saves both reports. Python 3.9, standard library only. Reads DESK, API_KEY and,
for a self-signed certificate, CA_FILE. Exit 0: both reports are saved."""
import hashlib
import json
import os
import pathlib
import ssl
import sys
import time
import urllib.error
import urllib.request
import uuid

DESK, KEY = os.environ["DESK"], os.environ["API_KEY"]
TLS = ssl.create_default_context(cafile=os.environ.get("CA_FILE"))
TRIES = 8


def call(method, path, body=None, headers=None):
    """(status, headers, bytes). What did not arrive, or may come back, is sent
    again: safe, because an order carries an Idempotency-Key."""
    for n in range(TRIES):
        request = urllib.request.Request(DESK + path, body, {"X-API-Key": KEY, **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=40, context=TLS) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            if refusal.code not in (429, 502, 503, 504) or n == TRIES - 1:
                return refusal.code, refusal.headers, refusal.read()
            time.sleep(float(refusal.headers.get("Retry-After", 1)))
        except OSError:
            if n == TRIES - 1:
                raise
            time.sleep(2 ** n / 4)


def form(fields, name, data):
    mark = uuid.uuid4().hex
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = "".join(parts) + (f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                             "Content-Type: application/pdf\r\n\r\n")
    return head.encode() + data + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def order(path, webhook):
    fields = {"strict": "false", "external_ref": path.name, **({"webhook_url": webhook} if webhook else {})}
    body, kind = form(fields, path.name, path.read_bytes())
    status, _, text = call("POST", "/v1/jobs/pdf", body, {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())})
    if status != 202:
        sys.exit(f"refused: {status} {json.loads(text)['code']}")
    return json.loads(text)


def wait(job):
    """Each call waits 25 seconds at most, and answers when something changed."""
    after = ""
    while True:
        status, headers, text = call("GET", job["links"]["events"] + after)
        if status == 200:
            job = json.loads(text)
            print(f"{job['status']} {job['progress']} %", file=sys.stderr)
            if job["status"] in ("succeeded", "failed", "cancelled"):
                return job
            after = f"?after={job['version']}"
            time.sleep(float(headers.get("Retry-After", 0)))
        elif status != 204:
            sys.exit(f"the job cannot be followed: {status}")


def save(job, path):
    _, _, text = call("GET", job["links"]["self"] + "?reports=link")
    result = json.loads(text)["result"]
    for which, word, name in (("full", "non_anonymous", "rapport"), ("anonymous", "anonymous", "anonyme")):
        _, _, pdf = call("GET", job["links"]["reports"][which])
        if hashlib.sha256(pdf).hexdigest() != result[f"{word}_sha256"]:
            sys.exit(f"{which}: another file than was reported")
        path.with_name(f"{path.stem}-{name}.pdf").write_bytes(pdf)
    print("\n".join(result["highlights"]))


invoice = pathlib.Path(sys.argv[1])
done = wait(order(invoice, sys.argv[2] if len(sys.argv) > 2 else None))
if done["status"] != "succeeded":
    sys.exit(f"{done['status']}: {done.get('error_code')}")
save(done, invoice)
