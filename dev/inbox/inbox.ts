import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { acceptEmail, acceptSms, Refused, type Accepted, type Message } from './accept.ts'
import { inboxPage } from './page.ts'
import { previewHtml, previewPage } from './preview.ts'
import { verifyRequest } from '../claimed-keys.ts'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../loopback-server.ts'
import type { Refusal } from './sigv4.ts'

export type Inbox = LoopbackServer & { messages: Message[] }

const MAX_MESSAGES = 5000
const SEND_EMAIL = '/v2/email/outbound-emails'
const SEND_SMS = 'PinpointSMSVoiceV2.SendTextMessage'

/**
 * Stands in for SES v2 and AWS End User Messaging, on the loopback interface. It keeps the messages in
 * memory, newest first, and shows them in a browser at `/` and as JSON at `/messages`.
 */
export async function startInbox(port: number): Promise<Inbox> {
  const messages: Message[] = []
  const server = await startLoopbackServer(port, (request, response) => {
    handle(request, response, messages).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { message: String(error) })
      else response.destroy()
    })
  })
  return { ...server, messages }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  messages: Message[],
): Promise<void> {
  const { method = 'GET', headers } = request
  const url = new URL(request.url ?? '/', 'http://inbox')
  const route = `${method} ${url.pathname}`
  const htmlOf = /^GET \/messages\/([\w-]+)\/html$/.exec(route)?.[1]
  const previewOf = /^GET \/preview\/(\w+)\/html$/.exec(route)?.[1]
  const body = await bodyOf(request)

  if (route === `POST ${SEND_EMAIL}`) {
    const refusal = await wrongSignature(request, body, 'ses')
    return refusal
      ? refuse(response, 403, refusal, 'header')
      : keep(response, body, messages, acceptEmail, 'header')
  }
  if (route === 'POST /' && headers['x-amz-target'] === SEND_SMS) {
    const refusal = await wrongSignature(request, body, 'sms-voice')
    return refusal
      ? refuse(response, 403, refusal, 'body')
      : keep(response, body, messages, acceptSms, 'body')
  }
  if (route === 'GET /messages') {
    const to = url.searchParams.get('to')
    return json(
      response,
      200,
      to ? messages.filter((one) => recipientsOf(one).includes(to)) : messages,
    )
  }
  if (route === 'DELETE /messages') {
    messages.length = 0
    response.writeHead(204).end()
    return
  }
  if (route === 'GET /') return page(response, (nonce) => inboxPage(messages, nonce))
  if (route === 'GET /preview') return page(response, previewPage)
  if (previewOf) return mailHtml(response, previewHtml(previewOf))
  if (htmlOf) return mailHtml(response, messages.find((one) => one.id === htmlOf)?.html)
  json(response, 404, { message: `The inbox has no route ${route}` })
}

const recipientsOf = ({ recipients: { to, cc, bcc } }: Message): string[] => [...to, ...cc, ...bcc]

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
  messages: Message[],
  accept: (body: unknown) => Accepted,
  where: ErrorNameIn,
): void {
  try {
    const accepted = accept(JSON.parse(body.toString('utf8')))
    const id = randomUUID()
    messages.unshift({ id, ...accepted, at: Date.now() })
    messages.length = Math.min(messages.length, MAX_MESSAGES)
    json(response, 200, { MessageId: id })
  } catch (error) {
    if (!(error instanceof Refused || error instanceof SyntaxError)) throw error
    const code = where === 'header' ? 'BadRequestException' : 'ValidationException'
    refuse(response, 400, { code, message: error.message }, where)
  }
}

function page(response: ServerResponse, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(render(nonce))
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

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(value))
}
