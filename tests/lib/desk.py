#!/usr/bin/env python3
"""Finds or starts a whole desk (PostgreSQL, memcached, nginx, responders)
and speaks HTTP to it; standard library only.

Tests:   desk = shared()               the stack tools/check started, else one
                                       of this test's own
         desk = start(MAX_PAGES=3)     always its own, with those settings
By hand: tests/lib/desk.py start       prints COMPTOIR_TEST_RUN=… to export
         tests/lib/desk.py stop DIR    ends that one
"""
import atexit
import base64
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
HTTP_SECONDS = 120


class Answer:
    """status, headers (names in any case), body; json() and text."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def code(self):
        """The stable error code, or None."""
        try:
            return self.json().get("code")
        except (ValueError, AttributeError):
            return None

    def __repr__(self):
        return f"{self.status} {self.text[:400]}"


def multipart(files=(), fields=None, boundary=None):
    """(body, content type). files: (field, name, bytes[, type])."""
    boundary = boundary or "desk" + secrets.token_hex(12)
    out = bytearray()
    for name, value in (fields or {}).items():
        out += (f'--{boundary}\r\nContent-Disposition: form-data; '
                f'name="{name}"\r\n\r\n{value}\r\n').encode()
    for field, name, data, *kind in files:
        out += (f'--{boundary}\r\nContent-Disposition: form-data; '
                f'name="{field}"; filename="{name}"\r\n').encode()
        if kind:
            out += f"Content-Type: {kind[0]}\r\n".encode()
        out += b"\r\n" + data + b"\r\n"
    out += f"--{boundary}--\r\n".encode()
    return bytes(out), f"multipart/form-data; boundary={boundary}"


class Desk:
    def __init__(self, run, own=None):
        self.run = Path(run)
        self.own = own  # folder to remove on stop, or None
        self.settings = read_settings(self.run / "comptoir.env")
        self.home = Path(self.settings["COMPTOIR_HOME"])
        self.https = int(self.settings["HTTPS_PORT"])
        self.http = int(self.settings["HTTP_PORT"])
        self.key = self.settings["API_KEY"].split(",")[0]
        self.ca = self.run / "tls" / "cert.pem"
        self.url = f"https://localhost:{self.https}"

    def connect(self, tls=True):
        """An http.client connection, for tests that need several requests
        on one, or a raw body."""
        if not tls:
            return http.client.HTTPConnection(
                "localhost", self.http, timeout=HTTP_SECONDS)
        context = ssl.create_default_context(cafile=str(self.ca))
        return http.client.HTTPSConnection(
            "localhost", self.https, timeout=HTTP_SECONDS, context=context)

    def request(self, method, path, body=None, headers=None, key=False,
                tls=True):
        """key: False = none, True = the desk's own, or a text to send."""
        sent = dict(headers or {})
        if key:
            sent["X-API-Key"] = self.key if key is True else key
        link = self.connect(tls)
        try:
            link.request(method, path, body=body, headers=sent)
            return Answer(link.getresponse())
        finally:
            link.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, fields=None, headers=None, **more):
        """Posts fields as a JSON object."""
        return self.request("POST", path, json.dumps(fields or {}),
                            {"Content-Type": "application/json", **(headers or {})},
                            **more)

    def upload(self, path, files=(), fields=None, headers=None, key=True,
               **more):
        """Posts files as multipart/form-data, with the desk's key."""
        body, kind = multipart(files, fields)
        sent = {"Content-Type": kind, **(headers or {})}
        return self.request("POST", path, body, sent, key, **more)

    def post_pdf(self, data, name="facture.pdf", fields=None, **more):
        return self.upload("/v1/invoices/pdf",
                           [("file", name, data, "application/pdf")], fields,
                           **more)

    def command(self, word, check=True):
        """Runs spawn/comptoir WORD for this desk; returns what it printed."""
        done = subprocess.run(
            [self.home / "spawn" / "comptoir", word],
            env={**os.environ, "COMPTOIR_RUN": str(self.run),
                 "COMPTOIR_HOME": str(self.home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=180)
        if check and done.returncode:
            raise RuntimeError(f"comptoir {word}: {done.stdout}{done.stderr}")
        return done.stdout

    def log(self):
        """Everything the desk logged so far, as text."""
        return "".join(p.read_text("utf-8", "replace")
                       for p in sorted((self.run / "log").glob("*"))
                       if p.is_file())

    def stop(self):
        atexit.unregister(self.stop)
        self.command("stop", check=False)
        if self.own:
            keep_reports(self.run / "log")
            shutil.rmtree(self.own, ignore_errors=True)


def keep_reports(log):
    """What a sanitizer said on a desk's stderr outlives that desk, for
    tests/run to count (SAN_REPORTS: the folder of reports)."""
    folder = os.environ.get("SAN_REPORTS")
    for said in log.glob("*.err") if folder else ():
        text = said.read_text("utf-8", "replace")
        if re.search(r"ERROR: \w+Sanitizer|: runtime error: ", text):
            name = f"{Path(sys.argv[0]).name}.{log.parent.parent.name}.{said.name}"
            Path(folder, name).write_text(text)


def read_settings(path):
    pairs = (line.split("=", 1) for line in path.read_text().splitlines()
             if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'\"") for key, value in pairs}


_claims = []


def free_ports(count):
    """Free ports, all different: below those that the kernel gives to any
    connection, and claimed (by a socket's name) until this program ends, so
    that no other test takes one that is not listened at yet."""
    ports = []
    while len(ports) < count:
        port = 10000 + secrets.randbelow(10000)  # spawn/comptoir: from 20000
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0comptoir-test-port-{port}")
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        ports.append(port)
    return ports


def tree(base):
    """The installed tree: tools/check's, else one made now from build/."""
    if "COMPTOIR_TEST_HOME" in os.environ:
        return Path(os.environ["COMPTOIR_TEST_HOME"])
    subprocess.run(["make", "-s", "install", f"PREFIX={base}/tree"], cwd=TOP,
                   check=True, stdout=subprocess.DEVNULL)
    return base / "tree"


def start(**settings):
    """A desk of its own on free ports; ends with the test."""
    base = Path(tempfile.mkdtemp(prefix="desk-", dir="/tmp"))
    base.chmod(0o755)
    home = tree(base)
    run = base / "run"
    run.mkdir()
    https, plain = free_ports(2)
    wanted = {
        "ENV": "dev", "COMPTOIR_HOME": home, "COMPTOIR_RUN": run,
        "API_KEY": secrets.token_hex(24), "ALLOWED_HOSTS": "localhost",
        "JWT_SECRET_KEY": "test:" + secrets.token_hex(32),
        "PASSWORD_PEPPER": secrets.token_hex(32), "BCRYPT_ROUNDS": 4,
        "LOGIN_DELAY_MIN_MS": 0, "LOGIN_DELAY_MAX_MS": 0,
        "DATA_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "LICENSE_SECRET": secrets.token_hex(32),
        "LICENSE_ENC_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "LICENSE_SIGNING_KEY": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "HTTPS_PORT": https, "HTTP_PORT": plain,
        "LIMITS_FILE": base / "limits-wide.tsv", "LIMITS_NGINX": "off",
        **settings}
    env = run / "comptoir.env"
    env.touch(0o600)
    env.write_text("".join(f"{k}={v}\n" for k, v in wanted.items()))
    wide_limits(base / "limits-wide.tsv")
    desk = Desk(run, own=base)
    atexit.register(desk.stop)
    desk.command("start")
    return desk


def shared():
    """The desk that tools/check started; by hand, one of our own."""
    run = os.environ.get("COMPTOIR_TEST_RUN")
    return Desk(run) if run else start()


def wide_limits(path):
    """Writes the table of limits with counts that no test reaches, but for
    those nginx keeps (LIMITS_NGINX); a test of limits starts a desk with
    LIMITS_FILE= (the true table) or its own."""
    rows = (TOP / "lib" / "web" / "limits.tsv").read_text().splitlines()
    for i, row in enumerate(rows):
        cells = row.split("\t")
        if len(cells) > 1 and cells[1].isdigit() and \
                cells[0] not in ("health", "docs", "address"):
            rows[i] = "\t".join([cells[0], "1000000", *cells[2:]])
    path.write_text("\n".join(rows) + "\n")


def main(words):
    if words[:1] == ["start"]:
        desk = start()
        atexit.unregister(desk.stop)
        print(f"COMPTOIR_TEST_RUN={desk.run}")
    elif words[:1] == ["stop"] and len(words) == 2:
        Desk(words[1], own=Path(words[1]).parent).stop()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
