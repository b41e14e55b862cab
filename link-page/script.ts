/**
 * The script of the page behind a link, inlined into the page. It sends nothing before the person clicks. It can only
 * redeem the link if this browser requested it, with the code verifier that the browser stored.
 */

/** `latchkey.pending` in localStorage: a page of this origin writes it when it requests a link. */
type Pending = { codeVerifier: string; deviceId: string; handle?: string; returnTo?: unknown }

const TIMEOUT_MS = 15_000
/** If the app is installed, it has opened by this time. */
const APP_OPENS_MS = 1500

const stage = document.getElementById('stage')!
const status = document.getElementById('status')!
const { token } = stage.dataset
/** Chrome on Android opens the page again with this parameter if the app is not installed. */
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
  if (name === 'choose') arrangeChoices()
}

/** Shows the result of the person's step. A screen reader continues from its title. */
function showNext(name: string): void {
  show(name)
  stage.querySelector('h1')!.focus()
}

/** Puts the option first that is most likely to help on this device. */
function arrangeChoices(): void {
  const app = stage.querySelector('a')!
  const here = stage.querySelector('[data-do=confirm]')!
  const actions = stage.querySelector('div')!
  const { intent } = app.dataset
  if (intent && /Android/.test(navigator.userAgent)) app.href = intent
  if (!pending()) {
    here.remove()
    // A device without a touch screen has no app, so the code comes first.
    if (!matchMedia('(any-pointer:coarse)').matches) actions.append(app)
  }
}

async function signIn(button: HTMLButtonElement): Promise<void> {
  const kept = pending()
  if (!kept) return showNext('unknown')
  button.disabled = true
  say('busy')
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
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
      signal: timeout.signal,
    })
    const tokens = (await answer.json()) as Record<string, string>
    if (!answer.ok) {
      const reason = tokens['latchkey_reason'] ?? 'unknown'
      return showNext(tokens['error'] !== 'invalid_grant' ? 'failed' : reason)
    }
    const session = JSON.stringify({ ...tokens, obtainedAt: Date.now() })
    localStorage.setItem('latchkey.session', session)
    localStorage.removeItem('latchkey.pending')
    showNext('done')
    returnTo(kept.returnTo)
  } catch {
    showNext('failed')
  } finally {
    clearTimeout(timer)
  }
}

/** Opens the path in `returnTo`, but only on this origin: no spelling may lead to another host. */
function returnTo(path: unknown): void {
  const plain = /^\/(?![/\\]|%2f|%5c)[!-[\]-~]*$/i
  if (typeof path !== 'string' || !plain.test(path) || path.includes('//')) return
  const url = new URL(path, location.origin)
  if (url.origin === location.origin) location.replace(url.href)
}

// Removes the sealed link from the address bar at once, so that nobody copies it from there.
history.replaceState(null, '', '/link')
// The other pages have no link, and nothing to click.
if (token !== undefined) {
  stage.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-do]')
    const action = button?.dataset['do']
    if (action === 'sign-in') void signIn(button!)
    else if (action === 'app') setTimeout(() => say('noapp'), APP_OPENS_MS)
    else if (action !== undefined) showNext(action)
  })
  show('choose')
  if (appIsMissing) say('noapp')
}
