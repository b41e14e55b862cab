import type { AwsPost, AwsRequest } from '../../base/aws.ts'

/** A message of the queue. The handle is of this delivery, and deletes the message. */
export type QueueMessage = { body: string; receiptHandle: string }

const TRY_MS = 5000
/** The most that SQS returns at once. */
const BATCH = 10
/** How long SQS hides a message that was received. What is still there afterwards is delivered again. */
const HIDDEN_SECONDS = 60

/** SQS refused. Its text is not kept, because it may name the queue's account. */
export class QueueError extends Error {
  constructor(code: string) {
    super(`SQS: ${code}`)
    this.name = code
  }
}

/** @throws QueueError, or the network's error. */
export async function receiveMessages(post: AwsPost, queueUrl: string): Promise<QueueMessage[]> {
  const text = await call(post, queueUrl, 'ReceiveMessage', {
    MaxNumberOfMessages: BATCH,
    VisibilityTimeout: HIDDEN_SECONDS,
    // SQS then asks all of its servers. Without it, a short queue may look empty.
    WaitTimeSeconds: 1,
  })
  const { Messages = [] } = JSON.parse(text) as {
    Messages?: { Body: string; ReceiptHandle: string }[]
  }
  return Messages.map(({ Body, ReceiptHandle }) => ({ body: Body, receiptHandle: ReceiptHandle }))
}

/** @throws QueueError, or the network's error. The message is then delivered again. */
export async function deleteMessage(
  post: AwsPost,
  queueUrl: string,
  { receiptHandle }: QueueMessage,
): Promise<void> {
  await call(post, queueUrl, 'DeleteMessage', { ReceiptHandle: receiptHandle })
}

async function call(
  post: AwsPost,
  queueUrl: string,
  action: 'ReceiveMessage' | 'DeleteMessage',
  input: object,
): Promise<string> {
  const request: AwsRequest = {
    service: 'sqs',
    url: new URL('/', queueUrl).href,
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AmazonSQS.${action}`,
    },
    body: JSON.stringify({ QueueUrl: queueUrl, ...input }),
  }
  const answer = await post(request, TRY_MS)
  if (!answer.ok) throw new QueueError(answer.errorCode)
  return answer.text
}
