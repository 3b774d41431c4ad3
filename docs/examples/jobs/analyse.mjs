// analyse.mjs FACTURE.pdf [WEBHOOK_URL]: has an invoice analysed by a job and
// saves both reports. Node 18, no packages. Reads DESK and API_KEY (and Node
// reads NODE_EXTRA_CA_CERTS). Exit 0: both reports are saved.
import { createHash, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const { DESK, API_KEY } = process.env
const TRIES = 8
const stop = (why) => { console.error(why); process.exit(1) }

// What did not arrive, or may come back, is sent again: safe, because an order
// carries an Idempotency-Key.
async function call (method, path, body, headers = {}) {
  for (let n = 1; ; n++) {
    let wait = 2 ** n / 8
    try {
      const answer = await fetch(DESK + path, {
        method, body, headers: { 'X-API-Key': API_KEY, ...headers }, signal: AbortSignal.timeout(40000)
      })
      if (![429, 502, 503, 504].includes(answer.status) || n === TRIES) return answer
      wait = Number(answer.headers.get('retry-after') ?? 1)
    } catch (error) {
      if (n === TRIES) throw error
    }
    await sleep(wait * 1000)
  }
}

async function order (file, webhook) {
  const form = new FormData()
  form.set('file', new Blob([await readFile(file)], { type: 'application/pdf' }), basename(file))
  form.set('strict', 'false')
  form.set('external_ref', basename(file))
  if (webhook) form.set('webhook_url', webhook)
  const answer = await call('POST', '/v1/jobs/pdf', form, { 'Idempotency-Key': randomUUID() })
  const told = await answer.json()
  return answer.status === 202 ? told : stop(`refused: ${answer.status} ${told.code}`)
}

// Each call waits 25 seconds at most, and answers when something changed.
async function wait (job) {
  for (let after = ''; ;) {
    const answer = await call('GET', job.links.events + after)
    if (answer.status === 200) {
      job = await answer.json()
      console.error(`${job.status} ${job.progress} %`)
      if (['succeeded', 'failed', 'cancelled'].includes(job.status)) return job
      after = `?after=${job.version}`
      await sleep(1000 * Number(answer.headers.get('retry-after') ?? 0))
    } else if (answer.status !== 204) {
      stop(`the job cannot be followed: ${answer.status}`)
    }
  }
}

async function save (job, file) {
  const { result } = await (await call('GET', `${job.links.self}?reports=link`)).json()
  for (const [which, word, name] of [['full', 'non_anonymous', 'rapport'], ['anonymous', 'anonymous', 'anonyme']]) {
    const pdf = Buffer.from(await (await call('GET', job.links.reports[which])).arrayBuffer())
    if (createHash('sha256').update(pdf).digest('hex') !== result[`${word}_sha256`]) stop(`${which}: another file than was reported`)
    await writeFile(file.replace(/\.pdf$/i, '') + `-${name}.pdf`, pdf)
  }
  console.log(result.highlights.join('\n'))
}

const [file, webhook] = process.argv.slice(2)
const done = await wait(await order(file, webhook))
if (done.status !== 'succeeded') stop(`${done.status}: ${done.error_code}`)
await save(done, file)
