/** The parts in the order of the page, each with what its figures mean. */
export const PART_TEXTS: Record<string, { title: string; text: string; at?: string }> = {
  latency: {
    title: 'Round trips and latency',
    text: `One person at a time, in front of DynamoDB Local behind a proxy that delays each call by 0, 80 or 200 ms. Each
round is one new person for each build. A round trip is a call that waits for the one before it. "Calls" counts also
the calls after the response.`,
    at: 'ms away',
  },
  cpu: {
    title: 'CPU time',
    text: `The CPU time of workerd for one flow, including its work after the response. The database is a stand-in in
memory that responds at once. A flow is one request, except at OpenAuth: its ask is three requests and its sign-in two.`,
  },
  load: {
    title: 'Many people at a time',
    text: `1, 16 and 64 people at a time, in front of the same stand-in. The client and the stand-in run on the same
machine as workerd. Throughput is in flows a second, and there a ratio above 1 is better than Latchkey. When the machine
is overloaded, Latchkey answers 503 after three seconds without its database; the peers wait.`,
    at: 'at a time',
  },
  startup: {
    title: 'Bundle and new isolate',
    text: `Start-up is the CPU time of a new workerd until its first response, minus that of an empty Worker. The first
flow is the first ask of a new isolate (of the floor: the first sign-in), with all that is made at its first use.`,
  },
  memory: {
    title: 'Memory',
    text: `The resident set of workerd at the start, and after each tenth of the requests. All flows, 4 people at a time.`,
    at: 'requests',
  },
  signing: {
    title: 'Signatures',
    text: `The CPU time of one access token, for each algorithm of JWT_KEYS.`,
  },
}

export const CHARTS = [
  {
    part: 'latency',
    file: 'latency.svg',
    title: 'Latency with DynamoDB 80 ms away, median (less is better)',
    measure: 'latency',
    at: 80,
  },
  {
    part: 'cpu',
    file: 'cpu.svg',
    title: 'CPU time of one flow, median (less is better)',
    measure: 'cpu',
  },
]

/** What the figures mean, and what each build is. */
export const NOTES = `Every figure is the median of all rounds, with the quartiles in brackets. In each round the builds run one
after the other, in alternating order. \`2.1×\` means 2.1 times Latchkey's figure: the ratio of the medians.
\`results.json\` also has the quartiles of the ratios by round. For times, sizes and counts, a ratio below 1 is better
than Latchkey. \`–\` means that a build has no such flow.

- **Bare floor**: Hono, aws4fetch and jose with one transaction, and nothing else: no validation, no limits, no message
  (\`bench/floor.ts\`).
- **OpenAuth** {openauth}: its DynamoDB storage and its code provider with its own pages. It keeps the code in an
  encrypted cookie, so its ask makes no call to DynamoDB. It has no check of a session: back ends verify its tokens
  offline, as they can verify Latchkey's.
- **Better Auth** {betterAuth}: \`better-auth/minimal\` with its plugins for magic links and bearer tokens. It has no
  DynamoDB adapter of its own. [Its community has some](https://better-auth.com/docs/adapters/community-adapters); those
  that we found use the AWS SDK. The figures are with a thin adapter that was written for this benchmark
  (\`bench/peers/dynamo-adapter.ts\`): it does less than those, so do not expect better figures with one of them. Better
  Auth has no refresh token. Its refresh here is a check that extends the session, which happens once a day by default.

All bundles are minified and run in the same workerd, with the compatibility date of \`wrangler.toml\`. All builds but the
floor send an email, after the response, to a stand-in for SES. Rate limits are off, because all requests come from one
address. The builds do not do the same work. Latchkey also limits the messages of each address, requires an
approval in the sign-in, and gives a device that lost a response the same session again. OpenAuth stores no
person. Better Auth creates the user in the first sign-in, with one of its calls.`

export const RERUN = `\`\`\`sh
npm run bench                            # startup, cpu, load, latency: about ten minutes
npm run bench -- memory signing          # the other parts; every part can be run alone
npm run bench -- cpu --rounds 30         # a longer run; --requests likewise
npm run bench -- --quick                 # a trial: writes to .local/bench
npm run bench -- --pages                 # measures nothing, writes this page and the README's table again
npm run bench -- cpu --against index.js  # beside another build of Latchkey: writes to .local/bench
\`\`\`

It needs Linux, since it reads CPU time and memory in /proc. Nothing else should run on the machine meanwhile.`
