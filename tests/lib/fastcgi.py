"""A small FastCGI client: speaks to a responder's socket without nginx.

Used by API tests that need exact parameters, and by nothing else.
"""
import socket
import struct


def _name_value(name, value):
    def size(n):
        return struct.pack("!B", n) if n < 128 else struct.pack("!I", n | 1 << 31)
    return size(len(name)) + size(len(value)) + name + value


def _records(kind, data):
    for i in range(0, len(data), 65535):
        part = data[i:i + 65535]
        yield struct.pack("!BBHHBB", 1, kind, 1, len(part), 0, 0) + part
    yield struct.pack("!BBHHBB", 1, kind, 1, 0, 0, 0)


def _read_exactly(sock, n):
    data = b""
    while len(data) < n:
        part = sock.recv(n - len(data))
        if not part:
            raise ConnectionError("responder closed the connection")
        data += part
    return data


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.headers = []
        for line in head.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(": ")
            self.headers.append((name.lower(), value))
        self.status = int(self.header("status", "200").split()[0])

    def header(self, name, default=None):
        for key, value in self.headers:
            if key == name.lower():
                return value
        return default


def call(path, method="GET", uri="/", headers=None, body=b"", timeout=30, **params):
    """One request; params override CGI parameters (None removes one)."""
    env = {
        "REQUEST_METHOD": method, "DOCUMENT_URI": uri.partition("?")[0],
        "QUERY_STRING": uri.partition("?")[2], "REMOTE_ADDR": "127.0.0.1",
        "HTTPS": "on", "HTTP_HOST": "localhost", "SERVER_NAME": "localhost",
        "CONTENT_LENGTH": str(len(body)) if body else "", "CONTENT_TYPE": "",
    }
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        env[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key] = value
    env.update(params)
    packed = b"".join(_name_value(k.encode(), str(v).encode("utf-8", "surrogateescape"))
                      for k, v in env.items() if v is not None)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(timeout)
        s.connect(path)
        s.sendall(struct.pack("!BBHHBB", 1, 1, 1, 8, 0, 0) + struct.pack("!HB5x", 1, 0))
        for record in list(_records(4, packed)) + list(_records(5, body)):
            s.sendall(record)
        out = b""
        while True:
            _, kind, _, n, pad, _ = struct.unpack("!BBHHBB", _read_exactly(s, 8))
            data = _read_exactly(s, n + pad)[:n]
            if kind == 6:
                out += data
            elif kind == 3:
                return Answer(out)
