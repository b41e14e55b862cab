import { describe, expect, it } from 'vitest'
import type { AwsAnswer, AwsRequest } from '../../src/base/aws.ts'
import { realWorld } from '../../src/base/world.ts'
import { SendError, sendWithRetries } from '../../src/send/retries.ts'
import { viaAws } from '../../src/send/via-aws.ts'

const REQUEST: AwsRequest = { service: 'ses', url: 'https://x.test/', headers: {}, body: 'canary' }
const TAKEN: AwsAnswer = { ok: true, status: 200, text: '{}', errorCode: '' }
const refused = (status: number, errorCode: string): AwsAnswer => ({
  ok: false,
  status,
  text: `{"message":"canary"}`,
  errorCode,
})
const lost = new TypeError('Network connection lost: canary')

/** Sends through a sender that answers so, one after the other; the last answer stays. */
async function send(...answers: [...(AwsAnswer | Error)[], AwsAnswer | Error]) {
  const sent: { request: AwsRequest; timeoutMs: number }[] = []
  const waits: number[] = []
  const sleep = async (ms: number) => void waits.push(ms)
  const world = { ...realWorld, jitter: () => 0.5, sleep }
  const failure = await sendWithRetries(world, [
    viaAws(
      'ses',
      async (request, timeoutMs) => {
        sent.push({ request, timeoutMs })
        const answer = answers[Math.min(sent.length, answers.length) - 1]!
        if (answer instanceof Error) throw answer
        return answer
      },
      REQUEST,
    ),
  ]).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { sent, waits, failure }
}

describe('works', () => {
  it('sends once if the first try is accepted', async () => {
    const { sent, waits, failure } = await send(TAKEN)
    expect(failure).toBeUndefined()
    expect(sent).toEqual([{ request: REQUEST, timeoutMs: 5000 }])
    expect(waits).toEqual([])
  })

  it.each([
    ['a lost connection', lost],
    ['500', refused(500, 'InternalServerErrorException')],
    ['503', refused(503, 'ServiceUnavailable')],
    ['429', refused(429, 'LimitExceededException')],
    ['a throttle as 400', refused(400, 'ThrottlingException')],
    ['too many requests as 400', refused(400, 'TooManyRequestsException')],
  ])('sends the same again after %s, with jitter, and longer each time', async (_, answer) => {
    const { sent, waits, failure } = await send(answer, answer, TAKEN)
    expect(failure).toBeUndefined()
    expect(sent).toEqual(Array.from({ length: 3 }, () => ({ request: REQUEST, timeoutMs: 5000 })))
    expect(waits).toEqual([200, 400])
  })
})

describe('refuses', () => {
  it.each([
    [lost, 0, 'NetworkError'],
    [refused(500, 'InternalServerErrorException'), 500, 'InternalServerErrorException'],
    [refused(400, 'ThrottlingException'), 400, 'ThrottlingException'],
  ])('to try a fourth time, and throws the last error', async (answer, status, code) => {
    const { sent, failure } = await send(answer)
    expect(sent).toHaveLength(3)
    expect(failure).toBeInstanceOf(SendError)
    expect(failure).toMatchObject({ status, code })
  })

  it.each([
    [400, 'MessageRejected'],
    [403, 'AccessDeniedException'],
    [403, 'InvalidSignatureException'],
    [404, 'NotFoundException'],
  ])('to retry after %d %s, which the same message would cause again', async (status, code) => {
    const { sent, failure } = await send(refused(status, code))
    expect(sent).toHaveLength(1)
    expect(failure).toMatchObject({ status, code })
  })
})

describe('withstands', () => {
  it('T53: an error text that may name the person: it is not kept', async () => {
    for (const answer of [lost, refused(400, 'MessageRejected')]) {
      const { failure } = await send(answer)
      const error = failure as SendError
      expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('canary')
      expect(error.cause).toBeUndefined()
    }
  })
})
