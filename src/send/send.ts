import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import { createSignedPost } from './aws.ts'
import { sesRequest } from './ses.ts'
import { smsRequest } from './sms.ts'

export type Email = {
  channel: 'email'
  to: string
  subject: string
  text: string
  html: string
  /** Unique to this mail, so that mail programs do not fold a resend into the first one. */
  reference: string
}
export type Sms = { channel: 'sms'; to: string; text: string }
export type Message = Email | Sms

/** Sends one message, with bounded retries. @throws SendError when no try was taken. */
export type Send = (message: Message) => Promise<void>

export function createSend(config: Config, world: World): Send {
  const post = createSignedPost(config, world)
  return (message) =>
    post(message.channel === 'email' ? sesRequest(config, message) : smsRequest(config, message))
}
