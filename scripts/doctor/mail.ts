import { resolveTxt } from 'node:dns/promises'
import { AwsClient } from 'aws4fetch'
import type { Aws } from '../../dev/local-aws.ts'
import { domainOf } from '../../src/base/email-address.ts'
import { about, type Finding } from './finding.ts'

export type MailSettings = {
  /** The value of MAIL_FROM. */
  from: string
  configurationSet?: string | undefined
  /** Whether SES is one of MAIL_SENDERS. */
  usesSes: boolean
  /** Origin of SES's API. */
  sesEndpoint: string
}

type Account = { ProductionAccessEnabled?: boolean; SendingEnabled?: boolean }
type Identity = { VerifiedForSendingStatus?: boolean; DkimAttributes?: { Status?: string } }

/** Whether SES can send from `from` to everyone, and whether receivers can authenticate the email. */
export async function examineMail(
  aws: Aws,
  { from, configurationSet, sesEndpoint, usesSes }: MailSettings,
  txt: (name: string) => Promise<string[][]> = resolveTxt,
): Promise<Finding[]> {
  const say = about('mail')
  const domain = domainOf(from.replace(/^.*<|>$/g, ''))
  if (!usesSes) return examineDmarc(domain, txt)
  const ses = async <T>(path: string): Promise<T | null> => {
    const client = new AwsClient({ ...aws, service: 'ses', retries: 2 })
    const response = await client.fetch(`${sesEndpoint}/v2/email/${path}`)
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`SES answered ${response.status} to GET /v2/email/${path}`)
    return (await response.json()) as T
  }
  const found: Finding[] = []
  const judge = (good: boolean, yes: string, no: string, level: 'error' | 'warning' = 'error') =>
    found.push(good ? say.ok(yes) : say[level](no))

  const account = await ses<Account>('account')
  judge(
    account?.ProductionAccessEnabled === true,
    'SES has production access',
    'SES is in the sandbox and only sends to verified addresses. Request production access',
  )
  judge(
    account?.SendingEnabled === true,
    'SES can send',
    'SES has disabled sending for this account',
  )

  const identity = await ses<Identity>(`identities/${encodeURIComponent(domain)}`)
  judge(
    identity?.VerifiedForSendingStatus === true,
    `${domain} is verified`,
    `${domain} is not a verified SES identity in this region`,
  )
  judge(
    identity?.DkimAttributes?.Status === 'SUCCESS',
    `${domain} signs with DKIM`,
    `${domain} does not sign with DKIM, so many receivers reject its email or treat it as spam`,
    'warning',
  )
  if (configurationSet === undefined) {
    found.push(
      say.warning('SES_CONFIGURATION_SET is not set, so bounces and complaints are not reported'),
    )
  } else {
    const set = await ses<object>(`configuration-sets/${encodeURIComponent(configurationSet)}`)
    judge(
      set !== null,
      `the configuration set ${configurationSet} exists`,
      `the configuration set ${configurationSet} does not exist, so SES refuses every email`,
    )
  }
  found.push(...(await examineDmarc(domain, txt)))
  return found
}

/**
 * The domain's DMARC record (RFC 7489 section 6.1). A subdomain may inherit one, so a missing record is not an error.
 */
async function examineDmarc(
  domain: string,
  txt: (name: string) => Promise<string[][]>,
): Promise<Finding[]> {
  const say = about('dns')
  const records = await txt(`_dmarc.${domain}`).catch(() => [])
  const isThere = records.some((parts) => parts.join('').startsWith('v=DMARC1'))
  if (isThere) return [say.ok(`_dmarc.${domain} has a DMARC record`)]
  return [say.warning(`_dmarc.${domain} has no DMARC record`)]
}
