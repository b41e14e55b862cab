/**
 * The script of the account page, inlined into the page. It is an app like any other: the client signs the person in,
 * with a key of this browser if there is a place to store one.
 */
import { createLatchkeyClient } from '../../packages/client/client.ts'
import { LatchkeyError } from '../../packages/client/error.ts'
import { memoryStorage, webStorage } from '../../packages/client/storage.ts'
import type { Said } from './markup.ts'

const stage = document.getElementById('stage')!
const status = document.getElementById('status')!
const { lang } = document.documentElement

/** A browser may forbid a page to store anything. Then the sign-in lasts as long as the page. */
function storage() {
  try {
    return webStorage(localStorage)
  } catch {
    return memoryStorage()
  }
}

const client = createLatchkeyClient({ issuer: location.origin, storage: storage() })
let email = ''

const say = (name: Said): string => (status.textContent = stage.dataset[name]!)

/** A screen reader continues from the title. */
function show(name: string): void {
  const template = document.getElementById(`t-${name}`) as HTMLTemplateElement
  status.textContent = stage.textContent = ''
  stage.append(template.content.cloneNode(true))
  const account = stage.querySelector('.account')
  if (account) account.textContent = email
  stage.querySelector('h1')!.focus()
}

async function showCurrent(): Promise<void> {
  // Without a network, what this browser stored is shown.
  const session = await client.session({ check: true }).catch(() => client.session())
  const pending = session ? null : await client.pending()
  email = session?.user.email ?? pending?.email ?? ''
  show(session ? 'account' : pending?.state === 'asked' ? 'code' : 'start')
}

async function ask(): Promise<void> {
  await client.ask({ email, locale: lang, returnTo: '/account' })
  show('code')
}

async function download(): Promise<void> {
  const text = JSON.stringify(await client.exportAccount(), null, 2)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = 'account.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  say('downloaded')
}

const value = (form: HTMLElement, name: string): string =>
  form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value.trim()

/** What the person can do, by the name of the form or button. Any other name is that of a state to show. */
const ACTIONS: Record<string, (from: HTMLElement) => Promise<void>> = {
  ask(form) {
    email = value(form, 'email')
    return ask()
  },
  async redeem(form) {
    email = (await client.redeemCode(value(form, 'code'))).user.email
    show('account')
  },
  async resend() {
    await client.resend()
    say('sent')
  },
  async 'sign-out-others'() {
    await client.signOutEverywhere({ keepCurrent: true })
    say('others')
  },
  export: download,
  async delete() {
    // Another tab may have signed in somebody else since the page asked.
    if ((await client.session())?.user.email !== email) return showCurrent()
    await client.deleteAccount()
    show('deleted')
  },
  async again() {
    const known = email
    await client.signOut()
    email = known
    await ask()
  },
  async 'sign-out'() {
    await client.signOut()
    show('start')
  },
}

async function run(action: string, from: HTMLElement): Promise<void> {
  const work = ACTIONS[action]
  if (!work) return show(action)
  const buttons = [...stage.querySelectorAll('button')]
  const focused = document.activeElement as HTMLElement
  for (const one of buttons) one.disabled = true
  say('busy')
  try {
    await work(from)
    if (status.textContent === stage.dataset['busy']) status.textContent = ''
  } catch (error) {
    explain(error instanceof LatchkeyError ? error : new LatchkeyError('unavailable'))
  } finally {
    for (const one of buttons) one.disabled = false
    // A button that is disabled loses the focus.
    if (document.activeElement === document.body) focused.focus()
  }
}

function explain({ code, retryAfterSeconds = 60 }: LatchkeyError): void {
  if (code === 'sign_in_again') return show('stale')
  if (code === 'signed_out' || code === 'not_asked') {
    show('start')
    say('ended')
  } else if (code === 'rate_limited') {
    const unit = { style: 'unit', unit: 'minute', unitDisplay: 'long' } as const
    const minutes = new Intl.NumberFormat(lang, unit).format(Math.ceil(retryAfterSeconds / 60))
    status.textContent = stage.dataset['wait']!.replace('%t', minutes)
  } else if (code === 'invalid_grant') {
    say('wrong')
    stage.querySelector('input')?.select()
  } else say(code === 'bot_check_failed' ? 'app' : 'failed')
}

stage.addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target as HTMLFormElement
  void run(form.dataset['do']!, form)
})
stage.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('button[data-do]')
  if (button) void run(button.dataset['do']!, button)
})
// The page behind the link has signed this browser in, in another tab.
addEventListener('storage', ({ key, newValue }) => {
  if (key === 'latchkey.session' && newValue) void showCurrent()
})

// A page that the browser kept may have missed such an event.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void showCurrent()
})

// The Worker may have a second host. Sessions, and proofs of keys, are of the issuer's.
const url = stage.dataset['url']!
if (new URL(url).origin !== location.origin) location.replace(url)
else void showCurrent()
