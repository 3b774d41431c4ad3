"""A real S3 server for tests: the npm package s3rver with s3_faults.py before
it, which checks signatures and fails where it is told to; and Debian's awscli
to look at it from outside."""
import atexit
import fcntl
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / os.environ.get("B", "build")
OWN = TOP / "tests" / "emulators" / "s3"
PYTHON = "/usr/bin/python3"  # Debian's own, which python3-botocore is for
BUCKET, KEY, SECRET, REGION = "runs", "S3RVER", "S3RVER", "eu-test-1"
SECONDS = 30


def missing():
    """What this machine lacks for it, or None."""
    for program in ("npm", "node", "/usr/bin/aws", PYTHON):
        if not shutil.which(program):
            return f"no {program}"
    if subprocess.run([PYTHON, "-c", "import botocore"], capture_output=True).returncode:
        return "no python3-botocore"
    return None


def installed():
    """Folder of s3rver, as the lock file says; installed once a build."""
    at = BUILD / "s3rver"
    at.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "s3rver.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (OWN / "package-lock.json").read_bytes()
        stamp = at / "installed"
        if not stamp.exists() or stamp.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(OWN / name, at / name)
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit",
                            "--no-fund"], cwd=at, check=True, timeout=240,
                           stdout=subprocess.DEVNULL)
            stamp.write_bytes(wanted)
    return at


class S3:
    def __init__(self):
        self.base = Path(tempfile.mkdtemp(prefix="s3-", dir="/tmp"))
        self.processes = []
        atexit.register(self.stop)
        (self.base / "data").mkdir()
        self.behind = self._s3rver()
        self.port = self._faults()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "DO_SPACES_KEY": KEY, "DO_SPACES_SECRET": SECRET,
            "DO_SPACES_REGION": REGION, "DO_SPACES_ENDPOINT": self.endpoint,
            "DO_SPACES_BUCKET": BUCKET}

    def _s3rver(self):
        out = open(self.base / "s3rver.log", "w+")
        self.processes.append(subprocess.Popen(
            ["node", installed() / "node_modules" / "s3rver" / "bin" / "s3rver.js",
             "-d", self.base / "data", "-a", "127.0.0.1", "-p", "0",
             "--configure-bucket", BUCKET],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            told = (self.base / "s3rver.log").read_text()
            if "listening on" in told:
                line = [x for x in told.splitlines() if "listening on" in x][0]
                return int(line.rsplit(":", 1)[1].strip().rstrip("/"))
            time.sleep(0.05)
        raise RuntimeError("s3rver did not start: " + told)

    def _faults(self):
        p = subprocess.Popen([PYTHON, TOP / "tests" / "emulators" / "s3_faults.py",
                              str(self.behind)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, text=True)
        self.processes.append(p)
        return int(p.stdout.readline())

    def _control(self, method, path, body=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            link.request(method, path, json.dumps(body) if body is not None else None)
            return json.loads(link.getresponse().read())
        finally:
            link.close()

    def fail(self, mode=None, **how):
        """Sets the one fault (match, count, seconds, methods), or none;
        page=N: lists come in pages of N, skew=S: its clock is off."""
        self._control("POST", "/__faults", {**({"mode": mode} if mode else {}), **how})

    def journal(self):
        """What was asked since the last look."""
        return self._control("GET", "/__journal")

    def aws(self, *words):
        """Debian's awscli, against s3rver through the checks; its answer."""
        done = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url", self.endpoint, "--region", REGION,
             "--output", "json", *words], capture_output=True, text=True, timeout=60,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.base),
                 "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
                 "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""})
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def get(self, key):
        """An object's bytes and metadata, as awscli reads them."""
        to = self.base / "got"
        head = self.aws("s3api", "get-object", "--bucket", BUCKET, "--key", key, str(to))
        return to.read_bytes(), head["Metadata"]

    def keys(self, prefix=""):
        told = self.aws("s3api", "list-objects-v2", "--bucket", BUCKET, "--prefix", prefix)
        return sorted(o["Key"] for o in told.get("Contents", []))

    def stop(self):
        for p in reversed(self.processes):
            p.terminate()
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
        shutil.rmtree(self.base, ignore_errors=True)
