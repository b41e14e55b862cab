import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAllowedInQueue } from '../scripts/infra/iam.ts'
import { claimedKeys, verifyRequest } from './claimed-keys.ts'
import { bodyOf, startLoopbackServer, type LoopbackServer } from './loopback-server.ts'

type Stored = {
  id: string
  body: string
  hiddenUntilMs: number
  deliveries: number
  handle: string
}
type SqsCall = { action: string; input: Record<string, unknown>; fault?: string }
/** `lost`: done, and the answer is an error. `error`: not done. */
type Fault = { action: string; fault: 'error' | 'lost' | 'hang' | 'denied'; times: number }
type Queue = { messages: Stored[]; dead: Stored[]; calls: SqsCall[]; faults: Fault[] }

const MAX_DELIVERIES = 10
const MEMBERS: Record<string, string> = {
  ReceiveMessage: 'MaxNumberOfMessages QueueUrl VisibilityTimeout WaitTimeSeconds',
  DeleteMessage: 'QueueUrl ReceiptHandle',
}

class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message = code) {
    super(message)
    this.status = status
    this.code = code
  }
}

/**
 * Stands in for Amazon SQS (AWS JSON 1.0), on the loopback interface. A queue exists from its first use. `PUT
 * /_control/<queue>` puts bodies into it and sets faults, `POST` makes every message visible again, and `GET` shows
 * what the queue holds, what its dead-letter queue holds, and the calls.
 */
export async function startSqs(): Promise<LoopbackServer> {
  const queues = new Map<string, Queue>()
  const queueOf = (name: string): Queue => {
    const known = queues.get(name) ?? { messages: [], dead: [], calls: [], faults: [] }
    queues.set(name, known)
    return known
  }
  return startLoopbackServer(0, (request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      const name = /^\/_control\/([\w-]+)$/.exec(request.url ?? '')?.[1]
      if (name !== undefined) control(request, response, queueOf(name), body.toString())
      else await serve(request, response, queueOf, body)
    })().catch((error: unknown) => {
      const { status, code, message } =
        error instanceof Refused ? error : new Refused(500, 'InternalFailure', String(error))
      if (response.headersSent) {
        response.destroy()
        return
      }
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }))
    })
  })
}

function control(
  { method }: IncomingMessage,
  response: ServerResponse,
  queue: Queue,
  body: string,
): void {
  if (method === 'PUT') {
    const { bodies = [], faults } = JSON.parse(body) as { bodies?: string[]; faults?: Fault[] }
    if (faults !== undefined) queue.faults = faults
    for (const text of bodies) {
      queue.messages.push({
        id: randomUUID(),
        body: text,
        hiddenUntilMs: 0,
        deliveries: 0,
        handle: '',
      })
    }
  }
  if (method === 'POST') for (const message of queue.messages) message.hiddenUntilMs = 0
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ ...queue, faults: undefined }))
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  queueOf: (name: string) => Queue,
  body: Buffer,
): Promise<void> {
  const { method = '', url = '', headers } = request
  if (method !== 'POST' || url !== '/') throw new Refused(404, 'UnknownOperationException')
  if (headers['content-type'] !== 'application/x-amz-json-1.0') {
    throw new Refused(400, 'SerializationException')
  }
  const refusal = await verifyRequest({ method, url, headers, body }, 'sqs', Date.now())
  if (refusal !== null) throw new Refused(403, refusal.code, refusal.message)
  const action = /^AmazonSQS\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1] ?? ''
  const members = MEMBERS[action]
  if (members === undefined) throw new Refused(400, 'UnknownOperationException', action)
  const input = JSON.parse(body.toString()) as Record<string, unknown>
  // AWS ignores unknown members. Here they are refused, because they are probably typing errors.
  if (Object.keys(input).toSorted().join(' ') !== members) {
    throw new Refused(400, 'InvalidParameterValue', Object.keys(input).join())
  }
  const { worker } = claimedKeys(headers)
  if (worker !== undefined && !isAllowedInQueue(worker, action)) {
    throw new Refused(403, 'AccessDeniedException', `not authorized to perform sqs:${action}`)
  }
  const name = /^http:\/\/127\.0\.0\.1:\d+\/\d{12}\/([\w-]{1,80})$/.exec(
    String(input.QueueUrl),
  )?.[1]
  if (name === undefined || new URL(String(input.QueueUrl)).host !== headers.host) {
    throw new Refused(400, 'QueueDoesNotExist')
  }
  const queue = queueOf(name)
  const rule = queue.faults.find((fault) => fault.action === action && fault.times > 0)
  if (rule !== undefined) rule.times -= 1
  queue.calls.push({ action, input, ...(rule ? { fault: rule.fault } : {}) })
  if (rule?.fault === 'hang') return
  if (rule?.fault === 'error') throw new Refused(500, 'InternalFailure')
  if (rule?.fault === 'denied') throw new Refused(403, 'AccessDeniedException')
  const answer = action === 'ReceiveMessage' ? receive(queue, input) : remove(queue, input)
  if (rule?.fault === 'lost') throw new Refused(500, 'InternalFailure')
  response.setHeader('content-type', 'application/x-amz-json-1.0')
  response.end(answer === null ? '' : JSON.stringify(answer))
}

function receive(queue: Queue, input: Record<string, unknown>): object {
  const most = whole(input.MaxNumberOfMessages, 1, 10)
  const hiddenSeconds = whole(input.VisibilityTimeout, 0, 43_200)
  whole(input.WaitTimeSeconds, 0, 20)
  const now = Date.now()
  const visible = queue.messages.filter(({ hiddenUntilMs }) => hiddenUntilMs <= now)
  for (const tired of visible.filter(({ deliveries }) => deliveries >= MAX_DELIVERIES)) {
    queue.messages.splice(queue.messages.indexOf(tired), 1)
    queue.dead.push(tired)
  }
  const given = visible.filter(({ deliveries }) => deliveries < MAX_DELIVERIES).slice(0, most)
  for (const message of given) {
    message.deliveries += 1
    message.hiddenUntilMs = now + hiddenSeconds * 1000
    message.handle = randomUUID()
  }
  // SQS leaves the member out when there is nothing.
  if (given.length === 0) return {}
  return {
    Messages: given.map(({ id, body, handle }) => ({
      MessageId: id,
      ReceiptHandle: handle,
      MD5OfBody: createHash('md5').update(body).digest('hex'),
      Body: body,
    })),
  }
}

function remove(queue: Queue, { ReceiptHandle }: Record<string, unknown>): null {
  const index = queue.messages.findIndex(({ handle }) => handle !== '' && handle === ReceiptHandle)
  if (index === -1) throw new Refused(400, 'ReceiptHandleIsInvalid')
  queue.messages.splice(index, 1)
  return null
}

function whole(value: unknown, min: number, max: number): number {
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
    throw new Refused(400, 'InvalidParameterValue', `${String(value)} is not in ${min} to ${max}`)
  }
  return Number(value)
}
