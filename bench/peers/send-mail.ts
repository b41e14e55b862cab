import { AwsClient } from 'aws4fetch'
import { env } from './env.ts'

const aws = new AwsClient({
  accessKeyId: env.AWS_ACCESS_KEY_ID,
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  region: env.AWS_REGION,
  service: 'ses',
  retries: 0,
})

/** Sends an email by SES, as Latchkey does: both peers leave the sending to the application. */
export async function sendMail(to: string, text: string): Promise<void> {
  const response = await aws.fetch(`${env.SES_ENDPOINT}/v2/email/outbound-emails`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      FromEmailAddress: env.MAIL_FROM,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: { Data: 'Sign in' }, Body: { Text: { Data: text } } } },
    }),
  })
  if (!response.ok) throw new Error(`SES answered ${response.status}`)
}
