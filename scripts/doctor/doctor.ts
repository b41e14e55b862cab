/**
 * Checks a deployment and reports what is wrong: `npm run doctor`. It changes nothing. The variables in the shell
 * decide what it checks; it lists the rest as skipped.
 */
import { parseArgs } from 'node:util'
import type { Aws } from '../../dev/local-aws.ts'
import { Plain, run } from '../fail.ts'
import type { WorkerName } from '../infra/grants.ts'
import { awsFromEnv } from '../tables/tables.ts'
import { examine, MARKS, type Finding } from './finding.ts'
import { examineMail } from './mail.ts'
import { examineRights } from './rights.ts'
import { examineProvider, examineRole } from './role.ts'
import { examineRows, examineTables } from './tables.ts'
import { examineAssociation, examineIssuer } from './web.ts'

const HELP = `npm run doctor -- [--as public|console]

  ISSUER             checks the public Worker, its public keys and its association files
  APP_LINK_ORIGIN    checks the association files of the second host for app links
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
                     checks the tables and their rows (TOKENS_TABLE and APPROVALS_TABLE set other names)
  AWS_ROLE_ARN       checks that AWS can verify the tokens of ISSUER, and with the AWS keys in the shell the
                     role's trust policy
  MAIL_FROM          checks SES and DNS (SES_CONFIGURATION_SET names the configuration set; with
                     MAIL_SENDERS=cloudflare, only DNS)
  --as WORKER        The AWS keys in the shell are those of this Worker. Tries each of its permissions,
                     and checks nothing else in AWS`

export type Env = Record<string, string | undefined>

/** @returns all findings, and what was not checked. */
export async function diagnose(
  env: Env,
  as?: WorkerName,
): Promise<{ findings: Finding[]; skipped: string[] }> {
  const { ISSUER, APP_LINK_ORIGIN, AWS_ROLE_ARN, MAIL_FROM } = env
  const names = { tokens: env['TOKENS_TABLE'], approvals: env['APPROVALS_TABLE'] }
  const aws = env['AWS_REGION'] || env['DYNAMODB_ENDPOINT'] ? awsFromEnv(env) : undefined
  const skipped: string[] = []
  const checks: Promise<Finding[]>[] = []
  const check = (
    subject: string,
    missing: string | false | undefined,
    look: () => Promise<Finding[]>,
  ): void => {
    if (missing) skipped.push(`${subject}: ${missing} is not set`)
    else checks.push(examine(subject, look))
  }

  check('issuer', !ISSUER && 'ISSUER', () => examineIssuer(ISSUER!))
  for (const origin of [ISSUER, APP_LINK_ORIGIN].filter((one) => one !== undefined)) {
    check('app links', false, () => examineAssociation(origin))
  }
  if (AWS_ROLE_ARN) {
    check('AWS role', !ISSUER && 'ISSUER', () => examineProvider(ISSUER!))
    const missing = (!ISSUER && 'ISSUER') || (!aws && 'AWS_REGION')
    check('trust policy', missing, () =>
      examineRole(aws!, {
        issuer: ISSUER!,
        arn: AWS_ROLE_ARN,
        iamEndpoint: env['IAM_ENDPOINT'] ?? iamOf(AWS_ROLE_ARN),
      }),
    )
  }
  if (as !== undefined) {
    check(`rights (${as})`, !aws && 'AWS_REGION', () => examineRights(aws!, as, names))
  } else {
    check('tables', !aws && 'AWS_REGION', () => examineTables(aws!, names))
    check('rows', !aws && 'AWS_REGION', () => examineRows(aws!, names))
    check('mail', (!aws && 'AWS_REGION') || (!MAIL_FROM && 'MAIL_FROM'), () =>
      examineMail(aws!, {
        from: MAIL_FROM!,
        configurationSet: env['SES_CONFIGURATION_SET'],
        sesEndpoint: env['SES_ENDPOINT'] ?? sesOf(aws!),
        usesSes: (env['MAIL_SENDERS'] || 'ses').split(/[,\s]+/).includes('ses'),
      }),
    )
  }
  return { findings: (await Promise.all(checks)).flat(), skipped }
}

const sesOf = ({ region }: Aws): string => `https://email.${region}.amazonaws.com`

const iamOf = (arn: string): string =>
  arn.startsWith('arn:aws-us-gov:')
    ? 'https://iam.us-gov.amazonaws.com'
    : 'https://iam.amazonaws.com'

if (import.meta.main) {
  await run(async () => {
    const { values } = parseArgs({ options: { as: { type: 'string' }, help: { type: 'boolean' } } })
    if (values.help) return console.log(HELP)
    const { as } = values
    if (as !== undefined && as !== 'public' && as !== 'console') {
      throw new Plain('--as must be public or console')
    }
    const { findings, skipped } = await diagnose(process.env, as)
    for (const { level, about, text } of findings) console.log(`${MARKS[level]} ${about}: ${text}`)
    for (const what of skipped) console.log(`skip ${what}`)
    if (findings.length === 0)
      throw new Plain(`There was nothing to check. Set at least one of these variables.\n\n${HELP}`)
    const errors = findings.filter(({ level }) => level === 'error').length
    if (errors > 0) throw new Plain(`${errors} ${errors === 1 ? 'error' : 'errors'}`)
  })
}
