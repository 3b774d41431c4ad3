"""TAP for tests written in Python: ok, equal, skip, and done at the end."""
import sys

_count = 0
_failed = 0


def ok(good, name, note=""):
    """One test; note is shown when it fails. Returns whether it passed."""
    global _count, _failed
    _count += 1
    print(f"{'' if good else 'not '}ok {_count} - {name}")
    if not good:
        _failed += 1
        for line in str(note).splitlines()[:20]:
            print(f"# {line}")
    sys.stdout.flush()
    return bool(good)


def equal(got, want, name):
    return ok(got == want, name, f"got:  {got!r}\nwant: {want!r}")


def skip(name, why):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {why}")


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed or not _count else 0)
