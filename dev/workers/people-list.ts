import { escapeHtml } from '../../src/base/html.ts'
import { sampleApprovals } from '../sample-approvals.ts'
import type { Development } from './description.ts'

/** A time at which every sample that expires has not yet been made: only the texts are used here. */
const NO_TIME = 0

/** Whom a developer can sign in as, and whom Latchkey refuses. */
export function peopleList({ companyDomains, adminEmails, approverEmails }: Development): string {
  const company = companyDomains.map((domain) => [
    `anyone@${domain}`,
    'Signs in: the company’s domain',
  ])
  const admins = adminEmails.map((email) => [email, 'Signs in. Administrator of the console'])
  const approvers = approverEmails.map((email) => [email, 'Signs in. Approver in the console'])
  const guests = sampleApprovals(NO_TIME).map(({ email, ...row }) => [email, standingOf(row)])
  const rows = [...company, ...admins, ...approvers, ...guests].map(
    ([email = '', what = '']) => `<dt>${escapeHtml(email)}</dt><dd>${escapeHtml(what)}</dd>`,
  )
  return `<section class="card"><h2>Sign in as</h2><dl class="people">${rows.join('')}</dl></section>`
}

function standingOf(row: Record<string, unknown>): string {
  if (row['revokedAt'] !== undefined) return 'No message: the approval is withdrawn'
  const expiresAt = row['expiresAt']
  if (typeof expiresAt === 'number' && expiresAt <= NO_TIME)
    return 'No message: the approval has expired'
  const phone = row['phoneNumber']
  return typeof phone === 'string' ? `Signs in: approved. SMS to ${phone}` : 'Signs in: approved'
}
