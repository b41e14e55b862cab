import { expect } from 'vitest'
import { IMPORT_PAGE } from '../../../../src/console/pages/approvals/import-routes.ts'
import type { Item } from '../../../../src/dynamo/items.ts'
import { newBrowser } from '../browser.ts'
import { approvalRow, auditRows } from '../console-approvals.ts'
import { requestRow } from '../console-requests.ts'
import { signIn } from '../sign-in.ts'
import { changing, given, waiting, withdrawn, type Subject } from './approval-flows.ts'
import { asResponse, reading } from './console-flows.ts'
import type { Flow } from './flow.ts'
import { expectAlive, expectEnded } from './invariants.ts'
import { about, allowing, expectErased, refuseMails, type Two } from './people-flows.ts'
import type { Stage } from './stage.ts'

// The forms of the console's pages. A person whose form got 503 sends the same form again.

const at = (folder: string, email: string, more = '') =>
  `/${folder}/${encodeURIComponent(email)}${more}`

const post = async ({ console: app, admin }: Stage, path: string, form: Record<string, string>) =>
  asResponse(await newBrowser(app).post(path, form, admin.headers))

type Filled = Subject & { form: Record<string, string> }

/** What the page of an approval fills in. */
const filled =
  (who: (stage: Stage) => Promise<Subject>, more = '') =>
  async (stage: Stage): Promise<Filled> => {
    const { email, etag } = await who(stage)
    const page = await newBrowser(stage.console).get(
      at('approvals', email, more),
      stage.admin.headers,
    )
    const form = { etag: page.value('etag')!, opened: page.value('opened') ?? '' }
    return { email, etag, form }
  }

const editing = (
  name: 'change' | 'extend' | 'withdraw' | 'restore',
  who: (stage: Stage) => Promise<Filled>,
  fields: Record<string, string>,
  after: { action: string; row: Item },
  doneBefore: readonly number[] = [],
): Flow =>
  changing(
    `${name} an approval on its page`,
    who,
    (stage, one) => {
      const { email, form } = one as Filled
      return post(stage, at('approvals', email, `/${name}`), { ...form, ...fields })
    },
    after,
    { done: [303], doneBefore },
  )

const TEXTS = { company: 'Other Corp', reason: 'Enterprise trial', notes: '', phoneNumber: '' }

async function onePerson(stage: Stage): Promise<{ email: string; sessionId: string }> {
  const { user, session_id } = await signIn(stage.auth)
  return { email: user.email, sessionId: session_id }
}

const userIdIn = ({ one }: Two) => ({ userId: one.user.id })

const eraseOnPage = (stage: Stage, two: Two): Promise<Response> =>
  post(stage, at('people', two.email, '/erase'), {
    ...userIdIn(two),
    reason: 'Ticket 4711',
    again: two.email,
  })

export const PAGE_FLOWS: Flow[] = [
  reading('read an approval', async (stage) => at('v1/approvals', (await given(stage)).email)),
  reading('show an approval', async (stage) => at('approvals', (await given(stage)).email)),
  reading('ask before a withdrawal', async (stage) =>
    at('approvals', (await given(stage)).email, '/withdraw'),
  ),
  // An administrator is led to the page of the person.
  reading(
    'say why on the page',
    async (stage) => at('approvals', (await given(stage)).email, '/why'),
    undefined,
    303,
  ),
  reading('show the form of an approval', async () => '/approvals/new'),
  reading('show the import', async () => IMPORT_PAGE),
  reading('show how to find a person', async () => '/people'),
  reading('ask before a session ends', async (stage) => {
    const { email, sessionId } = await onePerson(stage)
    return at('people', email, `/sessions/${sessionId}/end`)
  }),
  reading('ask before all sessions end', async (stage) =>
    at('people', (await onePerson(stage)).email, '/end'),
  ),
  reading('ask before an erasure', async (stage) =>
    at('people', (await onePerson(stage)).email, '/erase'),
  ),
  reading('ask before emails are allowed', async (stage) => {
    const { email } = await onePerson(stage)
    await refuseMails(stage, email)
    return at('people', email, '/allow-mail')
  }),
  allowing(
    'allow emails again on the page',
    (stage, email) => post(stage, at('people', email, '/allow-mail'), { reason: 'They called' }),
    303,
  ),
  editing('change', filled(given), TEXTS, {
    action: 'approval_changed',
    row: { metadata: { company: 'Other Corp', reason: 'Enterprise trial' } },
  }),
  editing(
    'extend',
    filled(given),
    { end: 'none' },
    {
      action: 'approval_extended',
      row: { expiresAt: null },
    },
  ),
  editing(
    'withdraw',
    filled(given, '/withdraw'),
    { reason: 'Left' },
    {
      action: 'approval_withdrawn',
      row: { revokedReason: 'Left' },
    },
  ),
  editing(
    'restore',
    filled(withdrawn),
    { end: 'none' },
    {
      action: 'approval_restored',
      row: { expiresAt: null },
    },
  ),
  {
    name: 'console: import approvals on the page',
    worker: 'console',
    async prepare(stage) {
      const { console: app, admin } = stage
      const email = stage.newGuest()
      const text = `email,company,reason\r\n${email},New Corp,Trial`
      return {
        async send() {
          const form = new FormData()
          form.append('text', text)
          form.append('fromLine', '1')
          return asResponse(await newBrowser(app).send(IMPORT_PAGE, form, admin.headers))
        },
        done: [200],
        async holds() {
          expect(await approvalRow(app, email)).toMatchObject({ version: 1 })
          const rows = await auditRows(app, email)
          expect(rows.map(({ action }) => action)).toEqual(['approval_created'])
        },
      }
    },
  },
  {
    name: 'console: decline a request on the page',
    worker: 'console',
    env: { ACCESS_REQUESTS: 'on' },
    async prepare(stage) {
      const { console: app } = stage
      const { email } = await waiting(stage)
      return {
        send: () => post(stage, at('requests', email, '/decline'), { reason: 'Unknown' }),
        done: [303],
        async holds() {
          expect(await requestRow(app, email)).toMatchObject({ decided: 'declined' })
          const rows = await auditRows(app, email)
          expect(rows.map(({ action }) => action)).toEqual(['request_declined'])
        },
      }
    },
  },
  about(
    'end one session on the page',
    (stage, two) => {
      const path = at('people', two.email, `/sessions/${two.one.session_id}/end`)
      return post(stage, path, { ...userIdIn(two), reason: 'A lost phone' })
    },
    303,
    async ({ console: app, auth }, { one, other, email }) => {
      const rows = await auditRows(app, email)
      expect(rows.map(({ action }) => action)).toEqual(['person_session_ended'])
      await expectEnded(auth, one, one)
      await expectAlive(auth, other)
    },
  ),
  about(
    'end all sessions on the page',
    (stage, two) =>
      post(stage, at('people', two.email, '/end'), { ...userIdIn(two), reason: 'A lost laptop' }),
    303,
    async ({ auth }, { one, other }) => {
      await expectEnded(auth, one, one)
      await expectEnded(auth, other)
    },
  ),
  about('erase a person on the page', eraseOnPage, 303, (stage, two) =>
    expectErased(stage, two, [two.one.session_id, two.other.session_id], {
      send: () => eraseOnPage(stage, two),
      done: 303,
    }),
  ),
]
