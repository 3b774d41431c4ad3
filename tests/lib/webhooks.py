"""Webhooks for tests: news put in line in the desk's own database, as a job
that ends puts them, and what became of them."""
import hashlib
import json
import time
import uuid
from urllib.parse import urlsplit

from accounts import sql, value


def until(what, seconds=30, every=0.05):
    """What it gives as soon as that is true; its last answer when time is up."""
    end = time.monotonic() + seconds
    while True:
        got = what()
        if got or time.monotonic() > end:
            return got
        time.sleep(every)


def origin_of(url):
    at = urlsplit(url)
    return f"{at.scheme}://{at.hostname}:{at.port or (443 if at.scheme == 'https' else 80)}"


def statements(owner, url, body, event="success", tenant=None, origin=None):
    """(SQL, webhook id): one more delivery, its body and its job. origin: for
    an address that this program cannot read."""
    task = str(uuid.uuid4())
    text = json.dumps({"task_id": task, "status": event, **body}, separators=(",", ":")).encode()
    origin = origin or origin_of(url)
    name, who = f"evt_{task}_{event}", tenant or "NULL"
    return f"""
        WITH e AS (SELECT id FROM webhook_endpoint_of('{owner}', {who}, '{origin}')),
             b AS (INSERT INTO blob (owner, tenant_id, task_id, name, media, size, sha256, expires_at)
                   VALUES ('{owner}', {who}, '{task}', 'webhook/{event}', 'application/json', {len(text)},
                           '{hashlib.sha256(text).hexdigest()}', now() + interval '7 days') RETURNING id),
             p AS (INSERT INTO blob_part (blob_id, n, bytes) SELECT b.id, 0, decode('{text.hex()}', 'hex') FROM b),
             d AS (INSERT INTO webhook_delivery (id, endpoint_id, owner, tenant_id, task_id, event, url, blob_id, size)
                   SELECT '{name}', e.id, '{owner}', {who}, '{task}', '{event}', '{url}', b.id, {len(text)} FROM e, b)
        INSERT INTO job (lane, kind, owner, tenant_id, priority, payload, unique_key, attempts_max)
        SELECT 'net', 'webhook', '{owner}', {who}, 1, jsonb_build_object('delivery', '{name}', 'endpoint', e.id),
               'webhook:{name}', 10 FROM e;""", name


def tell(desk, owner, url, body=None, **more):
    """One delivery; its webhook id."""
    text, name = statements(owner, url, body or {}, **more)
    sql(desk, text)
    return name


def state(desk, name):
    """[state, tries, last_status, last_error] as text."""
    return sql(desk, "SELECT state, tries, coalesce(last_status::text, ''), coalesce(last_error, '') "
                     f"FROM webhook_delivery WHERE id = '{name}'")[0]


def tried(desk, name, times=1, seconds=40):
    """Its state once it was tried so often (or ended)."""
    until(lambda: value(desk, f"SELECT tries >= {times} OR state <> 'pending' FROM webhook_delivery WHERE id = '{name}'") == "t",
          seconds)
    return state(desk, name)


def hurry(desk):
    """Whatever waits for later is due, receivers are left alone no more."""
    sql(desk, "UPDATE webhook_endpoint SET paused_until = NULL; UPDATE job SET run_at = now() WHERE is_delayed")
