"""Jobs for tests: ordered and awaited as clients do."""
import contextlib
import os
import signal
import time
from pathlib import Path


def order(desk, data, caller=None, fields=None, headers=None, name="facture.pdf", kind="pdf"):
    """The answer to an order; data: bytes, or a list of them for images."""
    several = data if isinstance(data, list) else [data]
    files = [("file" if kind == "pdf" else "files", name if kind == "pdf" else f"page-{i}.jpg", d)
             for i, d in enumerate(several, 1)]
    sent = {**(caller.headers if caller else {}), **(headers or {})}
    return desk.upload(f"/v1/jobs/{kind}", files, fields, sent, key=caller is None)


def show(desk, task, caller=None, query=""):
    return desk.get(f"/v1/jobs/{task}{query}", headers=caller.headers if caller else {}, key=caller is None)


def wait(desk, task, caller=None, until=("succeeded", "failed", "cancelled"), seconds=60, query=""):
    """How the job stands once its status is one of those (or at the end of the time), as JSON."""
    end = time.monotonic() + seconds
    while True:
        answer = show(desk, task, caller, query)
        told = answer.json() if answer.status == 200 else {"status": answer.status}
        if told["status"] in until or time.monotonic() > end:
            return told
        time.sleep(0.05)


def poll(check, seconds=30):
    """check() until it is true, or the end of the time; its last value."""
    end = time.monotonic() + seconds
    while True:
        got = check()
        if got or time.monotonic() > end:
            return got
        time.sleep(0.05)


def children(pid):
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def below(desk):
    """Every process of the worker, its supervisor first."""
    todo = [int((desk.run / "pid" / "worker").read_text().split()[0])]
    for pid in todo:
        try:
            todo += children(pid)
        except OSError:  # it has gone
            pass
    return todo


def _readers(desk):
    """The document parent of the worker, and all below it."""
    found = []
    for pid in below(desk):
        try:
            if b"comptoir-documents" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:  # it has gone
            pass
    return found


def _stop(pid):
    """Returns when it stands, or is gone."""
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGSTOP)
        poll(lambda: Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1].split()[0] in "TZX")


@contextlib.contextmanager
def no_reading(desk):
    """Meanwhile the worker's document readers stand still: a job that reads runs
    until it is stopped."""
    held = []
    # Until there is no other: one may just have been made.
    while fresh := [pid for pid in _readers(desk) if pid not in held]:
        for pid in fresh:
            _stop(pid)
        held += fresh
    try:
        yield
    finally:
        for pid in held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
