import type { Child } from 'hono/jsx'
import { readableOn } from '../base/color.ts'
import { maskEmail } from '../base/email-address.ts'
import { encodeBase64url, sha256 } from '../base/encoding.ts'
import type { Locale } from '../base/locale.ts'
import { words } from '../ask/words.ts'
import { pageWords } from './words.ts'
import { pageScript } from './script.ts'
import { pageStyle } from './style.ts'

/** What every page has. */
export type Look = { appName: string; brandColor: string; locale: Locale }

/** A link that may still be used, as its page needs it. */
export type LinkPage = {
  /** Our own sealing of it: base64url, so it needs no care in a URL. */
  token: string
  /** Six digits. */
  code: string
  email: string | undefined
  minutesLeft: number
  /** Opens the app. */
  appUrl: string
  /** Opens the app on Android, when its package is known. */
  intentUrl: string | undefined
  /** Whether a browser may sign in at all: it has no key to prove (RFC 9449). */
  browser: boolean
}

/** A page that says one thing, and what to do. */
export function noticePage(look: Look, name: 'again' | 'invalid' | 'expired'): Promise<Page> {
  const [title, text] = pageWords[look.locale][name]
  return render(
    look,
    title,
    <div id="stage">
      <h1>{title}</h1>
      <p>{text}</p>
    </div>,
  )
}

/**
 * The page behind a link. What names the account or shows the code stands in templates, which nothing
 * renders before a person acts; the script moves them onto the stage.
 */
export function linkPage(look: Look, link: LinkPage): Promise<Page> {
  const say = pageWords[look.locale]
  const title = say.title(look.appName)
  const account = link.email !== undefined && <p class="account">{maskEmail(link.email)}</p>
  return render(
    look,
    title,
    <>
      <div
        id="stage"
        data-token={link.token}
        data-browser={link.browser ? 'yes' : 'no'}
        data-busy={say.busy}
        data-noapp={say.noApp}
      >
        <h1>{title}</h1>
        <noscript>
          <p>{say.noScript}</p>
          <a class="do" href={link.appUrl}>
            {say.openApp}
          </a>
        </noscript>
      </div>
      <State name="choose" notice={[title, say.lead]}>
        <div>
          <Do what="confirm">{say.here}</Do>
          <a class="do" data-do="app" href={link.appUrl} data-intent={link.intentUrl}>
            {say.openApp}
          </a>
          <Do what="code">{say.showCode}</Do>
        </div>
        <small>{say.close}</small>
      </State>
      <State name="confirm" notice={[say.here]}>
        {account}
        <Do what="sign-in">{say.confirm}</Do>
        <Do what="choose">{say.back}</Do>
        <small>{say.close}</small>
      </State>
      <State name="code" notice={say.code}>
        {account}
        <p class="code">
          <span aria-hidden="true">{link.code}</span>
          <span class="said">{link.code.split('').join(' ')}</span>
        </p>
        <p>
          <small>{words[look.locale].expiry(link.minutesLeft)}</small>
        </p>
        <Do what="choose" quiet>
          {say.back}
        </Do>
      </State>
      <State name="done" notice={say.done} />
      <State name="used" notice={say.used} />
      <State name="expired" notice={say.expired} />
      <State name="superseded" notice={say.superseded} />
      <State name="not_approved" notice={say.notApproved} />
      <State name="unknown" notice={say.elsewhere}>
        <Do what="code">{say.showCode}</Do>
      </State>
      <State name="failed" notice={say.failed}>
        <Do what="sign-in">{say.retry}</Do>
        <Do what="choose">{say.back}</Do>
      </State>
    </>,
  )
}

const State = (props: { name: string; notice: readonly string[]; children?: Child }) => (
  <template id={`t-${props.name}`}>
    <h1 tabindex={-1}>{props.notice[0]}</h1>
    {props.notice[1] && <p>{props.notice[1]}</p>}
    {props.children}
  </template>
)

const Do = (props: { what: string; quiet?: boolean; children: Child }) => (
  <button type="button" class={props.quiet ? 'do quiet' : 'do'} data-do={props.what}>
    {props.children}
  </button>
)

export type Page = { html: string; headers: Record<string, string> }

/** The document, and a policy that lets run what stands in it and nothing else. */
async function render(look: Look, title: string, stage: Child): Promise<Page> {
  const style = pageStyle(look.brandColor, readableOn(look.brandColor))
  const script = `(${pageScript.toString()})()`
  const [styleHash, scriptHash] = await Promise.all([hashOf(style), hashOf(script)])
  const document = (
    <html lang={look.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <p class="mark" aria-hidden="true">
            {Array.from(look.appName)[0]}
          </p>
          {stage}
          <p id="status" role="status"></p>
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  )
  return {
    html: `<!doctype html>${await document}`,
    headers: {
      'Content-Security-Policy':
        `default-src 'none'; script-src ${scriptHash}; style-src ${styleHash}; connect-src 'self'; ` +
        `img-src data:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; ` +
        `require-trusted-types-for 'script'; trusted-types 'none'`,
    },
  }
}

/** A source of a Content Security Policy (CSP Level 3, section 2.3.1). */
async function hashOf(text: string): Promise<string> {
  const base64 = encodeBase64url(await sha256(text))
    .replace(/-/g, '+')
    .replace(/_/g, '/')
  return `'sha256-${base64}='`
}
