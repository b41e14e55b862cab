import { describe, expect, it } from 'vitest'
import { createAwsPost } from '../../src/base/aws.ts'
import { realWorld } from '../../src/base/world.ts'
import { parseConfig } from '../../src/base/config.ts'
import { createDynamoClient } from '../../src/dynamo/client.ts'
import { createDb, type Db } from '../../src/dynamo/db.ts'
import { DynamoError } from '../../src/dynamo/errors.ts'
import { createTrace } from '../../src/dynamo/trace.ts'
import { approvalKey } from '../../src/model/approval.ts'
import { replaceApproval } from '../../src/model/approval-change.ts'
import { approved, approvalRow, newGuest } from '../support/workers/console-approvals.ts'
import { staffedConsole } from '../support/workers/console.ts'
import type { Latchkey } from '../support/workers/latchkey.ts'
import { signIn } from '../support/workers/sign-in.ts'

/** DynamoDB with the keys of a Worker, through the proxy that knows the policies. */
function dbOf(app: Latchkey): Db {
  const config = parseConfig(app.env)
  const client = createDynamoClient(config, realWorld, createAwsPost(config, realWorld))
  return createDb(client, createTrace())
}

const denied = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => error instanceof DynamoError && error.code === 'AccessDeniedException',
  )

describe('works', () => {
  it('T70: does not let the public Worker’s AWS keys write an approval, alone or in a transaction', async () => {
    const { app } = await staffedConsole()
    const config = parseConfig(app.auth.env)
    const email = newGuest()
    const write = replaceApproval(config, undefined, { email, approvedBy: 'x', version: 1 })
    const own = dbOf(app.auth)
    expect(await denied(own.update(write))).toBe(true)
    expect(await denied(own.transact({ write }))).toBe(true)
    const remove = { Delete: approvalKey(config, email) }
    expect(await denied(own.transact({ remove }))).toBe(true)
    expect(
      await denied(own.query({ TableName: config.APPROVALS_TABLE, ConsistentRead: true })),
    ).toBe(true)
    expect(await approvalRow(app, email)).toBeUndefined()
    expect(await own.get(approvalKey(config, email))).toBeUndefined()

    const theirs = dbOf(app)
    expect(await theirs.transact({ write })).toEqual({})
    expect(await approvalRow(app, email)).toMatchObject({ approvedBy: 'x' })
  })

  it('lets each Worker work with its own keys', async () => {
    const { app, admin } = await staffedConsole()
    const { email } = await approved(app, admin)
    expect((await signIn(app.auth, undefined, email)).user.email).toBe(email)
    expect(app.env['AWS_ACCESS_KEY_ID']).not.toBe(app.auth.env['AWS_ACCESS_KEY_ID'])
  })
})
