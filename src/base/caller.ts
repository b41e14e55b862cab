/** Who sent a request, for the rows' `metadata`: people see it in their own lists, and no decision reads it. */
export type Caller = { ipAddress: string; userAgent: string }
