import { expect, it } from 'vitest'
import { sampleTokens } from '../../dev/sample-tokens.ts'
import { decodeBase64url } from '../../src/base/encoding.ts'

it('gives the sample person a user id that a link can hold: 16 bytes in base64url', async () => {
  const rows = await sampleTokens(1_800_000_000)
  const userIds = rows.flatMap(({ userId }) => (typeof userId === 'string' ? userId : []))
  expect(userIds).toHaveLength(rows.length)
  for (const id of userIds) {
    expect(id).toMatch(/^usr_/)
    expect(decodeBase64url(id.slice('usr_'.length))).toHaveLength(16)
  }
})
