import { chooseLocale, type Locale } from '../../base/locale.ts'
import { answer, type AppContext } from '../../http/scope.ts'
import type { Person, Role } from '../actor.ts'
import { consoleDepsOf } from '../deps.ts'
import { assetsOf, type Assets } from './assets.ts'
import { frameWords } from './frame-words.ts'
import { html, textOf, type Content, type Html } from './html.ts'

/**
 * Allows script, style and form targets of this origin only, and nothing inline. The referrer policy is `same-origin`:
 * without it, a browser posts a form with `Origin: null`, which requireOwnPage refuses.
 */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'Referrer-Policy': 'same-origin',
  Vary: 'Accept-Language, Cookie',
}

export type Page = {
  title: string
  content: Content
  /** The actor. With an actor, the page has the bar with the menu. */
  person?: Person | undefined
  /** The part of the menu that the page belongs to. */
  part?: Part
  /** The title also names errors, because screen readers read it first. */
  hasErrors?: boolean
  narrow?: boolean
  /** The page goes there by itself, at once. */
  goTo?: string
}

/** The parts of the menu, and the roles that see them. */
const PARTS = [
  { name: 'requests', path: '/requests', roles: ['admin', 'approver'] },
  { name: 'approvals', path: '/approvals', roles: ['admin', 'approver'] },
  { name: 'people', path: '/people', roles: ['admin'] },
] as const satisfies { name: string; path: string; roles: Role[] }[]
/** The console's name links to the start page, which has no entry in the menu. */
export type Part = (typeof PARTS)[number]['name'] | 'start'

export const localeOf = (c: AppContext): Locale => chooseLocale(c.req.header('Accept-Language'))

export async function pageAnswer(
  c: AppContext,
  page: Page,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { config } = consoleDepsOf(c)
  const whole = frame(localeOf(c), config.APP_NAME, await assetsOf(config), page)
  return answer(c.get('scope'), textOf(whole), status, { ...PAGE_HEADERS, ...headers })
}

/** 303: the browser follows with a GET, whatever the method was (RFC 9110 section 15.4.4). @param to a path of this origin. */
export const redirect = (c: AppContext, to: string): Response =>
  answer(c.get('scope'), null, 303, { Location: to, 'Referrer-Policy': 'same-origin' })

function frame(locale: Locale, app: string, { style, script }: Assets, page: Page): Html {
  const say = frameWords[locale]
  const { title, content, person, hasErrors = false, goTo } = page
  const alone = person === undefined
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
${goTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${goTo}" />`}
<title>${hasErrors ? say.colon(say.error, title) : title} · ${say.console(app)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style.path}">
<script src="${script.path}" defer></script>
</head>
<body${alone && html` class="alone"`}>
${person !== undefined && bar(locale, app, person, page.part)}
<main id="main"${page.narrow && html` class="narrow"`}>
${alone && html`<p class="mark" aria-hidden="true">${initialOf(app)}</p>`}
${content}
</main>
</body>
</html>
`
}

function bar(locale: Locale, app: string, person: Person, part: Part | undefined): Html {
  const say = frameWords[locale]
  const seen = PARTS.filter(({ roles }) => roles.some((role) => role === person.role))
  const items = seen.map(
    ({ name, path }) =>
      html`<a href="${path}" ${name === part && html` aria-current="page"`}>${say[name]}</a>`,
  )
  return html`<a class="skip" href="#main">${say.skip}</a>
    <header class="bar">
      <div>
        <a class="home" href="/" ${part === 'start' && html` aria-current="page"`}
          ><span class="mark" aria-hidden="true">${initialOf(app)}</span>
          <span class="full">${say.console(app)}</span></a
        >
        <nav aria-label="${say.navigation}">${items}</nav>
        <form class="who" method="post" action="/sign-out">
          <p>
            <strong>${person.name}</strong>
            <span class="soft">${say.role[person.role]}</span>
          </p>
          <button class="button little">${say.signOut}</button>
        </form>
      </div>
    </header>`
}

const initialOf = (app: string): string => Array.from(app)[0] ?? ''
