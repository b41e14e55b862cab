import type { AwsRequest } from '../base/aws.ts'
import type { Config } from '../base/config.ts'
import type { Sms } from './message.ts'

/** AWS End User Messaging SMS (API version 2022-03-31), SendTextMessage. */
export function smsRequest(config: Config, sms: Sms): AwsRequest {
  const origin = config.SMS_ENDPOINT ?? `https://sms-voice.${config.AWS_REGION}.amazonaws.com`
  return {
    service: 'sms-voice',
    url: new URL('/', origin).href,
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'PinpointSMSVoiceV2.SendTextMessage',
    },
    body: JSON.stringify({
      DestinationPhoneNumber: sms.to,
      OriginationIdentity: config.SMS_ORIGINATION_IDENTITY,
      MessageBody: sms.text,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: config.LINK_TTL_SECONDS,
    }),
  }
}
