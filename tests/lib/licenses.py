"""Licences for tests, made by comptoirctl as an operator would."""
import hashlib
import os
import re
import subprocess

from accounts import sql, value


def ctl(desk, *words, check=True):
    """What `comptoirctl license …` printed; (status, out, err) unchecked."""
    done = subprocess.run(
        [desk.home / "bin" / "comptoirctl", "--home", str(desk.home), "license", *map(str, words)],
        env={**os.environ, **desk.settings,
             "DATABASE_URL": desk.settings.get("DATABASE_URL") or
             f"host={desk.run / 'sock'} user=comptoir dbname=comptoir"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if not check:
        return done.returncode, done.stdout, done.stderr
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


class License:
    """One that was just made: key, id, headers; sql("…") changes its row.
    License.ids has those that this test made so far."""

    ids = []

    def __init__(self, desk, client="Société Test", **options):
        self.desk = desk
        if not options.keys() & {"plan", "quota", "billing"}:
            options["plan"] = "pro"
        words = [w for k, v in options.items() for w in ("--" + k.replace("_", "-"), v)]
        out = ctl(desk, "generate", "--client", client, *words)
        self.client, self.key = re.fullmatch(r"(.*): (\S+)\n", out).groups()
        self.hash = hashlib.sha256(self.key.encode()).hexdigest()
        self.id = int(value(desk, f"SELECT id FROM license WHERE key_hash = '{self.hash}'"))
        self.ids.append(self.id)
        self.headers = {"X-License-Key": self.key}

    def sql(self, change):
        sql(self.desk, f"UPDATE license SET {change} WHERE id = {self.id}")

    def status(self, **more):
        return self.desk.get("/api/v1/license/status", headers={**self.headers, **more})
