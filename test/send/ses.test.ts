import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import type { Email } from '../../src/send/message.ts'
import { sesRequest } from '../../src/send/ses.ts'
import { startLatchkey } from '../support/workers/latchkey.ts'
import { watchSes } from '../support/workers/ses.ts'
import { askForLink, newDevice } from '../support/workers/sign-in.ts'

const CONFIG = {
  AWS_REGION: 'eu-central-1',
  MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
  SES_ENDPOINT: undefined,
  SES_CONFIGURATION_SET: undefined,
} as Config

const MAIL: Email = {
  channel: 'email',
  to: 'ada@sigmacomputing.com',
  subject: '123456 ist Ihr Code für Sigma',
  text: 'Guten Tag',
  html: '<p>Guten Tag</p>',
  reference: 'AbCdEfGhIjKlMnOp',
}

const bodyOf = (config: Config): unknown => JSON.parse(sesRequest(config, MAIL).body)

describe('works', () => {
  it('requests one email to one person from SES v2 in the region, in UTF-8', () => {
    const { service, url, headers, body } = sesRequest(CONFIG, MAIL)
    expect({ service, url, headers }).toEqual({
      service: 'ses',
      url: 'https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails',
      headers: { 'Content-Type': 'application/json' },
    })
    const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
    expect(JSON.parse(body)).toEqual({
      FromEmailAddress: CONFIG.MAIL_FROM,
      Destination: { ToAddresses: [MAIL.to] },
      Content: {
        Simple: {
          Subject: utf8(MAIL.subject),
          Body: { Text: utf8(MAIL.text), Html: utf8(MAIL.html) },
          Headers: [
            { Name: 'X-Entity-Ref-ID', Value: MAIL.reference },
            { Name: 'Auto-Submitted', Value: 'auto-generated' },
          ],
        },
      },
    })
  })

  it('names the configuration set only if one is configured', () => {
    expect(bodyOf(CONFIG)).not.toHaveProperty('ConfigurationSetName')
    expect(bodyOf({ ...CONFIG, SES_CONFIGURATION_SET: 'sign-in' })).toMatchObject({
      ConfigurationSetName: 'sign-in',
    })
  })

  it('sends email with the configured set, or without one', async () => {
    for (const [SES_CONFIGURATION_SET, expected] of [
      ['sign-in_mails', { ConfigurationSetName: 'sign-in_mails' }],
      ['', {}],
      [undefined, {}],
    ] as const) {
      const ses = watchSes()
      const app = startLatchkey({ env: { SES_CONFIGURATION_SET }, world: { fetch: ses.fetch } })
      await askForLink(app, await newDevice())
      expect(ses.mails).toHaveLength(1)
      const { ConfigurationSetName: _, ...rest } = ses.mails[0]!
      expect(ses.mails[0]).toEqual({ ...rest, ...expected })
      expect('ConfigurationSetName' in ses.mails[0]!).toBe('ConfigurationSetName' in expected)
    }
  })

  it('uses another endpoint if one is configured', () => {
    const { url } = sesRequest({ ...CONFIG, SES_ENDPOINT: 'http://127.0.0.1:8025' }, MAIL)
    expect(url).toBe('http://127.0.0.1:8025/v2/email/outbound-emails')
  })
})
