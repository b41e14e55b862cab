import {
  DEFAULT_TIMEOUT_MS,
  findDevelopment,
  request,
  type Development,
  type DevelopmentOptions,
} from './development.ts'
import { TestingError } from './error.ts'

/** How long one request to the inbox waits. */
const WAIT_SECONDS = 5

/** A message that Latchkey sent, and what a person would use of it. */
export type SentMessage = {
  /** `https://…/link/…`, as in the message. */
  link: string
  /** The same link with the app's scheme, which opens an app on a simulator without verified app links. */
  appLink: string
  code: string
}

export type MessageOptions = DevelopmentOptions

/**
 * Waits for the message that `ask` causes: what the app under test does when a person enters the address. The link and
 * the code then work in that app alone, because it has the code verifier.
 * @param to the address, or the phone number for an SMS.
 * @throws TestingError. `ask` is not called if the issuer is not a development Worker.
 */
export async function messageTo(
  to: string,
  ask: () => unknown,
  options: MessageOptions = {},
): Promise<SentMessage> {
  return messageIn(await findDevelopment(options), to, ask, options)
}

/** As `messageTo`, of an inbox that was already found. */
export async function messageIn(
  development: Development,
  to: string,
  ask: () => unknown,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: MessageOptions,
): Promise<SentMessage> {
  const query = new URLSearchParams({ to })
  const [before] = await read(development, query, timeoutMs)
  await ask()
  if (before !== undefined) query.set('after', before.id)
  const deadlineMs = Date.now() + timeoutMs
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = deadlineMs - Date.now()) {
    query.set('waitSeconds', String(Math.min(WAIT_SECONDS, Math.ceil(leftMs / 1000))))
    const messages = await read(development, query, leftMs + 1000)
    // An email about a new device has no link. It may arrive in between.
    const message = messages.find(({ link }) => link !== null)
    if (message !== undefined) return use(development, message)
    if (messages[0] !== undefined) query.set('after', messages[0].id)
  }
  throw new TestingError(
    'no_message',
    `No message arrived within ${timeoutMs} ms. Latchkey sends none to an address that may not sign in: use an approved one, or one at ${development.companyDomains.join(' or ')}.`,
  )
}

type InboxMessage = { id: string; link: string | null; code: string | null }

async function read(
  { inbox }: Development,
  query: URLSearchParams,
  timeoutMs: number,
): Promise<InboxMessage[]> {
  const response = await request(`${inbox}/messages?${query.toString()}`, {}, timeoutMs)
  const said: unknown = await response.json().catch(() => null)
  const isList = Array.isArray(said) && said.every((one) => typeof Object(one).id === 'string')
  if (response.status === 200 && isList) return said
  throw new TestingError('bad_answer', `${inbox} does not answer as the inbox of npm run dev.`)
}

function use({ issuer, inbox, appScheme }: Development, { link, code }: InboxMessage): SentMessage {
  if (typeof link !== 'string' || typeof code !== 'string') {
    throw new TestingError('bad_answer', `The message in ${inbox} has no link and code.`)
  }
  if (!link.startsWith(`${issuer}/link/`)) {
    throw new TestingError(
      'bad_answer',
      `The link in ${inbox} does not lead to ${issuer}. Does another Worker send there?`,
    )
  }
  return { link, code, appLink: `${appScheme}:/${link.slice(issuer.length)}` }
}
