"""One responder alone on a private socket, without nginx: for tests that
send parameters nginx would not, or that kill what stands beside it."""
import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import fastcgi

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / os.environ.get("B", "build")
DEADLINE_S = 30  # of what comes at once on a machine at rest


def wait_until(what, seconds=DEADLINE_S):
    """True as soon as what() is true; False after the deadline."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.01)
    return False


def accepts(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        try:
            s.connect(str(path))
            return True
        except OSError:
            return False


def descriptors(pid):
    """What a process holds open, in words, sorted: ['anon_inode:[eventpoll]',
    …, 'socket', 'socket']."""
    held = (os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return sorted("socket" if name.startswith("socket:") else name for name in held)


def folder():
    path = Path(tempfile.mkdtemp(prefix="responder-", dir="/tmp"))
    atexit.register(shutil.rmtree, path, True)
    return path


def _end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


class Memcached:
    """None of the methods may be called where there is no memcached."""

    def __init__(self, at):
        self.socket = at / "mc"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["memcached", "-s", self.socket, "-U", "0", "-m", "8",
             *(["-u", "root"] if os.getuid() == 0 else [])],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(_end, self.process)
        assert wait_until(lambda: accepts(self.socket))

    def stop(self):
        _end(self.process)

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)  # all its threads stand

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


class Responder:
    """processes share one listening socket, as under the supervisor."""

    def __init__(self, family, run=None, processes=1, **settings):
        self.run = run or folder()
        self.socket = self.run / f"{family}.sock"
        self.log_file = self.run / "log.json"
        (self.run / "metrics").mkdir(exist_ok=True)
        env = {"PATH": os.environ["PATH"], "COMPTOIR_RUN": self.run,
               "LOG_FILE": self.log_file,
               "LIMITS_FILE": TOP / "lib" / "web" / "limits.tsv",
               **{k: v for k, v in os.environ.items()
                  if k.endswith("SAN_OPTIONS")},
               **settings}
        self.env = {k: str(v) for k, v in env.items()}
        self.program = BUILD / "bin" / f"comptoir-{family}"
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.socket))
        self.listener.listen(128)
        self.processes = [self.spawn(i) for i in range(processes)]

    def spawn(self, slot):
        process = subprocess.Popen(
            [self.program], stdin=self.listener,
            env={**self.env, "COMPTOIR_SLOT": str(slot)})
        atexit.register(_end, process)
        return process

    def call(self, uri="/", **more):
        return fastcgi.call(str(self.socket), uri=uri, **more)

    def log(self):
        return self.log_file.read_text() if self.log_file.exists() else ""


def limits(at, *rows):
    """A table of limits: rows of (name, count, window_s, on_failure)."""
    path = at / "limits.tsv"
    path.write_text("".join("\t".join(map(str, row)) + "\ttest\n"
                            for row in rows))
    return path
