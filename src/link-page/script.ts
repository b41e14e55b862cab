/** As much of a browser as the page uses: the Worker's own types have none. */
type Element = {
  textContent: string
  disabled: boolean
  href: string
  dataset: Record<string, string | undefined>
  content: { cloneNode: (deep: boolean) => Element }
  appendChild: (child: Element) => void
  append: (child: Element) => void
  remove: () => void
  focus: () => void
  closest: (selector: string) => Element | null
  querySelector: (selector: string) => Element | null
  addEventListener: (type: 'click', listener: (event: { target: Element }) => void) => void
}
declare const document: { getElementById: (id: string) => Element | null }
declare const location: { origin: string; search: string; replace: (url: string) => void }
declare const history: { replaceState: (state: null, unused: '', url: string) => void }
declare const localStorage: {
  getItem: (name: string) => string | null
  setItem: (name: string, value: string) => void
  removeItem: (name: string) => void
}
declare const matchMedia: (query: string) => { matches: boolean }

/** `latchkey.pending`: what a page of this origin leaves behind when it asks for a link. */
type Pending = { codeVerifier: string; deviceId: string; handle?: string; returnTo?: unknown }

/**
 * The page's own script. It is sent as its source text, so it may name nothing from outside of itself.
 * It asks nobody anything before a click, and spends the link only with the verifier that this browser kept.
 */
export function pageScript(): void {
  const stage = document.getElementById('stage')!
  const status = document.getElementById('status')!
  const wanted = /[?&]app=none/.test(location.search)
  history.replaceState(null, '', '/link')
  const token = stage.dataset['token']
  if (token === undefined) return

  const template = (name: string) => document.getElementById(`t-${name}`)
  const say = (name: string) => (status.textContent = stage.dataset[name]!)

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
    status.textContent = stage.textContent = ''
    stage.appendChild(template(name)!.content.cloneNode(true))
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
    // Taken apart, since the bundler puts the Worker's own name in place of `navigator.` and `userAgent`.
    const { userAgent } = navigator
    if (app.dataset['intent'] && /Android/.test(userAgent)) {
      app.href = app.dataset['intent']
    }
    if (!pending()) {
      here.remove()
      // Where nothing is touched there is no app: the code comes first.
      if (!matchMedia('(any-pointer:coarse)').matches) actions.append(app)
    }
  }

  async function signIn(button: Element): Promise<void> {
    const kept = pending()
    if (!kept) return go('unknown')
    button.disabled = true
    say('busy')
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), 15_000)
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

  stage.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]')
    const what = button?.dataset['do']
    if (what === 'sign-in') void signIn(button!)
    else if (what === 'app') setTimeout(() => say('noapp'), 1500)
    else if (what !== undefined) go(what)
  })
  show('choose')
  if (wanted) say('noapp')
}
