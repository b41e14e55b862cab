import type { AwsPost } from '../base/aws.ts'
import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import type { Message } from './message.ts'
import { sendWithRetries, type Sender } from './retries.ts'
import { sesRequest } from './ses.ts'
import { smsRequest } from './sms.ts'
import { viaAws } from './via-aws.ts'
import { viaCloudflare } from './via-cloudflare.ts'

/**
 * Sends one message, with a limited number of retries. Emails go to the services of MAIL_SENDERS, in their order.
 * @returns which service accepted it. @throws SendError if no try was accepted.
 */
export type Send = (message: Message) => Promise<Sender>

export const createSend =
  (config: Config, world: World, post: AwsPost): Send =>
  (message) =>
    sendWithRetries(
      world,
      message.channel === 'sms'
        ? [viaAws('sms', post, smsRequest(config, message))]
        : config.MAIL_SENDERS.map((sender) =>
            sender === 'ses'
              ? viaAws(sender, post, sesRequest(config, message))
              : viaCloudflare(config, world, message),
          ),
    )
