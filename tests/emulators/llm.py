#!/usr/bin/env python3
"""A language model's server on the loopback, in three dialects, that checks
every header and field it is sent and answers as told; standard library only.

Tests:   model = Model("openai"); model.say("right"); model.base
By hand: tests/emulators/llm.py openai right   prints the settings to use
"""
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY, NAME = "sk-emulated-0123456789abcdef", "emulated-1"
PATHS = {"openai": "/v1/chat/completions", "mistral": "/v1/chat/completions", "anthropic": "/v1/messages"}
SLOW_SECONDS = 30

# What the emulator reads from the page of sample S1: member, pattern, value.
READS = [
    ("supplier.name", r"^(Voltéa Énergie)$", str),
    ("supplier.siren", r"SIREN (000 000 018)", str),
    ("customer.name", r"Titulaire du contrat : (\S+(?: Camille EXEMPLE)?)", str),
    ("refs.invoice_number", r"Facture n° (\S+)", str),
    ("refs.pdl", r"\(PDL\) : ([\d ]+|\[\w+\])", str),
    ("dates.invoice_date", r"Facture n° .* du (13 mai 2025)", lambda s: "2025-05-13"),
    ("dates.due_date", r"prélevé le (\S+)", lambda s: "-".join(reversed(s.split("/")))),
    ("contract.kva", r"souscrite : (\d+) kVA", int),
    ("totals.total_ht", r"Total HT\s+(\S+) €", lambda s: float(s.replace(",", "."))),
    ("totals.total_tva", r"Total TVA\s+(\S+) €", lambda s: float(s.replace(",", "."))),
    ("totals.total_ttc", r"Total TTC\s+(\S+) €", lambda s: float(s.replace(",", "."))),
    ("totals.amount_due", r"à payer TTC\s+(\S+) €", lambda s: float(s.replace(",", "."))),
]


def blank(schema, root=None):
    """The emptiest value that a schema allows."""
    root = root or schema
    if "$ref" in schema:
        return blank(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in kinds:
        return None
    if "enum" in schema:
        return schema["enum"][-1]
    return {"object": lambda: {k: blank(v, root) for k, v in schema["properties"].items()},
            "array": list, "string": str, "boolean": bool, "integer": int, "number": int}[kinds[0]]()


def member(answer, path):
    group, name = path.split(".")
    return answer[group][name]


def read(schema, text):
    """What an honest model would say of the pages in the prompt."""
    answer = blank(schema)
    answer["is_energy_invoice"], answer["energy_type"] = True, "electricite"
    pages = re.findall(r'<page n="(\d+)">\n(.*?)</page>', text, re.S)
    for path, pattern, value in READS:
        for number, page in pages:
            found = re.search(pattern, page, re.M)
            if found:
                member(answer, path).update(value=value(found[1]), quote=found[0], page=int(number))
                break
    return answer


def wrong(answer):
    """Other values, each with a true quote that does not say them."""
    for path in ("totals.total_ttc", "totals.total_ht"):
        member(answer, path)["value"] = 999.99
    member(answer, "refs.pdl")["value"] = "11111111111111"
    return answer


def invented(answer):
    """Other values, with quotes that say them and are printed nowhere."""
    member(answer, "totals.total_ttc").update(value=0, quote="Total TTC 0,00 €", page=2)
    member(answer, "totals.amount_due").update(value=0, quote="Net à payer : 0,00 €", page=1)
    member(answer, "customer.name").update(value="Mme Invention", quote="Titulaire : Mme Invention", page=1)
    return answer


def disputed(answer):
    """Another printed amount, truly quoted, taken for the total."""
    member(answer, "totals.total_ttc").update(value=124.39, quote="Total HT\t124,39 €", page=2)
    return answer


def short(answer):
    """A required member is missing."""
    del answer["totals"]["total_ttc"]
    return answer


def typed(answer):
    """A text where a number must be."""
    member(answer, "totals.total_ttc")["value"] = "145,50"
    return answer


CONTENTS = {"right": lambda a: a, "wrong": wrong, "invented": invented, "disputed": disputed,
            "short": short, "typed": typed}


class Refused(Exception):
    def __init__(self, status, code, message, headers=None):
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers or {}


def need(good, message):
    if not good:
        raise Refused(400, "invalid_request_error", message)


def exactly(o, required, optional=(), where="body"):
    need(isinstance(o, dict), f"{where} is no object")
    need(set(required) <= set(o), f"{where} lacks {sorted(set(required) - set(o))}")
    unknown = set(o) - set(required) - set(optional)
    need(not unknown, f"{where} has {sorted(unknown)}")


def closed(schema, where="schema"):
    """OpenAI's strict schemas: every object closed, every member required."""
    if "object" == schema.get("type"):
        need(schema.get("additionalProperties") is False, f"{where} is open")
        need(sorted(schema["required"]) == sorted(schema["properties"]), f"{where}: required")
    for key in ("properties", "$defs"):
        for name, sub in schema.get(key, {}).items():
            closed(sub, f"{where}.{name}")
    if "items" in schema:
        closed(schema["items"], where + "[]")


def check_chat(body, dialect):
    """(schema, text of the pages) of a chat completion request."""
    exactly(body, ["model", "messages", "response_format"],
            ["max_tokens", "temperature"] + (["max_completion_tokens"] if dialect == "openai" else []))
    need(("max_tokens" in body) != ("max_completion_tokens" in body), "one limit of tokens")
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    need(isinstance(limit, int) and limit > 0, "max_tokens")
    need("max_completion_tokens" not in body or "temperature" not in body, "temperature of a reasoning model")
    need(body.get("temperature", 0) == 0, "temperature")
    need([m.get("role") for m in body["messages"]] == ["system", "user"], "roles")
    for message in body["messages"]:
        exactly(message, ["role", "content"], where="message")
        need(isinstance(message["content"], str) and message["content"], "content")
    form = body["response_format"]
    rules = body["messages"][0]["content"]
    if form.get("type") == "json_object":
        exactly(form, ["type"], where="response_format")
        need("JSON" in rules, "json_object without the word JSON")
        schema = json.loads(rules.rsplit("Schéma JSON :\n", 1)[1])
    else:
        exactly(form, ["type", "json_schema"], where="response_format")
        need(form["type"] == "json_schema", "response_format.type")
        exactly(form["json_schema"], ["name", "strict", "schema"], where="json_schema")
        need(form["json_schema"]["strict"] is True and re.fullmatch(r"[\w-]{1,64}", form["json_schema"]["name"]),
             "json_schema")
        schema = form["json_schema"]["schema"]
    closed(schema)
    return schema, body["messages"][1]["content"]


def check_messages(body, _dialect):
    exactly(body, ["model", "max_tokens", "messages"], ["system", "temperature", "tools", "tool_choice"])
    need(isinstance(body["max_tokens"], int) and body["max_tokens"] > 0, "max_tokens")
    need(isinstance(body["system"], str) and body["temperature"] == 0, "system, temperature")
    need(len(body["messages"]) == 1, "messages")
    exactly(body["messages"][0], ["role", "content"], where="message")
    need(body["messages"][0]["role"] == "user" and isinstance(body["messages"][0]["content"], str), "message")
    need(len(body["tools"]) == 1, "tools")
    exactly(body["tools"][0], ["name", "description", "input_schema"], where="tool")
    need(body["tool_choice"] == {"type": "tool", "name": body["tools"][0]["name"]}, "tool_choice")
    closed(body["tools"][0]["input_schema"])
    return body["tools"][0]["input_schema"], body["messages"][0]["content"]


def check_headers(headers, dialect):
    got = {name.lower(): value for name, value in headers.items()}
    known = {"host", "content-type", "content-length", "accept"}
    own = {"x-api-key", "anthropic-version"} if dialect == "anthropic" else {"authorization"}
    need(not set(got) - known - own, f"headers {sorted(set(got) - known - own)}")
    need(got.get("content-type") == "application/json", "content-type")
    need(dialect != "anthropic" or got.get("anthropic-version") == "2023-06-01", "anthropic-version")
    sent = got.get("x-api-key") if dialect == "anthropic" else got.get("authorization")
    if sent != (KEY if dialect == "anthropic" else f"Bearer {KEY}"):
        code = "authentication_error" if dialect == "anthropic" else "invalid_api_key"
        raise Refused(401, code, "the key is not known")


def chat_answer(content, why="stop", refusal=None):
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1741569952, "model": NAME,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content, "refusal": refusal},
                         "logprobs": None, "finish_reason": why}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}}


def messages_answer(blocks, why="tool_use"):
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": NAME, "content": blocks,
            "stop_reason": why, "stop_sequence": None,
            "usage": {"input_tokens": 1000, "output_tokens": 500, "cache_creation_input_tokens": 0,
                      "cache_read_input_tokens": 0}}


def tool(value):
    return [{"type": "tool_use", "id": "toolu_1", "name": "facture_energie_v1", "input": value}]


def answer_of(dialect, mode, schema, text):
    """The JSON of a 200."""
    value = CONTENTS.get(mode, CONTENTS["right"])(read(schema, text))
    if dialect == "anthropic":
        return {"garbage": lambda: messages_answer([{"type": "text", "text": "Bien sûr !"}], "end_turn"),
                "length": lambda: messages_answer(tool({}), "max_tokens"),
                "refusal": lambda: messages_answer([], "refusal"),
                }.get(mode, lambda: messages_answer([{"type": "text", "text": "Voici."}, *tool(value)]))()
    text = json.dumps(value, ensure_ascii=False)
    return {"garbage": lambda: chat_answer("Bien sûr ! Voici la facture."),
            "cut": lambda: chat_answer(text[:len(text) // 2]),
            "length": lambda: chat_answer(text[:len(text) // 2], "length"),
            "refusal": lambda: chat_answer(None, refusal="Je ne peux pas."),
            }.get(mode, lambda: chat_answer(text))()


def refusal_of(dialect, mode):
    """The status, code and headers of modes that are refusals."""
    known = {"quota": (429, "insufficient_quota", {}), "rate": (429, "rate_limit_exceeded", {"Retry-After": "1"}),
             "later": (429, "rate_limit_exceeded", {"Retry-After": "600"}), "error500": (500, "server_error", {}),
             "gateway": (504, "gateway_timeout", {}),
             "busy": (529 if dialect == "anthropic" else 503, "overloaded_error", {}),
             "forbidden": (403, "permission_error", {}), "redirect": (307, "moved", {"Location": "/v1/elsewhere"})}
    return known.get(mode)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, data, headers=None):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)),
                            **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, refused):
        error = {"message": str(refused), "type": refused.code, "param": None, "code": refused.code}
        if self.server.dialect == "anthropic":
            error = {"type": refused.code, "message": str(refused)}
        shape = {"error": error}
        if self.server.dialect == "anthropic":
            shape = {"type": "error", **shape, "request_id": "req_1"}
        self.send(refused.status, shape, refused.headers)

    def do_POST(self):
        model = self.server
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode = model.next_mode()
        try:
            need(self.path == PATHS[model.dialect], f"path {self.path}")
            check_headers(self.headers, model.dialect)
            body = json.loads(raw)
            check = check_messages if model.dialect == "anthropic" else check_chat
            schema, text = check(body, model.dialect)
            if body["model"] != NAME:
                raise Refused(404, "model_not_found", "no such model")
            model.asked.append(body)
            if refusal_of(model.dialect, mode):
                status, code, headers = refusal_of(model.dialect, mode)
                raise Refused(status, code, "as told", headers)
            self.act(mode, schema, text)
        except Refused as refused:
            if refused.status in (400, 401, 404):
                model.problems.append(str(refused))
            self.refuse(refused)

    def act(self, mode, schema, text):
        if mode == "slow":
            self.server.ended.wait(SLOW_SECONDS)
        if mode in ("slow", "silent"):
            self.close_connection = True
            return
        if mode == "huge":
            self.send(200, b'{"choices": "' + b"x" * (5 << 20) + b'"}')
            return
        self.send(200, answer_of(self.server.dialect, mode, schema, text))


class Model(ThreadingHTTPServer):
    """asked: the bodies that passed every check; problems: what did not."""
    daemon_threads = True

    def __init__(self, dialect):
        super().__init__(("127.0.0.1", 0), Handler)
        self.dialect, self.asked, self.problems = dialect, [], []
        self.ended, self.lock, self.modes = threading.Event(), threading.Lock(), ["right"]
        self.base = f"http://127.0.0.1:{self.server_address[1]}/v1"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def say(self, *modes):
        """How the next requests are answered; the last one stays."""
        with self.lock:
            self.modes = list(modes)
            self.asked.clear()

    def next_mode(self):
        with self.lock:
            return self.modes.pop(0) if len(self.modes) > 1 else self.modes[0]

    def settings(self):
        return {"LLM_PROVIDER": self.dialect, "LLM_BASE_URL": self.base, "LLM_API_KEY": KEY, "LLM_MODEL": NAME}

    def text(self):
        """Everything it was sent, as one text."""
        return json.dumps(self.asked, ensure_ascii=False)

    def handle_error(self, *_):
        pass  # a caller that gave up


if __name__ == "__main__":
    by_hand = Model(sys.argv[1])
    by_hand.say(*sys.argv[2:] or ["right"])
    print("\n".join(f"{k}={v}" for k, v in by_hand.settings().items()), flush=True)
    while True:
        time.sleep(3600)
