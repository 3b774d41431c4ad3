#!/usr/bin/env node
// Receives comptoir's webhooks: checks who sends, then keeps what is said, once
// a task however often it is told. Node 18, nothing else.
//
//   WEBHOOK_SECRET  as set at the desk; while it changes: new,old
//   WEBHOOK_TOKEN   as set at the desk
//   STORE           a folder
//   PORT            on the loopback, behind the web server that has the certificate
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs/promises");
const http = require("node:http");
const path = require("node:path");

const TOLERANCE_S = 300; // a message that is older was recorded by somebody
const LARGEST = 64 * 1024 * 1024;
const SECRETS = (process.env.WEBHOOK_SECRET || "").split(",").filter(Boolean);

/** The bytes that a secret stands for. */
function keyOf(secret) {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
}

/** In the same time whatever differs. */
function same(a, b) {
  const [x, y] = [a, b].map((s) => crypto.createHash("sha256").update(s).digest());
  return crypto.timingSafeEqual(x, y);
}

/** Signed by one of our secrets, in both ways the desk signs, and just now. */
function isSigned(headers, body) {
  const sent = headers["webhook-timestamp"] || "";
  if (!/^[0-9]{1,12}$/.test(sent) || Math.abs(Date.now() / 1000 - Number(sent)) > TOLERANCE_S) return false;
  const head = `${headers["webhook-id"] || ""}.${sent}.`;
  let standard = false;
  let plain = false;
  for (const secret of SECRETS) {
    const want = "v1," + crypto.createHmac("sha256", keyOf(secret)).update(head).update(body).digest("base64");
    for (const one of (headers["webhook-signature"] || "").split(" ")) standard = same(want, one) || standard;
    const hex = crypto.createHmac("sha256", secret).update(body).digest("hex");
    plain = same(`sha256=${hex}`, headers["x-webhook-signature"] || "") || plain;
  }
  return standard && plain;
}

/** A report's bytes, null where it is told by address or there is none. */
function report(told, which) {
  const text = told[`${which}_report_base64`];
  if (text === undefined) return null;
  const pdf = Buffer.from(text, "base64");
  const hash = crypto.createHash("sha256").update(pdf).digest("hex");
  if (hash !== told[`${which}_sha256`]) throw new SyntaxError("a report is damaged");
  return pdf;
}

/** Whole or not at all: under another name first. */
async function write(name, bytes) {
  const to = path.join(process.env.STORE, name);
  const fresh = `${to}.${crypto.randomBytes(6).toString("hex")}`;
  await fs.writeFile(fresh, bytes);
  await fs.rename(fresh, to);
}

async function keep(told, body) {
  for (const which of ["non_anonymous", "anonymous"]) {
    const pdf = report(told, which);
    if (pdf) await write(`${told.task_id}.${which}.pdf`, pdf);
  }
  await write(`${told.task_id}.json`, body);
}

async function read(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > LARGEST) throw new RangeError("too large");
    parts.push(part);
  }
  return Buffer.concat(parts); // as it came: the signature is over these bytes
}

async function receive(request) {
  if (request.method !== "POST") return 405;
  const body = await read(request);
  const bearer = `Bearer ${process.env.WEBHOOK_TOKEN}`;
  if (!same(bearer, request.headers.authorization || "") || !isSigned(request.headers, body)) return 401;
  const told = JSON.parse(body.toString("utf8"));
  if (!told || !/^[0-9a-f-]{36}$/.test(told.task_id) || !told.status) return 400;
  await keep(told, body);
  return 200;
}

http
  .createServer((request, response) => {
    receive(request)
      .catch((why) => (why instanceof RangeError ? 413 : why instanceof SyntaxError ? 400 : 500))
      .then((status) => response.writeHead(status, { "Content-Length": 0, Connection: "close" }).end());
  })
  .listen(Number(process.env.PORT), "127.0.0.1");
