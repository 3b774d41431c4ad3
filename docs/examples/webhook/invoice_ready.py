#!/usr/bin/env python3
"""Receives comptoir's webhooks: checks who sends, then keeps what is said, once
a task however often it is told. Python 3, standard library only.

    WEBHOOK_SECRET  as set at the desk; while it changes: new,old
    WEBHOOK_TOKEN   as set at the desk
    DATABASE        an SQLite file, made when it is not there
    PORT            on the loopback, behind the web server that has the certificate
"""
import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import sqlite3
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_S = 300  # a message that is older was recorded by somebody
LARGEST = 64 * 1024 * 1024
SECRETS = [s for s in os.environ.get("WEBHOOK_SECRET", "").split(",") if s]
TOKEN = os.environ["WEBHOOK_TOKEN"]


def key_of(secret):
    """The bytes that a secret stands for."""
    return base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()


def same(a, b):
    return hmac.compare_digest(a.encode(), b.encode())


def is_signed(headers, body):
    """Signed by one of our secrets, in both ways the desk signs, and just now."""
    sent = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", sent) or abs(time.time() - int(sent)) > TOLERANCE_S:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    standard = plain = False
    for secret in SECRETS:
        want = "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()
        for one in headers.get("webhook-signature", "").split(" "):
            standard |= same(want, one)
        plain |= same("sha256=" + hmac.digest(secret.encode(), body, "sha256").hex(), headers.get("x-webhook-signature", ""))
    return standard and plain


def report(told, which):
    """A report's bytes, None where it is told by address or there is none."""
    text = told.get(f"{which}_report_base64")
    if text is None:
        return None
    pdf = base64.b64decode(text, validate=True)
    if hashlib.sha256(pdf).hexdigest() != told[f"{which}_sha256"]:
        raise ValueError("a report is damaged")
    return pdf


def keep(told):
    with sqlite3.connect(os.environ["DATABASE"], timeout=20) as db:
        db.execute("CREATE TABLE IF NOT EXISTS invoice_ready (task_id text PRIMARY KEY, status text NOT NULL,"
                   " full_report blob, anonymous_report blob, told text NOT NULL)")
        rest = {k: v for k, v in told.items() if not k.endswith("_base64")}
        db.execute("INSERT INTO invoice_ready VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET"
                   " status = excluded.status, full_report = excluded.full_report,"
                   " anonymous_report = excluded.anonymous_report, told = excluded.told",
                   (told["task_id"], told["status"], report(told, "non_anonymous"), report(told, "anonymous"), json.dumps(rest)))


class Receiver(BaseHTTPRequestHandler):
    timeout = 30

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            return self.answer(413)
        body = self.rfile.read(int(length))  # as it came: the signature is over these bytes
        if not same("Bearer " + TOKEN, self.headers.get("authorization", "")) or not is_signed(self.headers, body):
            return self.answer(401)
        try:
            told = json.loads(body)
            if not re.fullmatch("[0-9a-f-]{36}", told["task_id"]):
                raise ValueError("no task")
            keep(told)
        except (ValueError, KeyError, TypeError, binascii.Error):
            return self.answer(400)
        except sqlite3.Error:
            return self.answer(500)  # the desk sends it again
        return self.answer(200)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
