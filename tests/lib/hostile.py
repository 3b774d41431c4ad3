"""Addresses that a caller may name in order to reach the inside of the desk's
network: as addresses, in every spelling that some parser takes, by names of
the inside, by another scheme, and by what two parsers read differently."""

HOSTS = ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]",
         "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254",
         "[fe80::1]", "[fe80::1%25eth0]", "[fd00:ec2::254]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
         "0x7f000001", "017700000001", "[2002:7f00:1::]", "[2001::7f00:1]", "[2001:db8::1]", "224.0.0.1",
         "255.255.255.255", "192.0.2.1", "198.18.0.1", "metadata", "metadata.google.internal", "printer.local",
         "127.0.0.1.", "LOCALHOST", "%31%32%37.0.0.1", "\u2460\u2461\u2466.0.0.1")
ADDRESSES = tuple(f"http://{host}/hook" for host in HOSTS) + (
    "https://user@example.org/", "https://user:pw@example.org/", "http://example.org@127.0.0.1/",
    "http://127.0.0.1#@example.org/", "https://example.org/#x", "http://example.org\\@127.0.0.1/",
    "https://example.org:22/", "https://example.org:6379/", "https://example.org:0/", "https://example.org:99999/",
    "file:///etc/passwd", "gopher://example.org/_x", "dict://example.org/d", "ftp://example.org/x",
    "javascript:alert(1)", "//example.org/", "https:///x", "https://exa mple.org/")
