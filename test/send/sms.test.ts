import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import { smsRequest } from '../../src/send/sms.ts'

const CONFIG = {
  AWS_REGION: 'eu-central-1',
  LINK_TTL_SECONDS: 900,
  SMS_ENDPOINT: undefined,
  SMS_ORIGINATION_IDENTITY: undefined,
} as Config
const SMS = { channel: 'sms', to: '+14155551234', text: 'Sigma code: 123456' } as const

describe('works', () => {
  it('requests one message from AWS End User Messaging in the region, which is dropped once its link has expired', () => {
    const { body, ...rest } = smsRequest(CONFIG, SMS)
    expect(rest).toEqual({
      service: 'sms-voice',
      url: 'https://sms-voice.eu-central-1.amazonaws.com/',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'PinpointSMSVoiceV2.SendTextMessage',
      },
    })
    expect(JSON.parse(body)).toEqual({
      DestinationPhoneNumber: SMS.to,
      MessageBody: SMS.text,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: 900,
    })
  })

  it('sends from the configured identity', () => {
    const { body } = smsRequest({ ...CONFIG, SMS_ORIGINATION_IDENTITY: 'pool-1' }, SMS)
    expect(JSON.parse(body)).toMatchObject({ OriginationIdentity: 'pool-1' })
  })
})
