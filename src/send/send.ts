import type { AwsPost } from '../base/aws.ts'
import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import type { Message } from './message.ts'
import { sendWithRetries } from './retries.ts'
import { sesRequest } from './ses.ts'
import { smsRequest } from './sms.ts'

/** Sends one message, with a limited number of retries. @throws SendError if no try was accepted. */
export type Send = (message: Message) => Promise<void>

export const createSend =
  (config: Config, world: World, post: AwsPost): Send =>
  (message) =>
    sendWithRetries(
      world,
      post,
      message.channel === 'email' ? sesRequest(config, message) : smsRequest(config, message),
    )
