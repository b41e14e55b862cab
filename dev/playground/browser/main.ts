import { PATIENCE, type Setup } from '../wire.ts'
import { byId, say } from './dom.ts'
import { logView } from './log-view.ts'
import { Phone } from './phone.ts'
import { phoneView } from './phone-view.ts'
import { openStage } from './stage.ts'
import { tablesView } from './tables-view.ts'
import { listThreats, showVerdict } from './threat-view.ts'
import { check, type Check, type Play, type Threat } from './threat.ts'
import { GROUPS } from './threats/threats.ts'

const POLL_MS = 1000
/** After each step, so that a person can see what it changed. Who wants no motion waits for none. */
const STEP_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250
const NAMES = ['ada', 'grace', 'alan', 'joan', 'linus', 'mary', 'rosa', 'tim']

const setup = JSON.parse(document.body.dataset['setup'] ?? '') as Setup
const stage = openStage()
const [showRows, showLog] = [tablesView(), logView()]
const update = (): void => views.forEach((view) => void view.update())
const phone = new Phone('phone', setup.issuer, stage, update)
const second = new Phone('second phone', setup.issuer, stage, update)

let person = ''
let busy = false
let lastMessage: string | undefined

async function refreshView() {
  const state = await stage.state(person)
  showRows(state.rows)
  showLog(state.entries)
  byId('person').textContent = person === '' ? 'nobody yet' : person
  byId('clock').textContent = new Date(state.workerNow).toLocaleString('en-GB')
  byId('clock').classList.toggle('wrong', Math.abs(state.aheadMs) > 1000)
  return state
}

function show(email: string): void {
  if (email !== person) lastMessage = undefined
  person = email
}

/** Runs one thing at a time: buttons do nothing meanwhile. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (busy) return
  busy = true
  document.body.classList.add('busy')
  try {
    await work()
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  } finally {
    busy = false
    document.body.classList.remove('busy')
  }
}

const act = (action: () => Promise<string>): Promise<void> =>
  alone(async () => {
    say(await action())
    update()
    await refreshView()
  })

const world = { stage, company: setup.company, show, act }
const views = [
  phoneView('phone', { ...world, phone, other: second }),
  phoneView('second', { ...world, phone: second, other: phone }),
]

async function newGuest({ bound = true }: { bound?: boolean } = {}): Promise<string> {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) =>
    (byte % 36).toString(36),
  )
  const name = NAMES[Math.floor(Math.random() * NAMES.length)]!
  const email = `${name}.${random.join('')}@guest.example`
  phone.reset(bound)
  second.reset(bound)
  show(email)
  await stage.decide('approve', email)
  return email
}

async function message() {
  const arrived = await stage.message(person, lastMessage)
  lastMessage = arrived.id
  return arrived
}

const calm = { rules: [], aheadMs: 0, lose: 0, patience: PATIENCE }

/** @returns whether the promise was kept. */
async function playThreat(threat: Threat): Promise<boolean> {
  showVerdict(threat, 'running')
  const from = (await stage.state(person)).entries[0]?.n ?? 0
  const play: Play = {
    stage,
    phone,
    second,
    newGuest,
    message,
    async step(text) {
      say(text)
      await refreshView()
      await new Promise((done) => setTimeout(done, STEP_MS))
    },
    rows: async () => (await refreshView()).rows,
    entries: async () => (await refreshView()).entries.filter(({ n }) => n > from).toReversed(),
  }
  let checks: Check[]
  try {
    checks = await threat.run(play)
  } catch (error) {
    checks = [check('It can be played to its end', false, String(error))]
  }
  await stage.set(calm).catch(() => {})
  const kept = checks.every(({ ok }) => ok)
  showVerdict(threat, kept ? 'kept' : 'broken', checks)
  await refreshView().catch(() => {})
  return kept
}

listThreats(setup, (threat) => {
  void alone(async () => {
    const kept = await playThreat(threat)
    say(`${threat.button}: ${kept ? 'kept' : 'broken'}`)
  })
})

byId('all').addEventListener('click', () => {
  void alone(async () => {
    const threats = GROUPS.flatMap((group) => group.threats)
    let kept = 0
    for (const threat of threats) if (await playThreat(threat)) kept++
    say(`${kept} of ${threats.length} kept`)
  })
})

async function poll(): Promise<void> {
  if (!document.hidden && !busy) {
    await refreshView().catch(() => say('npm run dev does not answer'))
  }
  setTimeout(() => void poll(), POLL_MS)
}

update()
void poll()
