import { CONSOLE_ORIGIN, type Console } from './console.ts'
import { messagesTo } from './latchkey.ts'
import { tokenOf } from './sign-in.ts'

/** A browser without JavaScript: it keeps cookies, and follows no redirect by itself. */
export type Browser = {
  cookies: Map<string, string>
  get: (path: string, headers?: Record<string, string>) => Promise<Shown>
  post: (
    path: string,
    form?: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Shown>
  /** A form with files. */
  send: (path: string, form: FormData, headers?: Record<string, string>) => Promise<Shown>
}

/** An answer, and what stands on its page. */
export type Shown = {
  status: number
  headers: Headers
  html: string
  /** Where a redirect leads, as a path. */
  to: string | null
  /** The text without tags. */
  text: string
  /** The value of a field. */
  value: (name: string) => string | undefined
}

export function newBrowser(app: Console, language = 'en'): Browser {
  const cookies = new Map<string, string>()
  const fromHere = { Origin: CONSOLE_ORIGIN }
  const call = async (path: string, init: RequestInit, headers: Record<string, string>) => {
    const answer = await app.fetch(path, {
      ...init,
      headers: {
        Accept: 'text/html',
        'Accept-Language': language,
        'User-Agent': 'Mozilla/5.0 (Macintosh) Firefox/140.0',
        ...(cookies.size === 0
          ? {}
          : { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...headers,
      },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return shown(answer)
  }
  return {
    cookies,
    get: (path, headers = {}) => call(path, {}, headers),
    post: (path, form = {}, headers = {}) =>
      call(
        path,
        { method: 'POST', body: new URLSearchParams(form).toString() },
        {
          'Content-Type': 'application/x-www-form-urlencoded',
          ...fromHere,
          ...headers,
        },
      ),
    async send(path, form, headers = {}) {
      const request = new Request(CONSOLE_ORIGIN, { method: 'POST', body: form })
      const body = await request.arrayBuffer()
      return call(
        path,
        { method: 'POST', body },
        {
          'Content-Type': request.headers.get('Content-Type')!,
          'Content-Length': String(body.byteLength),
          ...fromHere,
          ...headers,
        },
      )
    },
  }
}

async function shown(answer: Response): Promise<Shown> {
  const html = await answer.text()
  const location = answer.headers.get('Location')
  return {
    status: answer.status,
    headers: answer.headers,
    html,
    to: location,
    text: unescape(
      html.replaceAll('<wbr />', '').replace(/<head>[^]*<\/head>|<[^>]*>/g, ' '),
    ).replace(/\s+/g, ' '),
    value: (name) => {
      const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0]
      const value = tag && / value="([^"]*)"/.exec(tag)?.[1]
      return value === undefined ? undefined : unescape(value)
    },
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)

/** Asks for a link in this browser, and takes the message out of the inbox. */
export async function askIn(app: Console, browser: Browser, email: string, more = {}) {
  const asked = await browser.post('/sign-in', { email, ...more })
  if (asked.to !== '/sign-in/code') throw new Error(`asked: ${asked.status} ${asked.text}`)
  await app.settle()
  const [mail] = await messagesTo(email)
  if (mail === undefined) throw new Error(`no mail came: ${JSON.stringify(app.lines)}`)
  return { ...mail, path: new URL(mail.link).pathname, token: tokenOf(mail.link) }
}

/** A browser in which somebody has signed in by code. */
export async function signedIn(app: Console, email: string, language = 'en'): Promise<Browser> {
  const browser = newBrowser(app, language)
  const { code } = await askIn(app, browser, email)
  const entered = await browser.post('/sign-in/code', { code })
  if (entered.to !== '/') throw new Error(`entered: ${entered.status} ${entered.text}`)
  return browser
}
