import type { AwsRequest } from '../base/aws.ts'
import type { Config } from '../base/config.ts'
import { headersOf, type Email } from './message.ts'

/** Amazon SES API v2, SendEmail. */
export function sesRequest(config: Config, mail: Email): AwsRequest {
  const origin = config.SES_ENDPOINT ?? `https://email.${config.AWS_REGION}.amazonaws.com`
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
  return {
    service: 'ses',
    url: new URL('/v2/email/outbound-emails', origin).href,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      FromEmailAddress: config.MAIL_FROM,
      // Its event destinations tell the operator about bounces and complaints.
      ConfigurationSetName: config.SES_CONFIGURATION_SET,
      Destination: { ToAddresses: [mail.to] },
      Content: {
        Simple: {
          Subject: utf8(mail.subject),
          Body: { Text: utf8(mail.text), Html: utf8(mail.html) },
          Headers: Object.entries(headersOf(mail)).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    }),
  }
}
