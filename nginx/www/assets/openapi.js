// What both pages need: the description, its operations, small DOM helpers.
"use strict";

/** An element with properties and children; text is never parsed as HTML. */
function element(tag, properties = {}, ...children) {
    const e = Object.assign(document.createElement(tag), properties);
    e.append(...children.filter((c) => c !== null && c !== undefined));
    return e;
}

/** Text with `code` in it, as nodes. */
function rich(text) {
    return (text || "").split("`").map((part, i) =>
        i % 2 ? element("code", { textContent: part }) : part);
}

/** Follows "#/components/..." references. */
function resolve(api, node) {
    let steps = 0;
    while (node && node.$ref && steps++ < 10) {
        node = node.$ref.split("/").slice(1)
            .reduce((at, key) => at && at[key], api);
    }
    return node || {};
}

/** [{method, path, operation}] in the order of the description. */
function operations(api) {
    const methods = ["get", "post", "put", "patch", "delete"];
    return Object.entries(api.paths || {}).flatMap(([path, item]) =>
        methods.filter((m) => item[m])
            .map((m) => ({ method: m.toUpperCase(), path, operation: item[m] })));
}

/** The body of an operation: [media type, schema] or null. */
function requestBody(api, operation) {
    const body = resolve(api, operation.requestBody);
    const entry = Object.entries(body.content || {})[0];
    return entry ? [entry[0], resolve(api, entry[1].schema)] : null;
}

/** One word or phrase for a schema's type and its limits. */
function typeText(api, schema) {
    const s = resolve(api, schema);
    let text = [].concat(s.type || (s.enum ? "string" : "any")).join(" or ");
    if (s.type === "array") text = "array of " + typeText(api, s.items || {});
    if (s.contentMediaType || s.format === "binary") text = "file";
    if (s.enum) text += ": " + s.enum.join(", ");
    if (s.minimum !== undefined) text += `, from ${s.minimum}`;
    if (s.maximum !== undefined) text += ` to ${s.maximum}`;
    if (s.default !== undefined) text += ` (default ${s.default})`;
    return text;
}

async function readDescription(show) {
    const main = document.getElementById("main");
    try {
        const answer = await fetch("/openapi.json");
        if (!answer.ok) throw new Error("HTTP " + answer.status);
        const api = await answer.json();
        main.replaceChildren(...show(api));
    } catch (problem) {
        main.replaceChildren(element("p", { className: "failed",
            textContent: "The description could not be read: " + problem.message }));
    }
}
