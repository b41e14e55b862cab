import { AwsClient } from 'aws4fetch'
import type { Aws } from '../../dev/local-aws.ts'

/** An error response from DynamoDB. `name` is its code without the namespace. */
export class DynamoError extends Error {
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.name = code
  }
}

/**
 * Makes one signed call to DynamoDB. For scripts and tests, which may simply fail on an error.
 * @throws DynamoError if DynamoDB refuses; TypeError if it cannot be reached.
 */
export async function dynamoCall<T>(aws: Aws, operation: string, input: object): Promise<T> {
  const client = new AwsClient({ ...aws, service: 'dynamodb', retries: 3 })
  const response = await client.fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
    body: JSON.stringify(input),
  })
  const answer = (await response.json()) as Record<string, string | undefined>
  if (!response.ok) {
    const code = answer['__type']?.split('#').at(-1) ?? `HTTP ${response.status}`
    throw new DynamoError(code, answer.message ?? answer.Message ?? '')
  }
  return answer as T
}
