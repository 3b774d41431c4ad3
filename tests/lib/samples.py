"""Fictional invoices drawn by the project, and answers checked against its
own OpenAPI document."""
import functools
import json
import os
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / os.environ.get("B", "build")


@functools.cache
def pdf(sample, *options):
    """The sample (S1...) as PDF bytes."""
    with tempfile.TemporaryDirectory() as at:
        out = Path(at) / "out.pdf"
        subprocess.run([BUILD / "dev" / "draw", "--id", sample, *options, out],
                       cwd=TOP, check=True, timeout=60)
        return out.read_bytes()


@functools.cache
def scans(sample, *options):
    """Its pages as JPEG bytes, 200 dpi and a little askew."""
    with tempfile.TemporaryDirectory() as at:
        out = Path(at) / "out.pdf"
        subprocess.run([BUILD / "dev" / "draw", "--id", sample, "--scan",
                        *options, out], cwd=TOP, check=True, timeout=60)
        return [p.read_bytes() for p in sorted(Path(at).glob("out-*.jpg"))]


@functools.cache
def document():
    return json.loads((BUILD / "share" / "openapi.json").read_text())


def _schema(path, method, status, media):
    operation = document()["paths"][path][method.lower()]
    content = operation["responses"][str(status)]["content"][media]
    return {**content["schema"], "components": document()["components"]}


def problems(path, method, answer):
    """What contradicts the document in an answer, as texts."""
    import jsonschema
    media = answer.headers.get("Content-Type", "").split(";")[0]
    try:
        schema = _schema(path, method, answer.status, media)
    except KeyError as missing:
        return [f"{method} {path} {answer.status} {media}: not described ({missing})"]
    checker = jsonschema.Draft202012Validator(schema)
    return [f"{list(e.absolute_path)}: {e.message[:200]}"
            for e in checker.iter_errors(json.loads(answer.body))]
