import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { acceptEmail, acceptSms, Refused, type Accepted, type Message } from './accept.ts'
import { inboxPage } from './page.ts'
import { previewHtml, previewNewDeviceHtml, previewPage } from './preview.ts'
import { verifyRequest } from '../claimed-keys.ts'
import { DOCUMENTS } from '../documents.ts'
import { isLoopbackHost, WRONG_HOST } from './host.ts'
import { readMessages } from './read-messages.ts'
import { respondPage } from '../page.ts'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../loopback-server.ts'
import type { Refusal } from './sigv4.ts'

export type Inbox = LoopbackServer & { messages: Message[] }

const MAX_MESSAGES = 5000
const SEND_EMAIL = '/v2/email/outbound-emails'
const SEND_SMS = 'PinpointSMSVoiceV2.SendTextMessage'

/** Serves further paths of the same origin. @returns whether the path was one of them. */
export type Beside = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: Buffer,
) => Promise<boolean>

/**
 * Stands in for SES v2 and AWS End User Messaging, on the loopback interface. It keeps the messages in
 * memory, newest first, and shows them in a browser at `/` and as JSON at `/messages`.
 */
export async function startInbox(
  port: number,
  { appScheme = 'latchkey', beside }: { appScheme?: string; beside?: Beside } = {},
): Promise<Inbox> {
  const messages: Message[] = []
  const kept = new EventEmitter().setMaxListeners(0)
  const box = { messages, kept, appScheme, beside }
  const server = await startLoopbackServer(port, (request, response) => {
    handle(request, response, box).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { message: String(error) })
      else response.destroy()
    })
  })
  return { ...server, messages }
}

/** The messages; `kept` says `message` for each new one. */
type Box = {
  messages: Message[]
  kept: EventEmitter
  appScheme: string
  beside: Beside | undefined
}

async function handle(request: IncomingMessage, response: ServerResponse, box: Box): Promise<void> {
  const { messages } = box
  const { method = 'GET', headers } = request
  if (!isLoopbackHost(headers.host)) return json(response, 421, { message: WRONG_HOST })
  const url = new URL(request.url ?? '/', 'http://inbox')
  const route = `${method} ${url.pathname}`
  const htmlOf = /^GET \/messages\/([\w-]+)\/html$/.exec(route)?.[1]
  const previewOf = /^GET \/preview\/(\w+)\/html$/.exec(route)?.[1]
  const newDeviceOf = /^GET \/preview\/(\w+)\/new-device$/.exec(route)?.[1]
  const document = DOCUMENTS.find(({ path }) => route === `GET /files/${path}`)
  const body = await bodyOf(request)

  if (await box.beside?.(request, response, url, body)) return
  if (route === `POST ${SEND_EMAIL}`) {
    const refusal = await wrongSignature(request, body, 'ses')
    return refusal
      ? refuse(response, 403, refusal, 'header')
      : keep(response, body, box, acceptEmail, 'header')
  }
  if (route === 'POST /' && headers['x-amz-target'] === SEND_SMS) {
    const refusal = await wrongSignature(request, body, 'sms-voice')
    return refusal
      ? refuse(response, 403, refusal, 'body')
      : keep(response, body, box, acceptSms, 'body')
  }
  if (route === 'GET /messages') {
    return json(response, 200, await readMessages(box, url.searchParams, response))
  }
  if (route === 'DELETE /messages') {
    messages.length = 0
    response.writeHead(204).end()
    return
  }
  if (route === 'GET /') {
    const shownId = url.searchParams.get('message') ?? undefined
    return respondPage(response, (nonce) => inboxPage({ ...box, shownId }, nonce))
  }
  if (document) return documentText(response, document.path)
  if (route === 'GET /preview') return respondPage(response, previewPage)
  if (previewOf) return mailHtml(response, previewHtml(previewOf))
  if (newDeviceOf) return mailHtml(response, previewNewDeviceHtml(newDeviceOf))
  if (htmlOf) return mailHtml(response, messages.find((one) => one.id === htmlOf)?.html)
  json(response, 404, { message: `The inbox has no route ${route}` })
}

function wrongSignature(
  request: IncomingMessage,
  body: Buffer,
  service: string,
): Promise<Refusal | null> {
  const { method = 'GET', url = '/', headers } = request
  return verifyRequest({ method, url, headers, body }, service, Date.now())
}

/** Where a service puts its error name: SES v2 (REST) in a header, End User Messaging (JSON 1.0) in the body. */
type ErrorNameIn = 'header' | 'body'

function refuse(
  response: ServerResponse,
  status: number,
  refusal: Refusal,
  where: ErrorNameIn,
): void {
  const { code, message } = refusal
  if (where === 'header') response.setHeader('x-amzn-errortype', code)
  json(response, status, where === 'header' ? { message } : { __type: code, message })
}

function keep(
  response: ServerResponse,
  body: Buffer,
  { messages, kept }: Box,
  accept: (body: unknown) => Accepted,
  where: ErrorNameIn,
): void {
  try {
    const accepted = accept(JSON.parse(body.toString('utf8')))
    const id = randomUUID()
    messages.unshift({ id, ...accepted, at: Date.now() })
    messages.length = Math.min(messages.length, MAX_MESSAGES)
    kept.emit('message')
    json(response, 200, { MessageId: id })
  } catch (error) {
    if (!(error instanceof Refused || error instanceof SyntaxError)) throw error
    const code = where === 'header' ? 'BadRequestException' : 'ValidationException'
    refuse(response, 400, { code, message: error.message }, where)
  }
}

/** Responds with the HTML of an email. Its policy lets it run no script and load nothing. */
function mailHtml(response: ServerResponse, html: string | undefined): void {
  if (html === undefined) return json(response, 404, { message: 'No such message' })
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(html)
}

/** A document of this repository, as plain text. */
async function documentText(response: ServerResponse, path: string): Promise<void> {
  const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(value))
}
