#!/usr/bin/env python3
"""A mail relay on the loopback that checks every command it is sent and fails
where it is told to; standard library only.

Tests:   relay = Relay(); relay.fail = "rcpt"; relay.url; relay.mails; relay.faults
By hand: tests/emulators/smtp.py [FAIL]   prints SMTP_URL=…, then each mail
"""
import base64
import email
import email.policy
import re
import socketserver
import ssl
import sys
import threading

USER, PASSWORD = "desk", "relay-pässword"
ADDRESS = r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]+)>"
# Where it can fail, and what it then says; "" hangs up, None keeps silent.
FAILURES = {"greeting": "554 go away", "drop": "", "silent": None,
            "ehlo": "502 what", "auth": "535 5.7.8 wrong", "from": "451 later",
            "rcpt": "550 5.1.1 no such user", "data": "452 full",
            "body": "554 spam", "cut": "", "garbage": "hello there"}


class Session(socketserver.StreamRequestHandler):
    timeout = 20

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def fault(self, text):
        self.server.relay.faults.append(text)
        self.say("500 " + text)

    def failing(self, where):
        """Fails here if told to; True when it did."""
        if self.server.relay.fail != where:
            return False
        said = FAILURES[where]
        if said is None:
            self.server.relay.hold.wait(20)
        elif said:
            self.say(said)
        return True

    def line(self):
        raw = self.rfile.readline(2048)
        if raw and not raw.endswith(b"\r\n"):
            self.server.relay.faults.append(f"line without CRLF: {raw!r}")
        return raw.decode("ascii", "replace").rstrip("\r\n")

    def handle(self):
        relay = self.server.relay
        self.state, self.sender, self.to, self.authed = "start", None, [], False
        relay.sessions += 1
        if any(self.failing(w) for w in ("greeting", "drop", "silent", "garbage")):
            return
        self.say("220 emulator ESMTP")
        while True:
            line = self.line()
            if not line:
                return
            relay.commands.append(line)
            word = line.split(" ")[0].upper()
            step = getattr(self, "do_" + word.lower(), None)
            if step is None:
                self.fault(f"unknown command {line!r}")
            elif step(line) is False:
                return

    def do_ehlo(self, line):
        if self.failing("ehlo"):
            return None
        if not re.fullmatch(r"EHLO [A-Za-z0-9.\[\]:-]+", line):
            return self.fault("bad EHLO")
        self.state = "hello"
        self.say("250-emulator")
        if self.server.relay.user:
            self.say("250-AUTH PLAIN LOGIN")
        self.say("250 8BITMIME")
        return None

    def do_helo(self, line):
        self.state = "hello"
        self.say("250 emulator")

    def do_auth(self, line):
        if self.failing("auth"):
            return None
        words = line.split(" ")
        if self.state != "hello" or words[1].upper() != "PLAIN":
            return self.fault("AUTH of another kind or out of order")
        if len(words) == 3:
            code = words[2]
        else:
            self.say("334 ")
            code = self.line()
        if base64.b64decode(code) != f"\0{USER}\0{PASSWORD}".encode():
            self.say("535 wrong")
            return None
        self.authed = True
        self.say("235 welcome")
        return None

    def do_mail(self, line):
        if self.failing("from"):
            return None
        found = re.fullmatch(r"MAIL FROM:" + ADDRESS + r"(?: [A-Z0-9=]+)*", line)
        if self.state != "hello" or not found:
            return self.fault("bad MAIL FROM, or out of order")
        if self.server.relay.user and not self.authed:
            return self.fault("no AUTH")
        self.sender, self.state = found[1], "mail"
        self.say("250 ok")
        return None

    def do_rcpt(self, line):
        if self.failing("rcpt"):
            return None
        found = re.fullmatch(r"RCPT TO:" + ADDRESS, line)
        if self.state not in ("mail", "rcpt") or not found:
            return self.fault("bad RCPT TO, or out of order")
        self.to.append(found[1])
        self.state = "rcpt"
        self.say("250 ok")
        return None

    def do_data(self, line):
        if self.failing("data"):
            return None
        if line != "DATA" or self.state != "rcpt":
            return self.fault("DATA out of order")
        self.say("354 go on")
        if self.server.relay.fail == "cut":
            return False
        raw = self.body()
        if raw is None or self.failing("body"):
            return None
        self.server.relay.take(self.sender, self.to, raw)
        self.state, self.to = "hello", []
        self.say("250 taken")
        return None

    def body(self):
        raw = b""
        while True:
            row = self.rfile.readline(4096)
            if not row:
                self.server.relay.faults.append("the message has no end")
                return None
            if row == b".\r\n":
                return raw
            if not row.endswith(b"\r\n") or len(row) > 1000 or b"\0" in row:
                self.server.relay.faults.append(f"bad line {row!r}")
            raw += row[1:] if row.startswith(b"..") else row

    def do_rset(self, line):
        self.state = "hello"
        self.say("250 ok")

    def do_quit(self, line):
        self.say("221 bye")
        return False


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    tls = None

    def get_request(self):
        sock, address = super().get_request()
        return (self.tls.wrap_socket(sock, server_side=True) if self.tls else sock), address

    def handle_error(self, request, address):
        pass  # a caller that hangs up is one of the cases


class Relay:
    """mails: list of {"from", "to", "message" (email.message), "raw"}."""

    def __init__(self, user=False, tls=None):
        self.fail, self.user = None, user
        self.mails, self.faults, self.commands, self.sessions = [], [], [], 0
        self.hold = threading.Event()
        self.arrived = threading.Condition()
        self.server = Server(("127.0.0.1", 0), Session)
        self.server.relay = self
        if tls:  # (certificate, key)
            self.server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.server.tls.load_cert_chain(*tls)
        scheme = "smtps" if tls else "smtp"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, sender, to, raw):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version"):
            if len(message.get_all(name, [])) != 1:
                self.faults.append(f"{name} {len(message.get_all(name, []))} times")
        self.faults.extend(str(d) for d in message.defects)
        try:
            raw.decode("ascii")
        except UnicodeDecodeError:
            self.faults.append("a message that is not ASCII")
        with self.arrived:
            self.mails.append({"from": sender, "to": to, "message": message, "raw": raw})
            self.arrived.notify_all()

    def wait(self, count=1, seconds=20):
        """The mails, as soon as there are so many; fewer after the deadline."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.mails) >= count, seconds)
        return self.mails

    def stop(self):
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()


def main(words):
    relay = Relay()
    relay.fail = words[0] if words else None
    print(f"SMTP_URL={relay.url}", flush=True)
    shown = 0
    while True:
        relay.wait(shown + 1, 3600)
        for mail in relay.mails[shown:]:
            print(mail["raw"].decode(), flush=True)
        shown = len(relay.mails)


if __name__ == "__main__":
    main(sys.argv[1:])
