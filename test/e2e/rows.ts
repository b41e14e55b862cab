import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { createSeals, type Seals } from '../../src/crypto/seal.ts'
import { signJwt } from '../../src/crypto/sign-jwt.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../../src/base/tables.ts'
import { openHandle, sealLink } from '../../src/model/sealed-link.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import type { Asked } from './person.ts'
import type { DevWorld } from './world.ts'

/** With the keys that this world's Worker has. */
function sealsOf(world: DevWorld): Promise<Seals> {
  const [id, secret] = parseEnv(readFileSync(world.varsFile, 'utf8'))['SEAL_KEYS']!.split('.')
  return createSeals(
    [{ id: Number(id), secret: new Uint8Array(Buffer.from(secret!, 'base64url')), nbf: 0 }],
    realWorld,
  )
}

/** The same link as if it had been sent so long ago. */
export async function sentEarlier(world: DevWorld, asked: Asked, seconds: number): Promise<string> {
  const seals = await sealsOf(world)
  const link = (await openHandle(seals, asked.handle))!
  const createdAtMs = unixMs(link.createdAtMs - seconds * 1000)
  return `${world.issuer}/link/${await sealLink(seals, { ...link, createdAtMs })}`
}

/** The link's row ends now, while a page of it may be open. */
export async function endLink(world: DevWorld, asked: Asked): Promise<void> {
  const link = (await openHandle(await sealsOf(world), asked.handle))!
  await dynamoCall(world.aws, 'UpdateItem', {
    TableName: TOKENS_TABLE,
    Key: { tokenId: { S: link.linkId } },
    UpdateExpression: 'SET expiresAt = :past',
    ExpressionAttributeValues: { ':past': { N: '1' } },
  })
}

/** As if the minute between two messages had passed. */
export async function forgetBudget(world: DevWorld, email: string): Promise<void> {
  await dynamoCall(world.aws, 'UpdateItem', {
    TableName: TOKENS_TABLE,
    Key: { tokenId: { S: await addressIdOf(email) } },
    UpdateExpression: 'REMOVE sentAt1',
  })
}

export async function withdrawApproval(world: DevWorld, email: string): Promise<void> {
  await dynamoCall(world.aws, 'PutItem', {
    TableName: APPROVALS_TABLE,
    Item: { email: { S: email }, revokedAt: { N: '1' }, revokedBy: { S: 'admin@example.com' } },
  })
}

/**
 * As if the person had signed in so many seconds earlier: in the rows, and in the session JWT that is returned for the one
 * that is given.
 */
export async function ageSession(
  world: DevWorld,
  refreshToken: string,
  seconds: number,
): Promise<string> {
  const claims = decodeJwt<{ email: string; device_key: string; opened_ms: number }>(refreshToken)
  const openedMs = claims.opened_ms - seconds * 1000
  const set = (tokenId: string, path: string, names: Record<string, string>) =>
    dynamoCall(world.aws, 'UpdateItem', {
      TableName: TOKENS_TABLE,
      Key: { tokenId: { S: tokenId } },
      UpdateExpression: `SET ${path} = :opened`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':opened': { N: String(openedMs) } },
    })
  await set(claims.jti!, '#opened', { '#opened': 'openedAtMs' })
  await set(await addressIdOf(claims.email), 'devices.#device', { '#device': claims.device_key })
  const { kid = '' } = decodeProtectedHeader(refreshToken)
  const key = (await sealsOf(world)).sessionJwtKey(Number(kid))!
  return signJwt({ alg: 'HS256', kid, typ: 'JWT' }, { ...claims, opened_ms: openedMs }, key)
}

/** An approval as somebody types it into the table, without the console's rules. */
export async function typeApproval(world: DevWorld, email: string, company: string): Promise<void> {
  await dynamoCall(world.aws, 'PutItem', {
    TableName: APPROVALS_TABLE,
    Item: { email: { S: email }, metadata: { M: { company: { S: company } } } },
  })
}
