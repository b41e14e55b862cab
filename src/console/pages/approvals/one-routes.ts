import { unauthorized } from '../../../http/session-guard.ts'
import { toSeconds } from '../../../base/time.ts'
import { approvalKey, type ApprovalRow } from '../../../model/approval.ts'
import type { ApprovalChange } from '../../../model/approval-change.ts'
import { isRecent, requireLiveActor } from '../../actor.ts'
import { changeApproval, type ApprovalEvent, type Changed } from '../../approvals/change.ts'
import { etagOf } from '../../approvals/describe.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { emailInPath } from '../../email-in-path.ts'
import { guardedRoutes } from '../../guards.ts'
import { readForm, type Errors, type Parsed, type Typed } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import { html } from '../html.ts'
import { signInPath } from '../local-path.ts'
import { endError, isConflict, limitsOf, refusalText, sayFor, toApproval } from './answers.ts'
import { approvalPath } from './list-markup.ts'
import { loadApproval, loadEnding, type OneApproval } from './load.ts'
import { oneMarkup, titleOf, type FormName, type Shown } from './one-markup.ts'
import { parseChange, parseEnd, parseWithdraw } from './parse.ts'
import { personPath } from '../people/path.ts'
import { peopleWords } from '../people/words.ts'
import { cardPath } from '../requests/path.ts'
import { requestWords } from '../requests/words.ts'
import { personOf } from '../show-page.ts'
import { dayText } from '../when.ts'
import { showPage } from './show-page.ts'
import { withdrawMarkup } from './withdraw-markup.ts'

/** Pages of one approval. */
export const oneApprovalPages = guardedRoutes('approver', 'page')

oneApprovalPages.get('/approvals/:email', async (c) => {
  const done = c.req.query('done')
  const known = done !== undefined && Object.hasOwn(sayFor(c).done, done)
  // An earlier end, which needed a recent sign-in first.
  const { end, until = '' } = c.req.query()
  const sent =
    end === undefined ? undefined : ({ form: 'extend', typed: { end, until }, errors: {} } as const)
  return showOne(c, emailInPath(c), known ? { done: done as ApprovalEvent } : { sent })
})

oneApprovalPages.post('/approvals/:email/extend', (c) =>
  sentForm(c, 'extend', (typed) => {
    const end = parseEnd(typed, sayFor(c), limitsOf(c))
    if (!end.ok) return end
    const content = end.value === undefined ? {} : { expiresAt: end.value }
    return { ok: true, value: { action: 'change', content } }
  }),
)

oneApprovalPages.post('/approvals/:email/change', (c) =>
  sentForm(c, 'change', (typed) => {
    const content = parseChange(typed, sayFor(c))
    return content.ok ? { ok: true, value: { action: 'change', content: content.value } } : content
  }),
)

oneApprovalPages.post('/approvals/:email/restore', (c) =>
  sentForm(c, 'restore', (typed) => {
    const end = parseEnd(typed, sayFor(c), limitsOf(c))
    return end.ok ? { ok: true, value: { action: 'restore', expiresAt: end.value } } : end
  }),
)

/** Asks for a confirmation before it ends access. */
oneApprovalPages.get('/approvals/:email/withdraw', async (c) => {
  const email = emailInPath(c)
  if (!isRecent(c.get('actor'), consoleDepsOf(c).world.now())) return toRecentSignIn(c, email)
  return showWithdraw(c, email, {}, {})
})

oneApprovalPages.post('/approvals/:email/withdraw', async (c) => {
  const email = emailInPath(c)
  const typed = await readForm(c)
  const parsed = parseWithdraw(typed, sayFor(c))
  if (!parsed.ok) return showWithdraw(c, email, typed, parsed.errors)
  const change = { action: 'withdraw', reason: parsed.value } as const
  const changed = await changeSeen(c, email, await readApproval(c, email), typed, change)
  if (changed.ok) return toApproval(c, email, 'approval_withdrawn')
  if (changed.reason === 'not_recent') return toRecentSignIn(c, email)
  if (isConflict(changed)) return showWithdraw(c, email, typed, {}, true)
  return showOne(c, email, { refused: refusalText(c, changed) }, 409)
})

/** Handles a form on an approval's page. The page shows its errors beside what was typed. */
async function sentForm(
  c: ConsoleContext,
  form: FormName,
  parse: (typed: Typed) => Parsed<ApprovalChange>,
): Promise<Response> {
  const email = emailInPath(c)
  const typed = await readForm(c)
  const parsed = parse(typed)
  if (!parsed.ok) return showOne(c, email, { sent: { form, typed, errors: parsed.errors } }, 400)
  const row = await readApproval(c, email)
  const sooner = typed['sooner'] === 'yes' ? null : soonerText(c, row, parsed.value)
  if (sooner !== null) {
    return showOne(c, email, { sent: { form, typed, errors: { end: sooner }, sooner: true } })
  }
  const changed = await changeSeen(c, email, row, typed, parsed.value)
  if (changed.ok) return toApproval(c, email, changed.event ?? 'approval_changed')
  const { reason } = changed
  if (reason === 'not_recent') {
    const { end = '', until = '' } = typed
    const typedEnd = new URLSearchParams({ end, until }).toString()
    return redirect(c, signInPath(approvalPath(email, `?${typedEnd}`), 'recent'))
  }
  if (reason === 'past_end' || reason === 'too_long') {
    return showOne(c, email, { sent: { form, typed, errors: endError(c, reason) } }, 400)
  }
  const sent = { form, typed, errors: {} }
  if (isConflict(changed)) return showOne(c, email, { sent, conflict: [] }, 412)
  return showOne(c, email, { sent, refused: refusalText(c, changed) }, 409)
}

/** Reads the current approval, in parallel with the actor's rows. */
async function readApproval(c: ConsoleContext, email: string): Promise<ApprovalRow | undefined> {
  const { config, db } = consoleDepsOf(c)
  const [row] = await Promise.all([db.get(approvalKey(config, email)), requireLiveActor(c)])
  return row
}

/** Asks for a confirmation if access would end earlier, because people mostly use the form to extend it. Else null. */
function soonerText(
  c: ConsoleContext,
  row: ApprovalRow | undefined,
  change: ApprovalChange,
): string | null {
  if (change.action !== 'change' || row === undefined) return null
  const was = row.expiresAt ?? null
  const { expiresAt: end = was } = change.content
  const now = toSeconds(consoleDepsOf(c).world.now())
  if (end === null || end <= now || (was !== null && end >= was)) return null
  const [locale, say] = [localeOf(c), sayFor(c)]
  return say.endsSooner(dayText(end, locale), was === null ? say.noEnd : dayText(was, locale))
}

/** Changes the approval, if it is still as the form's page showed it. */
async function changeSeen(
  c: ConsoleContext,
  email: string,
  row: ApprovalRow | undefined,
  typed: Typed,
  change: ApprovalChange,
): Promise<Changed> {
  const deps = consoleDepsOf(c)
  const precondition = typed['etag'] === (await tagOf(row)) ? 'holds' : 'failed'
  const changed = await changeApproval(deps, c.get('actor'), email, row, change, { precondition })
  if (!changed.ok && changed.reason === 'actor') throw unauthorized(c, 'invalid_token', 'revoked')
  return changed
}

/** The entity tag of the row that the page showed. A company address may have no row. */
const tagOf = async (row: ApprovalRow | undefined): Promise<string> =>
  row === undefined ? 'none' : etagOf(row)

const toRecentSignIn = (c: ConsoleContext, email: string): Response =>
  redirect(c, signInPath(approvalPath(email, '/withdraw'), 'recent'))

async function showOne(
  c: ConsoleContext,
  email: string,
  shown: Shown,
  status = 200,
): Promise<Response> {
  const one = await loadApproval(c, email)
  if (one.row === undefined && !one.company) return showAbsent(c, one)
  const opened = Number(shown.sent?.typed['opened'] ?? 0)
  const conflict = shown.conflict && one.history.filter(({ createdAt }) => createdAt >= opened)
  const etag = await tagOf(one.row)
  const content = oneMarkup(localeOf(c), one, etag, { ...shown, conflict })
  const hasErrors = status >= 400
  return showPage(c, titleOf(localeOf(c), one), content, { status, hasErrors })
}

async function showWithdraw(
  c: ConsoleContext,
  email: string,
  typed: Typed,
  errors: Errors,
  conflict = false,
): Promise<Response> {
  const { one, sessions } = await loadEnding(c, email)
  if (one.row === undefined && !one.company) return showAbsent(c, one)
  if (!one.may.withdraw) return redirect(c, approvalPath(email))
  const opened = Number(typed['opened'] ?? 0)
  const content = withdrawMarkup(localeOf(c), one, await tagOf(one.row), {
    sessions,
    devices: personOf(c).role === 'admin',
    typed,
    errors,
    conflict: conflict ? one.history.filter(({ createdAt }) => createdAt >= opened) : undefined,
  })
  const hasErrors = conflict || Object.keys(errors).length > 0
  const status = conflict ? 412 : hasErrors ? 400 : 200
  const title = sayFor(c).confirm.title(email)
  return showPage(c, title, content, { status, hasErrors, narrow: true })
}

function showAbsent(c: ConsoleContext, { email, waiting, why }: OneApproval): Promise<Response> {
  const say = sayFor(c)
  const locale = localeOf(c)
  const [to, label] =
    waiting === undefined
      ? [`/approvals/new?email=${encodeURIComponent(email)}`, say.approve]
      : [cardPath(waiting), requestWords[locale].decide]
  const content = html`<a class="back" href="/approvals">← ${say.title}</a>
    <div class="card stack">
      <h1>${say.absent[0]}</h1>
      <p>${say.absent[1]} <strong>${email}</strong></p>
      ${waiting !== undefined && html`<p>${requestWords[locale].waitsForDecision}</p>`}
      <p class="actions">
        <a class="button main" href="${to}">${label}</a>
        ${
          why &&
          html`<a class="button" href="${approvalPath(email, '/why')}"
            >${peopleWords[locale].whyLink}</a
          >`
        }
        ${
          personOf(c).role === 'admin' &&
          html`<a class="button" href="${personPath(email)}">${peopleWords[locale].person}</a>`
        }
      </p>
    </div>`
  return showPage(c, say.absent[0], content, { status: 404, narrow: true })
}
