"""PostgreSQL servers for tests of what happens when one dies: a primary, and
a standby that follows it by streaming replication."""
import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
SETTINGS = """
include '{shipped}'
listen_addresses = ''
unix_socket_directories = '{at}'
fsync = off
wal_log_hints = on
wal_keep_size = 256MB
hot_standby = on
synchronous_standby_names = '{synchronous}'
"""


def _as_nobody():
    """The server refuses to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


def _give(path):
    if os.getuid() == 0:
        shutil.chown(path, "nobody", "nogroup")


def run(*words, check=True):
    done = subprocess.run([BIN / words[0], *words[1:]], cwd="/tmp", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120, **_as_nobody())
    if check and done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stdout}")
    return done.stdout


class Server:
    """A cluster in a folder of its own, which ends with the test. Its socket
    lies in that folder: host={server.at}."""

    def __init__(self, name):
        self.at = Path(tempfile.mkdtemp(prefix=f"postgres-{name}-", dir="/tmp"))
        self.at.chmod(0o711)
        self.data, self.name = self.at / "data", name
        _give(self.at)
        atexit.register(self.remove)

    def make(self):
        run("initdb", "-D", self.data, "-U", "comptoir", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")

    def follow(self, primary):
        """Becomes a copy of primary, and its standby."""
        run("pg_basebackup", "-D", self.data, "-h", primary.at, "-U", "comptoir", "-R", "-X", "stream", "-c", "fast",
            "-d", f"application_name={self.name}")

    def rewind(self, primary):
        """One that was primary becomes a standby of the present one."""
        primary.value("CHECKPOINT")  # else its control file may still name the timeline before its promotion
        run("pg_rewind", "-D", self.data, "--source-server", f"host={primary.at} user=comptoir dbname=postgres", "-R")
        with open(self.data / "postgresql.auto.conf", "a", encoding="utf-8") as conf:
            conf.write(f"primary_conninfo = 'host={primary.at} user=comptoir application_name={self.name}'\n")

    def _configure(self, synchronous):
        conf = self.data / "test.conf"
        conf.write_text(SETTINGS.format(shipped=TOP / "spawn" / "postgresql.conf", at=self.at, synchronous=synchronous))
        _give(conf)

    def start(self, synchronous=""):
        """synchronous: the standbys that each commit waits for."""
        self._configure(synchronous)
        main = self.data / "postgresql.conf"
        if "test.conf" not in main.read_text():
            with open(main, "a", encoding="utf-8") as more:
                more.write("include 'test.conf'\n")
        run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.at / "log", "start")

    def wait_for(self, standbys):
        """From now on each commit waits for these."""
        self._configure(standbys)
        run("pg_ctl", "-D", self.data, "reload")

    def promote(self):
        run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def value(self, text, database="postgres"):
        return run("psql", "-qXAt", "-h", self.at, "-U", "comptoir", "-d", database, "-c", text).strip()

    # ---- its end ------------------------------------------------------------

    def _processes(self):
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    def _signal(self, number):
        for pid in self._processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # it has just ended

    def kill(self):
        """As when its host loses power: no process of it says another word."""
        self._signal(signal.SIGKILL)

    def freeze(self):
        """As when its host can no longer be reached: connections stay open."""
        self._signal(signal.SIGSTOP)

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            try:
                self.kill()
            except OSError:
                pass  # it was dead
        shutil.rmtree(self.at, ignore_errors=True)
