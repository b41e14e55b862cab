import type { Context } from 'hono'
import { normaliseEmail } from '../../base/email-address.ts'
import type { Problem } from '../../http/problem.ts'
import type { AppEnv } from '../../http/scope.ts'
import { isColleague } from '../../model/approval-rules.ts'
import type { Actor, Person } from '../actor.ts'
import { consoleDepsOf } from '../deps.ts'
import { readCookie } from '../session-cookie.ts'
import { frameWords, type FrameWords, type Notice } from './frame-words.ts'
import { localeOf, pageAnswer, redirect } from './frame.ts'
import { html, type Content } from './html.ts'
import { localPath, signInPath } from './local-path.ts'
import { approvalPath } from './approvals/list-markup.ts'
import { PEOPLE } from './people/path.ts'
import { peopleWords } from './people/words.ts'

/** Shows an error as a page. A person without a session is sent to the sign-in page, and afterwards back. */
export async function errorPage(c: Context<AppEnv>, problem: Problem): Promise<Response> {
  // Without a configuration, the page would have no name and no colour.
  if (c.get('scope').deps === undefined) return problem.toResponse(c.get('scope'))
  if (problem.status === 401) return toSignIn(c, problem)
  const say = frameWords[localeOf(c)]
  const [title, text] = noticeOf(say, problem)
  const person = problem.status === 403 ? personOf(c) : undefined
  const ofPeople = person !== undefined && new URL(c.req.url).pathname.startsWith(PEOPLE)
  const content = html`<div class="stack">
    <h1>${title}</h1>
    <p>${text}</p>
    ${ofPeople && html`<p>${say.whyGuests}</p>`}
    <p class="actions">${ofPeople && guestLink(c)}<a class="button" href="/">${say.toStart}</a></p>
    ${problem.status >= 500 && html`<p class="soft small">${say.reference(c.get('scope').requestId)}</p>`}
  </div>`
  return pageAnswer(c, { title, content, person }, problem.status, problem.options.headers)
}

/** The actor, if the route's guard has identified one. */
function personOf(c: Context<AppEnv>): Person | undefined {
  const actor = (c as Context<AppEnv & { Variables: { actor?: Actor } }>).get('actor')
  return actor?.kind === 'person' ? actor : undefined
}

/** Leads from the page of a guest, which an approver may not see, to the page that they may see. */
function guestLink(c: Context<AppEnv>): Content {
  const [, , name = ''] = new URL(c.req.url).pathname.split('/')
  const email = normaliseEmail(name.replace('%40', '@').replace('%2B', '+'))
  const { config } = consoleDepsOf(c)
  return (
    email !== null &&
    !isColleague(config, email) &&
    html`<a class="button main" href="${approvalPath(email, '/why')}"
      >${peopleWords[localeOf(c)].whyLink}</a
    >`
  )
}

function noticeOf(say: FrameWords, { code, status }: Problem): Notice {
  if (code === 'origin_not_allowed') return say.otherOrigin
  if (code === 'unavailable') return say.unavailable
  const byStatus: Record<number, Notice> = {
    403: say.forbidden,
    404: say.notFound,
    405: say.notFound,
    413: say.tooLarge,
    429: say.tooMany,
  }
  return byStatus[status] ?? (status >= 500 ? say.failed : say.badRequest)
}

async function toSignIn(c: Context<AppEnv>, problem: Problem): Promise<Response> {
  const say = frameWords[localeOf(c)]
  const had = (await readCookie(c)) !== null
  const why = problem.code === 'stale_session' ? 'stale' : had ? 'ended' : undefined
  const to = signInPath(whereFrom(c), why)
  // A browser that follows a link of another site does not send a cookie with SameSite=Strict. After this
  // redirect it does, and a person with a session goes straight on.
  if (c.req.header('Sec-Fetch-Site') !== 'cross-site') return redirect(c, to)
  const content = html`<div class="stack">
    <h1>${say.signIn}</h1>
    <p><a class="button main" href="${to}">${say.goOn}</a></p>
  </div>`
  return pageAnswer(c, { title: say.signIn, content, goTo: to })
}

/** The page to return to: the requested page, or the page whose form was sent. */
function whereFrom(c: Context<AppEnv>): string | undefined {
  const { origin } = consoleDepsOf(c)
  const { method, url } = c.req
  const page = method === 'GET' || method === 'HEAD' ? url : c.req.header('Referer')
  if (page === undefined || !URL.canParse(page)) return undefined
  const { pathname, search } = new URL(page)
  const own = method !== 'POST' || new URL(page).origin === origin
  return own ? (localPath(origin, pathname + search) ?? undefined) : undefined
}
