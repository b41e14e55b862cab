import { realWorld } from '../../../src/base/world.ts'

/** What the Worker asked SES v2 to send, as it left the Worker. */
export type SesMail = {
  FromEmailAddress: string
  ConfigurationSetName?: string
  Destination: { ToAddresses?: string[]; CcAddresses?: string[]; BccAddresses?: string[] }
  Content: {
    Simple: {
      Subject: { Data: string }
      Body: { Text: { Data: string }; Html: { Data: string } }
      Headers: { Name: string; Value: string }[]
    }
  }
}

type Answer = (attempt: number, init: RequestInit) => Promise<Response> | Response | undefined

export const SES_TAKES_IT = () => Response.json({ MessageId: crypto.randomUUID() })

/** A network on which calls of SES are seen. The inbox answers where `answer` does not. */
export function watchSes(answer: Answer = () => undefined) {
  const mails: SesMail[] = []
  return {
    mails,
    /** Every recipient of every mail so far, whichever list it stood in. */
    recipients: () =>
      mails.flatMap(({ Destination: d }) => [
        ...(d.ToAddresses ?? []),
        ...(d.CcAddresses ?? []),
        ...(d.BccAddresses ?? []),
      ]),
    fetch: async (url: string, init: RequestInit): Promise<Response> => {
      if (new URL(url).pathname !== '/v2/email/outbound-emails') return realWorld.fetch(url, init)
      mails.push(JSON.parse(init.body as string) as SesMail)
      return (await answer(mails.length, init)) ?? realWorld.fetch(url, init)
    },
  }
}
