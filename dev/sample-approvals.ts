const DAY = 86_400

/** @param now Unix seconds. @returns approval rows as the schema has them. */
export function sampleApprovals(now: number): ({ email: string } & Record<string, unknown>)[] {
  const sales = { approvedBy: 'sales@sigmacomputing.com', approvedAt: now }
  const demo = { approvedBy: 'demo@sigmacomputing.com', approvedAt: now }
  return [
    {
      email: 'john.doe@acmecorp.com',
      ...sales,
      expiresAt: null,
      metadata: {
        company: 'Acme Corp',
        reason: 'Enterprise trial',
        notes: 'VP of Analytics - approved indefinitely',
      },
    },
    {
      email: 'jane.smith@startupxyz.com',
      ...demo,
      expiresAt: now + 30 * DAY,
      metadata: {
        company: 'Startup XYZ',
        reason: 'Conference demo',
        notes: '30-day access for the conference',
      },
    },
    {
      email: 'customer@example.com',
      ...demo,
      approvedBy: 'admin@sigmacomputing.com',
      expiresAt: null,
      phoneNumber: '+14155551234',
      metadata: { company: 'Example Corp', reason: 'Sales demo', notes: 'Signs in by SMS as well' },
    },
    {
      email: 'lapsed@example.com',
      ...demo,
      approvedAt: now - 60 * DAY,
      expiresAt: now - 30 * DAY,
      metadata: {
        company: 'Example Corp',
        reason: 'Conference demo',
        notes: 'Its 30 days are over',
      },
    },
    {
      email: 'former@example.com',
      ...sales,
      approvedAt: now - 90 * DAY,
      expiresAt: null,
      revokedAt: now - DAY,
      revokedBy: 'admin@sigmacomputing.com',
      metadata: { company: 'Example Corp', reason: 'Enterprise trial', notes: 'Left the company' },
    },
  ]
}
