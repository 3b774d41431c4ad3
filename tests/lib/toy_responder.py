#!/usr/bin/env python3
"""A toy for tests of the supervisor: serves one line a connection on the
socket it has as descriptor 0, and does what the line says.

who → "slot pid version omp"   crash → dies   slow S → answers after S seconds
deaf → from now on ignores TERM   ask → asks the companion who it is
As a companion (COMPTOIR_DOCUMENT_PARENT_FD) it answers its pid, after the
seconds it is asked to wait, and finishes what it holds when told to end."""
import os
import select
import signal
import socket
import sys
import time

VERSION = "1"
ending = False


def end(*_):
    global ending
    ending = True
    if not busy:
        sys.exit(0)


busy = False
signal.signal(signal.SIGTERM, end)


def companion(fd):
    global busy
    link = socket.socket(fileno=fd)
    while not ending:
        select.select([link], [], [])
        busy = True
        try:
            message, fds, _, _ = socket.recv_fds(link, 100, 1, socket.MSG_DONTWAIT)
        except BlockingIOError:  # the other companion was faster
            busy = False
            continue
        time.sleep(float(message or b"0"))
        with socket.socket(fileno=fds[0]) as back:
            back.send(str(os.getpid()).encode())
        busy = False


def ask_companion(seconds):
    link = socket.socket(fileno=os.dup(int(os.environ["COMPTOIR_DOCUMENT_FD"])))
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    socket.send_fds(link, [seconds.encode()], [theirs.fileno()])
    theirs.close()
    return mine.recv(100).decode() or "lost"


def answer(line):
    word, *rest = line.split() or [""]
    if word == "crash":
        os.abort()
    if word == "slow":
        time.sleep(float(rest[0]))
    if word == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if word == "ask":
        return ask_companion(rest[0] if rest else "0")
    return " ".join([os.environ["COMPTOIR_SLOT"], str(os.getpid()), VERSION,
                     os.environ.get("OMP_THREAD_LIMIT", "-")])


def responder():
    global busy
    listening = socket.socket(fileno=0)
    listening.setblocking(False)
    while not ending:
        select.select([listening], [], [])
        busy = True  # before it takes anything, or TERM could lose it
        try:
            link, _ = listening.accept()
        except BlockingIOError:
            busy = False
            continue
        with link:
            link.setblocking(True)
            link.sendall(answer(link.makefile().readline()).encode())
        busy = False


if "COMPTOIR_DOCUMENT_PARENT_FD" in os.environ and \
        "COMPTOIR_SLOT" not in os.environ:
    companion(int(os.environ["COMPTOIR_DOCUMENT_PARENT_FD"]))
else:
    responder()
