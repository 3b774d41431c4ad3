"""Accounts for tests, made in the desk's own database: for tests of routes
that come after signing in. Signing up and in have tests of their own."""
import base64
import hashlib
import hmac
import json
import os
import secrets
import subprocess
import time
import zlib
from pathlib import Path

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def sql(desk, text, role=None):
    """Rows of text columns, as psql prints them; an error raises."""
    words = ["psql", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1",
             desk.settings.get("DATABASE_URL", f"host={desk.run}/sock user=comptoir dbname=comptoir")]
    if role:
        words += ["-c", f"SET ROLE {role}"]
    done = subprocess.run(words + ["-c", text], capture_output=True, text=True,
                          timeout=60, env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def value(desk, text):
    rows = sql(desk, text)
    return rows[0][0] if rows else None


def dump(desk):
    """The whole database as a backup would hold it, as bytes."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    return subprocess.run([programs[-1], "-h", desk.run / "sock", "-U", "comptoir", "comptoir"],
                          capture_output=True, check=True, timeout=120).stdout


def _b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(desk, claims, header=None, secret=None):
    """A token signed as the desk would, from its JWT_SECRET_KEY."""
    named = desk.settings["JWT_SECRET_KEY"].split(",")[0]
    kid, _, own = named.partition(":")
    parts = [_b64(json.dumps(header or {"alg": "HS256", "typ": "JWT", "kid": kid},
                             separators=(",", ":")).encode()),
             _b64(json.dumps(claims, separators=(",", ":")).encode())]
    text = ".".join(parts)
    mac = hmac.new((secret or own).encode(), text.encode(), hashlib.sha256).digest()
    return text + "." + _b64(mac)


def _checksum(text):
    crc, out = zlib.crc32(text.encode()), ""
    for _ in range(6):
        out, crc = BASE62[crc % 62] + out, crc // 62
    return out


class User:
    """A row of users with a session and a token: user.headers sends it."""

    def __init__(self, desk, role="user", tenant=None, email=None):
        self.desk = desk
        self.role = role
        mark = secrets.token_hex(6)
        self.email = email or f"{role}-{mark}@example.org"
        self.tenant = tenant or int(value(
            desk, f"INSERT INTO tenants (name, email) VALUES ('T {mark}', '{self.email}') RETURNING id"))
        self.id = int(value(
            desk, "INSERT INTO users (tenant_id, username, email, full_name, role) VALUES "
                  f"({self.tenant}, '{self.email}', '{self.email}', 'Test {mark}', '{role}') RETURNING id"))
        self.session = int(value(
            desk, "INSERT INTO user_sessions (user_id, source, expires_at) VALUES "
                  f"({self.id}, 'web', now() + interval '7 days') RETURNING id"))

    def claims(self, **more):
        now = int(time.time())
        return {"sub": str(self.id), "tenant_id": self.tenant, "role": self.role, "ver": 1,
                "sid": str(self.session), "iat": now, "exp": now + 600, "iss": "comptoir",
                "aud": "comptoir-api", "token_use": "access", **more}

    @property
    def token(self):
        return jwt(self.desk, self.claims())

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def call(self, method, path, body=None, **headers):
        """A request of this user; body is sent as JSON."""
        sent = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.desk.request(method, path, body, sent)

    def key(self, *scopes):
        """A new API key of this user with those scopes, as text."""
        body = "cpt_live_" + "".join(secrets.choice(BASE62) for _ in range(43))
        text = body + _checksum(body)
        digest = hashlib.sha256(text.encode()).hexdigest()
        listed = ",".join(f"'{s}'" for s in scopes)
        sql(self.desk, "INSERT INTO api_keys (tenant_id, user_id, name, prefix, last4, hash, scopes) VALUES "
                       f"({self.tenant}, {self.id}, 'test', '{text[:12]}', '{text[-4:]}', '{digest}', "
                       f"ARRAY[{listed}])")
        return text
