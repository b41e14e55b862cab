import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Attributes = Record<string, { S?: string; N?: string; M?: Attributes }>
type Input = {
  TransactItems?: { Put?: { Item: Attributes } }[]
  RequestItems?: Record<string, { Keys: Attributes[] }>
  Key?: Attributes
  ExpressionAttributeValues?: Attributes
}

/**
 * A stand-in that only answers, so that the Worker is what is measured: it believes every condition. It
 * keeps the sessions that transactions put, for the flows that read them.
 */
export async function startStore(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const rows = new Map<string, Attributes>()
  const answer = (operation: string, input: Input): object => {
    if (operation === 'TransactWriteItems') {
      for (const { Put } of input.TransactItems ?? []) {
        const id = Put?.Item['tokenId']?.S
        if (Put && id) rows.set(id, Put.Item)
      }
      return {}
    }
    if (operation === 'BatchGetItem') {
      const Responses = Object.fromEntries(
        Object.entries(input.RequestItems ?? {}).map(([table, { Keys }]) => [
          table,
          Keys.flatMap((key) => rows.get(key['tokenId']?.S ?? '') ?? []),
        ]),
      )
      return { Responses }
    }
    const row = rows.get(input.Key?.['tokenId']?.S ?? '')
    const values = input.ExpressionAttributeValues ?? {}
    if (operation === 'UpdateItem' && row && values[':jwt'] && values[':next']) {
      row['generation'] = values[':next']
      row['sessionJWT'] = values[':jwt']
      return { Attributes: row }
    }
    return {}
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1)!
      const body = JSON.stringify(
        answer(operation, JSON.parse(Buffer.concat(chunks).toString()) as Input),
      )
      response.setHeader('Content-Type', 'application/x-amz-json-1.0').end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
