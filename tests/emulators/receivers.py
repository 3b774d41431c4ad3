#!/usr/bin/env python3
"""Receivers of webhooks on the loopback, good ones and every kind of bad one,
which remember what they were sent; standard library only.

Tests:   r = Receiver("hang"); r.url, r.port, r.got; r.how = "good" (from now on)
By hand: tests/emulators/receivers.py good 8088   prints what it gets
"""
import json
import multiprocessing
import socket
import ssl
import sys
import threading
import time

ANSWER = b"HTTP/1.1 %s\r\nContent-Length: 2\r\nConnection: close\r\n%s\r\nok"
HUGE = 10 * 1000 ** 3
PATIENCE = 120  # seconds that a bad one keeps a caller at most


class Request:
    def __init__(self, head, body):
        self.at, self.wall = time.monotonic(), time.time()
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = lines[0].split(" ")
        self.headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        self.body = body

    def json(self):
        return json.loads(self.body)


def read_request(link):
    """The request of a connection, or None when it ended before."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")))
    while len(body) < length:
        more = link.recv(65536)
        if not more:
            return None
        body += more
    return Request(head, body)


# ---- what each does with a request that it has read ---------------------------

def plain(status, header=b""):
    return lambda r, link: link.sendall(ANSWER % (status, header))


def hang(r, link):
    r.over.wait(PATIENCE)


def drip(r, link):
    """One byte a second, for ever."""
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000:
        link.sendall(bytes([byte]))
        if r.over.wait(1):
            return


def drip_body(r, link):
    """At once a 200, then one byte a second."""
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not r.over.wait(1):
        link.sendall(b"x")


def huge(r, link):
    """10 GB as fast as they are taken; r.sent is how many were."""
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % HUGE)
    block = b"x" * 65536
    for _ in range(HUGE // len(block)):
        link.sendall(block)
        r.sent += len(block)


def endless_headers(r, link):
    link.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        link.sendall(b"X-More: of the same\r\n")


def redirect(r, link):
    """To an address inside; to one that would take it when to is set."""
    link.sendall(ANSWER % (b"307 Elsewhere", b"Location: %s\r\n" % (r.to or "http://169.254.169.254/").encode()))


def noise(r, link):
    link.sendall(b"\x00\x01\x02 no HTTP at all\r\n\r\n")


AFTER = {"good": plain(b"200 OK"), "created": plain(b"201 Created"), "gone": plain(b"410 Gone"),
         "fails": plain(b"500 Broken"), "refuses": plain(b"400 No"),
         "slow_down": plain(b"429 Too Many", b"Retry-After: 40\r\n"), "away": plain(b"503 Away", b"Retry-After: 30\r\n"),
         "hang": hang, "drip": drip, "drip_body": drip_body, "huge": huge, "endless_headers": endless_headers,
         "redirect": redirect, "noise": noise, "early": lambda r, link: None}


# ---- what each does before ----------------------------------------------------

def broken_tls(r, link):
    """Takes the greeting of TLS and answers with something else."""
    link.recv(4096)
    link.sendall(b"\x16\x03\x03\x00\x04nope")


def silent_tls(r, link):
    """Takes the greeting of TLS and says nothing."""
    link.recv(4096)
    r.over.wait(PATIENCE)


BEFORE = {"broken_tls": broken_tls, "silent_tls": silent_tls, "mute": hang,
          "shut": lambda r, link: None}


class Receiver:
    """One port. how: a word of AFTER or BEFORE, or a function(receiver, link).
    tls: (certificate, key) files. got: its requests; calls: its connections."""

    def __init__(self, how="good", port=0, tls=None):
        self.how, self.to, self.sent = how, None, 0
        self.got, self.calls = [], 0
        self.over = threading.Event()
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        self.socket = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = self.socket.getsockname()[1]
        scheme = "https" if tls or how in ("broken_tls", "silent_tls") else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        try:
            with link:
                link.settimeout(PATIENCE)
                how = self.how
                if how in BEFORE:
                    BEFORE[how](self, link)
                    return
                if self.tls:
                    link = self.tls.wrap_socket(link, server_side=True)
                request = read_request(link)
                if request:
                    self.got.append(request)
                    (AFTER[how] if isinstance(how, str) else how)(self, link)
        except OSError:
            pass

    def ids(self):
        return [r.headers.get("webhook-id") for r in self.got]

    def stop(self):
        self.over.set()
        self.socket.shutdown(socket.SHUT_RDWR)  # ends the accept that waits
        self.socket.close()


def _farm(hows, pipe):
    receivers = [Receiver(how) for how in hows]
    pipe.send([r.url for r in receivers])
    while pipe.recv():
        pipe.send([(r.how, r.calls, r.sent) for r in receivers])


class Farm:
    """Many receivers in a process of their own, so that they take no time from
    the test: urls; seen() gives (how, calls, sent) of each."""

    def __init__(self, hows):
        self.pipe, theirs = multiprocessing.Pipe()
        multiprocessing.Process(target=_farm, args=(hows, theirs), daemon=True).start()
        self.urls = self.pipe.recv()

    def seen(self):
        self.pipe.send(True)
        return self.pipe.recv()


def main(words):
    receiver = Receiver(words[0] if words else "good", int(words[1]) if len(words) > 1 else 0)
    print(receiver.url, flush=True)
    shown = 0
    while True:
        time.sleep(0.2)
        for request in receiver.got[shown:]:
            print(request.method, request.path, json.dumps(request.headers), request.body.decode("utf-8", "replace"), flush=True)
            shown += 1


if __name__ == "__main__":
    main(sys.argv[1:])
