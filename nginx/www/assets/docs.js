// The explorer: each operation with a form that sends a real request.
"use strict";

const key = element("input", { id: "key", type: "password",
    autocomplete: "off", spellcheck: false });

let controls = 0;

function control(api, name, schema, required) {
    const s = resolve(api, schema);
    const items = resolve(api, s.items);
    const isFile = [s, items].some((x) => x.contentMediaType || x.format === "binary");
    let input;
    if (s.enum) {
        input = element("select", {}, ...s.enum.map((v) =>
            element("option", { value: v, textContent: v, selected: v === s.default })));
    } else if (isFile) {
        input = element("input", { type: "file", multiple: s.type === "array" });
    } else {
        input = element("input", { type: "text", placeholder: s.default ?? "" });
    }
    input.name = name;
    input.required = required;
    input.id = `field-${++controls}`; // several forms have a field of one name
    const label = element("label", { htmlFor: input.id }, name + (required ? " *" : ""), " ",
        element("span", { className: "doc", textContent: s.description || "" }));
    return element("div", {}, label, input);
}

function formData(form) {
    const data = new FormData();
    for (const input of form.elements) {
        if (!input.name || input.dataset.in) continue;
        if (input.type === "file") {
            for (const file of input.files) data.append(input.name, file);
        } else if (input.value) {
            data.append(input.name, input.value);
        }
    }
    return data;
}

/** Long Base64 members are shortened and offered as downloads. */
function showAnswer(out, status, took, text, type) {
    const nodes = [element("p", { className: status < 400 ? "ok" : "failed",
        textContent: `${status} in ${took} ms` })];
    let shown = text;
    try {
        const json = JSON.parse(text);
        for (const [name, value] of Object.entries(json)) {
            if (!name.endsWith("_base64") || !value) continue;
            const bytes = Uint8Array.from(atob(value), (c) => c.charCodeAt(0));
            const url = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
            nodes.push(element("p", {}, element("a", { href: url, download:
                name.replace("_base64", ".pdf"), textContent: "Download " + name })));
            json[name] = value.slice(0, 24) + "…";
        }
        shown = JSON.stringify(json, null, 2);
    } catch { /* not JSON: shown as it is */ }
    nodes.push(element("pre", { textContent: shown || `(no body, ${type})` }));
    out.replaceChildren(...nodes);
}

async function send(form, op, out) {
    const headers = key.value ? { "X-API-Key": key.value } : {};
    let path = op.path;
    const query = new URLSearchParams();
    for (const input of form.elements) {
        if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
        if (input.dataset.in === "query" && input.value) query.set(input.name, input.value);
    }
    if ([...query].length) path += "?" + query;
    out.replaceChildren("Sending…");
    const start = performance.now();
    try {
        const answer = await fetch(path, { method: op.method, headers,
            body: op.method === "GET" ? undefined : formData(form) });
        const text = await answer.text();
        showAnswer(out, answer.status, Math.round(performance.now() - start),
            text, answer.headers.get("content-type"));
    } catch (problem) {
        out.replaceChildren(element("p", { className: "failed",
            textContent: "No answer: " + problem.message }));
    }
}

function form(api, op) {
    const out = element("div", { ariaLive: "polite" });
    const f = element("form", {});
    for (const p of op.operation.parameters || []) {
        const parameter = resolve(api, p);
        if (parameter.in === "header") continue;
        const c = control(api, parameter.name, parameter.schema, parameter.required);
        c.lastChild.dataset.in = parameter.in;
        f.append(c);
    }
    const body = requestBody(api, op.operation);
    if (body) {
        const required = body[1].required || [];
        for (const [name, schema] of Object.entries(body[1].properties || {}))
            f.append(control(api, name, schema, required.includes(name)));
    }
    f.append(element("button", { type: "submit", textContent: "Send" }));
    f.addEventListener("submit", (event) => {
        event.preventDefault();
        send(f, op, out);
    });
    return element("div", {}, f, out);
}

readDescription((api) => [
    element("div", { className: "card" },
        element("label", { htmlFor: "key", textContent: "X-API-Key (stays in this page)" }), key),
    ...operations(api).map((op) => element("details", {},
        element("summary", {}, element("span", { className: "method", textContent: op.method }),
            element("span", { className: "path", textContent: op.path }),
            element("span", { className: "doc", textContent: op.operation.summary || "" })),
        form(api, op)))]);
