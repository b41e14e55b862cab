import { sessionOf, type Stage } from './stage.ts'
import type { Burst, BurstAnswer } from './wire.ts'

/** A burst takes as long as the machine is slow. Calls that the Worker gives up would only add to its work. */
const PATIENCE = 20
/** A phone that still gets 503 sends its request again. */
const ROUNDS = 6

/** Sends the request of each device at the same time. @returns the last answer to each. */
export async function burst(stage: Stage, { count, path, body }: Burst): Promise<BurstAnswer[]> {
  stage.settle()
  const [at, startedAt] = [Date.now(), performance.now()]
  const statuses: Record<string, number> = {}
  const answers = new Map<string, BurstAnswer>()
  const sendOne = async (deviceId: string): Promise<void> => {
    const text = new TextEncoder().encode(JSON.stringify({ ...body, device_id: deviceId }))
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', path, headers, body: text }
    const { response, body: answer } = await stage.send(sent, PATIENCE)
    const { status } = response
    statuses[status] = (statuses[status] ?? 0) + 1
    const sessionId = sessionOf(answer)?.id
    answers.set(deviceId, { deviceId, status, ...(sessionId === undefined ? {} : { sessionId }) })
  }
  let waiting = Array.from({ length: count }, (_, i) => `dev_playground_${i}`)
  for (let round = 0; waiting.length > 0 && round < ROUNDS; round++) {
    await Promise.all(waiting.map(sendOne))
    waiting = waiting.filter((deviceId) => (answers.get(deviceId)?.status ?? 0) >= 500)
  }
  stage.keep({
    at,
    who: `${count} phones at once`,
    count,
    method: 'POST',
    path,
    statuses,
    ms: Math.round(performance.now() - startedAt),
    workerMs: 0,
    roundTrips: 0,
    calls: stage.takeCalls(),
    callsAfter: [],
    lost: false,
  })
  return [...answers.values()]
}
