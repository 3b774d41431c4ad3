"""Clients that order invoice jobs while parts of the system die, and the
judgement of what came of it."""
import http.client
import secrets
import threading
import time

import samples
from accounts import value
from billing import lines, meter, problems
from tap import equal

LONGEST_S = 90
PDF = samples.pdf("S1")


class Orders(threading.Thread):
    """One client: orders until told to stop, each order until it is accepted;
    then polls until each has ended. What is not answered is sent again, as a
    client should; how long nothing was answered is noted (longest, seconds)."""

    def __init__(self, front, user):
        super().__init__(daemon=True)
        self.front, self.user, self.stopping = front, user, threading.Event()
        self.accepted, self.told, self.longest, self.wrong = [], {}, 0.0, []

    def insist(self, send, good):
        since = time.monotonic()
        while time.monotonic() - since < LONGEST_S:
            try:
                answer = send()
                if answer.status == good:
                    self.longest = max(self.longest, time.monotonic() - since)
                    return answer
                if answer.status < 500 and answer.status != 409:
                    self.wrong.append(repr(answer))
                    return None
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        self.wrong.append("no answer")
        return None

    def run(self):
        while not self.stopping.is_set():
            headers = {**self.user.headers, "Idempotency-Key": secrets.token_hex(16)}
            answer = self.insist(lambda: self.front.upload("/v1/jobs/pdf", [("file", "a.pdf", PDF)], {"strict": "false"}, headers,
                                                           key=False), 202)
            if answer:
                self.accepted.append(answer.json()["task_id"])
            self.poll_one()
        while len(self.told) < len(self.accepted) and not self.wrong:
            self.poll_one()
            time.sleep(0.05)

    def poll_one(self):
        task = next((t for t in self.accepted if t not in self.told), None)
        answer = task and self.insist(lambda: self.front.get(f"/v1/jobs/{task}?reports=link", headers=self.user.headers), 200)
        if answer and answer.json()["status"] in ("succeeded", "failed", "cancelled"):
            self.told[task] = answer.json()


def settle(desk, user, clients):
    """Ends the load, awaits every order and shows that none was lost or done
    twice; what each job told at its end, by task."""
    for c in clients:
        c.stopping.set()
    for c in clients:
        c.join(LONGEST_S)
    accepted = [t for c in clients for t in c.accepted]
    told = {t: j for c in clients for t, j in c.told.items()}
    print(f"# {len(accepted)} orders; longest without an answer {max(c.longest for c in clients):.1f} s; "
          f"begun again: {sum(j['attempt'] > 1 for j in told.values())}")
    equal([w for c in clients for w in c.wrong], [], "every client was served in the end")
    equal((len(set(accepted)), {j["status"] for j in told.values()}), (len(accepted), {"succeeded"}),
          "every order that was accepted is done")
    equal(value(desk, "SELECT count(*) FROM job_seen"), str(len(accepted)), "no order was taken twice")
    equal(lines(desk, user), (len(accepted), len(accepted)), "each is charged once")
    equal((meter(desk, user)[1], problems(desk)), (0, []), "nothing is held, and the meters agree")
    return told
