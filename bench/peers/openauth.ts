import { issuer } from '@openauthjs/openauth'
import { CodeProvider } from '@openauthjs/openauth/provider/code'
import { DynamoStorage } from '@openauthjs/openauth/storage/dynamo'
import { createSubjects } from '@openauthjs/openauth/subject'
import { CodeUI } from '@openauthjs/openauth/ui/code'
import { waitUntil } from 'cloudflare:workers'
import { object, string } from 'valibot'
import { env } from './env.ts'
import { sendMail } from './send-mail.ts'

/**
 * OpenAuth with its own DynamoDB storage and its code provider, as its documentation sets them up. The issuer is made
 * once for each isolate: its DynamoDB storage needs no binding, so it reads its keys once, and not for each request.
 */
const app = issuer({
  storage: DynamoStorage({
    table: 'bench-openauth',
    endpoint: env.DYNAMODB_ENDPOINT,
  }),
  subjects: createSubjects({ user: object({ email: string() }) }),
  // The lifetimes of Latchkey's tokens.
  ttl: { access: 600, refresh: 30 * 24 * 60 * 60 },
  providers: {
    code: CodeProvider<{ email: string }>(
      CodeUI({
        // After the response, as Latchkey sends.
        sendCode: async ({ email = '' }, code) => waitUntil(sendMail(email, `Your code: ${code}`)),
      }),
    ),
  },
  success: (response, { claims }) => response.subject('user', { email: claims.email }),
})

export default app.get('/healthz', (c) => c.text('ok'))
