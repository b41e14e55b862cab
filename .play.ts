import { playCase } from './torture/runner.ts'
const kit = 'http://127.0.0.1:' + (process.env.TORTURE_PORT || 8790)
const control = async (method: string, path: string, body?: unknown) =>
  (await fetch(kit + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json()
const { cases } = await control('GET', '/cases') as { cases: { name: string }[] }
const only = process.argv[2]
const queue = cases.map((c) => c.name).filter((n) => !only || n.includes(only)).flatMap((n) => [[n, true], [n, false]] as [string, boolean][])
let pass = 0, fail = 0
await Promise.all(Array.from({ length: 5 }, async () => {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const at = performance.now()
    const v = await playCase(control, next[0], { bound: next[1] })
    const ms = Math.round(performance.now() - at)
    if (v.pass) pass++; else fail++
    if (!v.pass || ms > 3000) console.log(v.pass ? 'ok' : 'FAIL', next.join(' '), ms, v.wrong)
  }
}))
console.log({ pass, fail, seconds: performance.now() / 1000 })
