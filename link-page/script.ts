/**
 * The script of the page behind a link, which stands in the page itself. It sends nothing before a person
 * clicks, and spends the link only with the verifier that this browser kept.
 */

/** `latchkey.pending`: what a page of this origin leaves behind when it asks for a link. */
type Pending = { codeVerifier: string; deviceId: string; handle?: string; returnTo?: unknown }

const PATIENCE_MS = 15_000
/** An app that is installed has opened by then. */
const APP_OPENS_MS = 1500

const stage = document.getElementById('stage')!
const status = document.getElementById('status')!
const { token } = stage.dataset
/** Where Chrome on Android comes back to when the app is not installed. */
const appIsMissing = /[?&]app=none/.test(location.search)

const say = (name: 'busy' | 'noapp'): string => (status.textContent = stage.dataset[name]!)

function pending(): Pending | null {
  try {
    const kept = JSON.parse(localStorage.getItem('latchkey.pending')!) as Pending | null
    const whole = typeof kept?.codeVerifier === 'string' && typeof kept.deviceId === 'string'
    return whole && stage.dataset['browser'] === 'yes' ? kept : null
  } catch {
    return null
  }
}

function show(name: string): void {
  const template = document.getElementById(`t-${name}`) as HTMLTemplateElement
  status.textContent = stage.textContent = ''
  stage.append(template.content.cloneNode(true))
  if (name === 'choose') arrange()
}

/** Where a person's step leads: screen readers go on from its title. */
function go(name: string): void {
  show(name)
  stage.querySelector('h1')!.focus()
}

/** What most likely helps comes first. */
function arrange(): void {
  const app = stage.querySelector('a')!
  const here = stage.querySelector('[data-do=confirm]')!
  const actions = stage.querySelector('div')!
  const { intent } = app.dataset
  if (intent && /Android/.test(navigator.userAgent)) app.href = intent
  if (!pending()) {
    here.remove()
    // A device without a touch screen has no app: there, the code comes first.
    if (!matchMedia('(any-pointer:coarse)').matches) actions.append(app)
  }
}

async function signIn(button: HTMLButtonElement): Promise<void> {
  const kept = pending()
  if (!kept) return go('unknown')
  button.disabled = true
  say('busy')
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const answer = await fetch('/v1/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'urn:latchkey:grant-type:link',
        link_token: token,
        code_verifier: kept.codeVerifier,
        device_id: kept.deviceId,
        handle: kept.handle,
      }),
      signal: patience.signal,
    })
    const tokens = (await answer.json()) as Record<string, string>
    if (!answer.ok) {
      const reason = tokens['latchkey_reason'] ?? 'unknown'
      return go(tokens['error'] !== 'invalid_grant' ? 'failed' : reason)
    }
    const session = JSON.stringify({ ...tokens, obtainedAt: Date.now() })
    localStorage.setItem('latchkey.session', session)
    localStorage.removeItem('latchkey.pending')
    go('done')
    goTo(kept.returnTo)
  } catch {
    go('failed')
  } finally {
    clearTimeout(timer)
  }
}

/** Only a plain path of this origin: one slash, no other host by any spelling. */
function goTo(path: unknown): void {
  const plain = /^\/(?![/\\]|%2f|%5c)[!-[\]-~]*$/i
  if (typeof path !== 'string' || !plain.test(path) || path.includes('//')) return
  const url = new URL(path, location.origin)
  if (url.origin === location.origin) location.replace(url.href)
}

// The token leaves the address bar at once, so that nobody copies it from there.
history.replaceState(null, '', '/link')
// A notice has no token, and nothing to do.
if (token !== undefined) {
  stage.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-do]')
    const action = button?.dataset['do']
    if (action === 'sign-in') void signIn(button!)
    else if (action === 'app') setTimeout(() => say('noapp'), APP_OPENS_MS)
    else if (action !== undefined) go(action)
  })
  show('choose')
  if (appIsMissing) say('noapp')
}
