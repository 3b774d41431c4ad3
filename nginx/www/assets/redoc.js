// The reference: every operation, field, answer and error on one page.
"use strict";

function table(heads, rows) {
    return element("table", {},
        element("thead", {}, element("tr", {},
            ...heads.map((h) => element("th", { scope: "col", textContent: h })))),
        element("tbody", {}, ...rows.map((row) => element("tr", {},
            ...row.map((cell) => element("td", {}, ...rich(cell)))))));
}

/** Rows [name, type, description] of an object schema, members indented. */
function fieldRows(api, schema, prefix = "", depth = 0) {
    const s = resolve(api, schema);
    const required = s.required || [];
    return Object.entries(s.properties || {}).flatMap(([name, sub]) => {
        const member = resolve(api, sub);
        const inner = member.type === "array" ? resolve(api, member.items) : member;
        const row = [prefix + name + (required.includes(name) ? " *" : ""),
            typeText(api, sub), member.description || ""];
        const below = depth < 3 && inner.properties
            ? fieldRows(api, inner, prefix + name + ".", depth + 1) : [];
        return [row, ...below];
    });
}

/** The good answers with their fields, then one table of refusals. */
function answers(api, operation) {
    const all = Object.entries(operation.responses || {})
        .map(([status, r]) => [status, resolve(api, r)]);
    const good = all.filter(([status]) => status < "400").flatMap(([status, r]) => {
        const content = Object.entries(r.content || {})[0];
        const rows = content ? fieldRows(api, content[1].schema) : [];
        return [element("h3", { textContent: "Answer " + status }),
            rows.length ? table(["field", "type", "meaning"], rows)
                : element("p", { className: "doc", textContent: content ? content[0] : "" })];
    });
    const refusals = all.filter(([status]) => status >= "400")
        .map(([status, r]) => [status, r.description || ""]);
    return [...good, refusals.length ? element("h3", { textContent: "Errors" }) : null,
        refusals.length ? table(["status", "code"], refusals) : null];
}

function section(api, op) {
    const o = op.operation;
    const id = o.operationId || op.method + op.path;
    const parameters = (o.parameters || []).map((p) => resolve(api, p))
        .map((p) => [`${p.name}${p.required ? " *" : ""}`, `${p.in}, ${typeText(api, p.schema || {})}`, p.description || ""]);
    const body = requestBody(api, o);
    const input = [...parameters, ...(body ? fieldRows(api, body[1]) : [])];
    return element("section", { id },
        element("h2", {}, element("span", { className: "method", textContent: op.method + " " }),
            element("code", { textContent: op.path })),
        element("p", {}, ...rich(o.summary)),
        o.description ? element("p", { className: "doc" }, ...rich(o.description)) : null,
        body ? element("p", { className: "doc", textContent: "Body: " + body[0] }) : null,
        input.length ? table(["field", "type", "meaning"], input) : null,
        ...answers(api, o));
}

readDescription((api) => [
    element("p", { className: "lead" }, ...rich(api.info && api.info.description)),
    element("ul", {}, ...operations(api).map((op) => element("li", {},
        element("a", { href: "#" + (op.operation.operationId || op.method + op.path),
            textContent: `${op.method} ${op.path}` }), " ", op.operation.summary || ""))),
    ...operations(api).map((op) => section(api, op)),
    element("p", { className: "doc", textContent: "* required" })]);
