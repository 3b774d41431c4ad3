#!/usr/bin/env python3
"""What stands before s3rver in the tests: it checks every signature with
botocore (s3rver 3.7.1 checks none of version 4) and every body against its
hash, keeps `If-None-Match: *` (which s3rver ignores), writes a journal, and
fails where it is told to. Needs Debian's python3-botocore, so /usr/bin/python3.

By hand: s3_faults.py PORT_OF_S3RVER   prints its own port
         POST /__faults {"mode": "slowdown", "match": "report_full", "count": 2}
         GET /__journal                what was asked since the last look
"""
import hashlib
import http.client
import json
import re
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, REGION = "S3RVER", "S3RVER", "eu-test-1"
PASSED_ON = ("content-type", "range")
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$")
# mode -> status, code: answered as an error; the others are below
ERRORS = {"slowdown": (503, "SlowDown"), "internal": (500, "InternalError"),
          "denied": (403, "AccessDenied"),
          "signature": (403, "SignatureDoesNotMatch"),
          "noconditional": (501, "NotImplemented"),
          "lock": (409, "ConditionalRequestConflict")}

faults, journal = [], []
guard, writing = threading.Lock(), threading.Lock()


def xml(code, message):
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
            f"<Message>{message}</Message><RequestId>1</RequestId></Error>").encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    # ---- answers -----------------------------------------------------------
    def answer(self, status, body=b"", headers=()):
        self.note["status"] = status
        self.send_response_only(status)
        names = [name.lower() for name, _ in headers]
        if "date" not in names:
            self.send_header("Date", formatdate(time.time() + self.server.skew, usegmt=True))
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status, code, message="as told"):
        self.answer(status, xml(code, message), [("Content-Type", "application/xml")])

    def hang_up(self):
        self.note["status"] = 0
        self.close_connection = True
        self.connection.close()

    # ---- what is checked ---------------------------------------------------
    def wrong(self, body):
        """Why the request is refused, or None."""
        m = AUTHORIZATION.match(self.headers.get("Authorization", ""))
        if not m:
            return 403, "AccessDenied", "no signature"
        key, day, region, names, signature = m.groups()
        if key != KEY:
            return 403, "InvalidAccessKeyId", "unknown key"
        if region != REGION:
            return 400, "AuthorizationHeaderMalformed", "another region"
        names = names.split(";")
        loose = [h.lower() for h in self.headers if h.lower().startswith("x-amz-")
                 and h.lower() not in names]
        if loose or "host" not in names:
            return 403, "AccessDenied", f"not signed: {loose}"
        date = self.headers["x-amz-date"]
        asked = time.mktime(time.strptime(date, "%Y%m%dT%H%M%SZ")) - time.timezone
        if abs(asked - time.time() - self.server.skew) > 900:
            return 403, "RequestTimeTooSkewed", "the clock is off"
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return 400, "XAmzContentSHA256Mismatch", "another body"
        asking = AWSRequest(method=self.command, data=body,
                            url=f"http://{self.headers['Host']}{self.path}",
                            headers={n: self.headers[n] for n in names})
        asking.context["timestamp"] = date
        judge = S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION)
        text = judge.string_to_sign(asking, judge.canonical_request(asking))
        if date[:8] != day or judge.signature(text, asking) != signature:
            return 403, "SignatureDoesNotMatch", "we computed another"
        return None

    # ---- s3rver ------------------------------------------------------------
    def pass_on(self, method, path, body=b""):
        link = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        sent = {n: v for n, v in self.headers.items()
                if n.lower() in PASSED_ON or n.lower().startswith("x-amz-meta-")}
        try:
            link.request(method, path, body or None, sent)
            got = link.getresponse()
            kept = [(n, v) for n, v in got.getheaders()
                    if n.lower() not in ("connection", "keep-alive", "transfer-encoding", "date")]
            data = got.read()
            if method != "HEAD":
                kept = [(n, v) for n, v in kept if n.lower() != "content-length"]
            return got.status, data, kept
        finally:
            link.close()

    def plain_path(self):
        """The path as if the bucket stood in it."""
        host = self.headers["Host"].split(":")[0]
        if host.endswith(".localhost"):
            return "/" + host[:-len(".localhost")] + self.path
        return self.path

    def list_in_pages(self):
        """A list cut into pages (s3rver cannot make a token with Node 22)."""
        address = urlsplit(self.plain_path())
        asked = dict(parse_qsl(address.query))
        begin, size = int(asked.pop("continuation-token", 0)), self.server.page
        status, data, kept = self.pass_on("GET", f"{address.path}?{urlencode(asked)}")
        entries = re.findall(rb"<Contents>.*?</Contents>", data, re.S)
        page = b"".join(entries[begin:begin + size])
        more = begin + size < len(entries)
        if more:
            page += b"<NextContinuationToken>%d</NextContinuationToken>" % (begin + size)
        data = re.sub(rb"<Contents>.*</Contents>", page, data, flags=re.S)
        return status, data.replace(b"<IsTruncated>false", b"<IsTruncated>%s" % (b"true" if more else b"false")), kept

    def store(self, path, body):
        if self.headers.get("If-None-Match") == "*":
            with writing:
                if self.pass_on("HEAD", path)[0] == 200:
                    return 412, xml("PreconditionFailed", "it is there"), []
                return self.pass_on("PUT", path, body)
        return self.pass_on(self.command, path, body)

    # ---- faults ------------------------------------------------------------
    def fault(self):
        with guard:
            for f in faults:
                if f["count"] > 0 and f["match"] in unquote(self.path) and \
                        self.command in f["methods"] and \
                        (f["mode"] != "noconditional" or "If-None-Match" in self.headers):
                    f["count"] -= 1
                    return f
        return None

    def fail(self, f, body):
        """Does what the fault says; False when the request goes on."""
        mode = f["mode"]
        if mode in ERRORS:
            self.error(*ERRORS[mode])
        elif mode == "cut":
            self.hang_up()
        elif mode == "half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            self.hang_up()
        elif mode == "lost":  # stored, but nobody hears of it
            self.store(self.plain_path(), body)
            self.hang_up()
        elif mode == "garbage":
            self.answer(503, b"<Error><Code>&evil;</Code>", [])
        elif mode == "changed":  # as if someone had touched what is stored
            status, data, kept = self.pass_on(self.command, self.plain_path())
            self.answer(status, data[:-1] + b"!", kept)
        elif mode == "slow":
            time.sleep(f["seconds"])
            return False
        return True

    # ---- requests ----------------------------------------------------------
    def control(self, body):
        if self.path == "/__journal":
            with guard:
                told, journal[:] = json.dumps(journal).encode(), []
            return self.answer(200, told)
        asked = json.loads(body)
        with guard:
            self.server.skew = asked.get("skew", 0)
            self.server.page = asked.get("page", 0)
            faults[:] = [{"match": "", "count": 1, "seconds": 0,
                          "methods": ["PUT", "GET", "HEAD"], **asked}] if "mode" in asked else []
        return self.answer(200, b"{}")

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.note = {}
        if self.path.startswith("/__"):
            return self.control(body)
        self.note = {"at": time.monotonic(), "method": self.command, "path": unquote(urlsplit(self.path).path),
                     "query": urlsplit(self.path).query, "size": len(body),
                     "headers": {n.lower(): v for n, v in self.headers.items()}}
        with guard:
            journal.append(self.note)
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
            self.note["at_once"] = self.server.now
        try:
            f = self.fault()
            if f and self.fail(f, body):
                return None
            bad = self.wrong(body)
            if bad:
                return self.error(*bad)
            if self.command == "PUT":
                return self.answer(*self.store(self.plain_path(), body))
            if self.server.page and "list-type=2" in self.path:
                return self.answer(*self.list_in_pages())
            return self.answer(*self.pass_on(self.command, self.plain_path()))
        finally:
            with guard:
                self.server.now -= 1

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = serve


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):  # a peer that hung up is no news
        pass


def main(words):
    server = Server(("127.0.0.1", 0), Handler)
    server.behind, server.skew, server.page, server.now, server.most = int(words[0]), 0, 0, 0, 0
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
