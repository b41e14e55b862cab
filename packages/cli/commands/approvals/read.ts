import type { Api } from '../../api/api.ts'
import { segment } from '../../api/path.ts'
import { Refusal } from '../../api/problem.ts'
import type { Approval, ApprovalWithHistory } from '../../api/types.ts'
import { EXIT, Failure } from '../../exit.ts'
import type { Style } from '../../terminal/paint.ts'
import { timeText } from '../../terminal/time.ts'

export const pathOf = (email: string): string => `/v1/approvals/${segment(email)}`

export const STATE_STYLES: Record<Approval['state'], Style> = {
  active: 'green',
  ending: 'yellow',
  ended: 'dim',
  withdrawn: 'red',
}

/** @returns null when the address has none. */
export async function findApproval(api: Api, email: string): Promise<ApprovalWithHistory | null> {
  try {
    return (await api.get<ApprovalWithHistory>(pathOf(email))).body
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null
    throw error
  }
}

/** @throws Failure with exit code 4. */
export async function readApproval(api: Api, email: string): Promise<Approval> {
  const found = await findApproval(api, email)
  if (found !== null) return found.approval
  throw new Failure(EXIT.notFound, `There is no approval of ${email}.`)
}

/** Makes a change that names the approval as it was read. When somebody else was faster, says who it was. */
export async function unlessChanged<T>(
  api: Api,
  email: string,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 412) throw error
    const [last] = (await findApproval(api, email))?.history ?? []
    const who =
      last === undefined
        ? `The approval of ${email} has changed since it was read.`
        : `${last.by} has changed the approval of ${email} meanwhile (${last.action}, ${timeText(last.at)}).`
    throw new Failure(EXIT.conflict, `${who} Nothing was done. Look at it, and try again.`)
  }
}
