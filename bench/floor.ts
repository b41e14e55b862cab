import { AwsClient } from 'aws4fetch'
import { Hono } from 'hono'
import { importJWK, jwtVerify, SignJWT, type JWK } from 'jose'

/**
 * The reference floor: the minimum that a Worker needs to sign people in with one DynamoDB transaction. It uses Hono,
 * aws4fetch and jose, one TransactWriteItems with three items, one ES256 and one HS256 signature. It does not
 * validate, rate-limit or seal anything. Latchkey's figures are given as ratios to those of the floor.
 */
type Env = { DYNAMODB_ENDPOINT: string; JWT_KEYS: string }

const app = new Hono<{ Bindings: Env }>()
const aws = new AwsClient({
  accessKeyId: 'latchkeylocal',
  secretAccessKey: 'latchkeylocalsecret',
  service: 'dynamodb',
  region: 'us-east-1',
  retries: 0,
})
const hmacKey = new Uint8Array(32).fill(7)
let key: Promise<CryptoKey | Uint8Array> | undefined

async function dynamo(env: Env, operation: string, input: object): Promise<Response> {
  const signed = await aws.sign(env.DYNAMODB_ENDPOINT, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    },
    body: JSON.stringify(input),
  })
  return fetch(signed)
}

app.post('/sign-in', async (c) => {
  const { id } = await c.req.json<{ id: string }>()
  const jwk = (JSON.parse(c.env.JWT_KEYS) as { keys: JWK[] }).keys[0]!
  key ??= importJWK(jwk, 'ES256') as Promise<CryptoKey>
  const TableName = 'mobile-auth-tokens'
  const now = { N: String(Math.floor(Date.now() / 1000)) }
  const answer = await dynamo(c.env, 'TransactWriteItems', {
    TransactItems: [
      {
        Update: {
          TableName,
          Key: { tokenId: { S: id } },
          UpdateExpression: 'SET used = :true',
          ExpressionAttributeValues: { ':true': { BOOL: true } },
        },
      },
      {
        ConditionCheck: {
          TableName: 'mobile-approved-emails',
          Key: { email: { S: `${id}@example.com` } },
          ConditionExpression: 'attribute_not_exists(revokedAt)',
        },
      },
      { Put: { TableName, Item: { tokenId: { S: `ses_${id}` }, createdAt: now } } },
    ],
    ClientRequestToken: crypto.randomUUID(),
  })
  if (!answer.ok) return c.text(await answer.text(), 500)
  const [access, refresh] = await Promise.all([
    new SignJWT({ sub: id })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('10m')
      .sign(await key),
    new SignJWT({ sub: id })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('30d')
      .sign(hmacKey),
  ])
  return c.json({ access, refresh })
})

/** A check of a session: it verifies one JWT and reads one row. */
app.get('/session', async (c) => {
  const token = c.req.header('Authorization')!.slice('Bearer '.length)
  const { payload } = await jwtVerify(token, hmacKey)
  const answer = await dynamo(c.env, 'GetItem', {
    TableName: 'mobile-auth-tokens',
    Key: { tokenId: { S: `ses_${payload.sub}` } },
    ConsistentRead: true,
  })
  return c.json(await answer.json())
})

app.get('/healthz', (c) => c.text('ok'))

export default app
