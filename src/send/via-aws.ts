import type { AwsPost, AwsRequest } from '../base/aws.ts'
import { AwsKeysUnavailable } from '../base/aws-keys.ts'
import { SendError, type Route, type Sender } from './retries.ts'

/** Sends by SES or by the SMS service. */
export const viaAws = (sender: Sender, post: AwsPost, request: AwsRequest): Route => ({
  sender,
  async attempt(timeoutMs) {
    try {
      const { ok, status, errorCode } = await post(request, timeoutMs)
      return ok ? null : new SendError(status, errorCode, kindOf(status, errorCode))
    } catch (error) {
      const isWithoutKeys = error instanceof AwsKeysUnavailable
      return new SendError(0, isWithoutKeys ? 'AwsKeysUnavailable' : 'NetworkError', 'passing')
    }
  },
})

function kindOf(status: number, code: string): SendError['kind'] {
  if (status === 429 || status >= 500 || /Throttl|TooMany/.test(code)) return 'passing'
  return /^(?:MessageRejected|BadRequestException)$/.test(code) ? 'refused' : 'blocked'
}
