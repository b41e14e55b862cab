/** Who sent a request, for the rows' `metadata`. People see it in their own lists; no decision uses it. */
export type Caller = { ipAddress: string; userAgent: string }
