import { SignJWT } from 'jose'
import { bundles } from './bundles.ts'
import { benchVars, mailLinks } from './people.ts'
import { serve, type Served } from './serve.ts'
import { expectStatus, median } from './stats.ts'
import { startStore } from './store.ts'

/**
 * CPU that workerd spends on one request, as a ratio to the reference floor, in alternating rounds of one
 * run. Absolute figures say more about the machine than about the code.
 */
const ROUNDS = 7
const PER_ROUND = 300

const store = await startStore()
const vars = await benchVars(store.endpoint)
const built = await bundles()
const [latchkey, floor] = await Promise.all([serve(built.latchkey, vars), serve(built.floor, vars)])

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
type Tokens = { access_token: string; refresh_token: string }

async function cpuPerRequest(of: Served, requests: (() => Promise<Response>)[]): Promise<number> {
  const before = of.cpuMicros()
  for (const request of requests) await (await expectStatus(await request(), 200)).arrayBuffer()
  return (of.cpuMicros() - before) / requests.length
}

const token = (form: string) => () =>
  fetch(`${latchkey.origin}/v1/token`, { method: 'POST', headers: FORM, body: form })

const repeat = <T>(request: () => T): (() => T)[] => Array<() => T>(PER_ROUND).fill(request)

const spent: Record<string, number[]> = {}
for (let round = 0; round <= ROUNDS; round++) {
  const links = await mailLinks(vars, PER_ROUND)
  const [spare] = await mailLinks(vars, 1)
  const tokens = (await (await token(spare!.form)()).json()) as Tokens
  let refreshToken = tokens.refresh_token
  const hs256 = await new SignJWT({ sub: 'bench' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new Uint8Array(32).fill(7))
  const bearer = (jwt: string) => ({ headers: { Authorization: `Bearer ${jwt}` } })
  const runs: [string, Served, (() => Promise<Response>)[]][] = [
    [
      'floor sign-in',
      floor,
      repeat(() =>
        fetch(`${floor.origin}/sign-in`, {
          method: 'POST',
          body: JSON.stringify({ id: crypto.randomUUID() }),
        }),
      ),
    ],
    ['sign-in', latchkey, links.map(({ form }) => token(form))],
    ['floor check', floor, repeat(() => fetch(`${floor.origin}/session`, bearer(hs256)))],
    [
      'check',
      latchkey,
      repeat(() => fetch(`${latchkey.origin}/v1/session`, bearer(tokens.access_token))),
    ],
    [
      'refresh',
      latchkey,
      repeat(async () => {
        const form = new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        })
        const response = await token(form.toString())()
        refreshToken = ((await response.clone().json()) as Tokens).refresh_token
        return response
      }),
    ],
  ]
  for (const [name, of, requests] of runs) {
    const micros = await cpuPerRequest(of, requests)
    if (round > 0) (spent[name] ??= []).push(micros) // the first warms both
  }
}
for (const [name, values] of Object.entries(spent)) {
  console.log(
    `${name}: ${median(values).toFixed(0)} µs CPU (median of ${values.length} × ${PER_ROUND})`,
  )
}
const against = (name: string, base: string) => {
  const ratios = spent[name]!.map((value, round) => value / spent[base]![round]!)
  console.log(`${name} / ${base}: ${median(ratios).toFixed(2)}`)
}
against('sign-in', 'floor sign-in')
against('check', 'floor check')
against('refresh', 'floor check')
await Promise.all([latchkey.stop(), floor.stop(), store.stop()])
