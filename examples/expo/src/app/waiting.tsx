import type { Pending } from '@latchkey/client'
import { useRouter } from 'expo-router'
import { useEffect, useState } from 'react'
import { latchkey } from '../latchkey'
import { inWords } from '../messages'
import { Button } from '../ui/Button'
import { CodeField } from '../ui/Field'
import { Screen } from '../ui/Screen'
import { useAction } from '../ui/useAction'
import { useNow } from '../ui/useNow'
import { Paragraph, Problem, Title } from '../ui/Words'

/** Waits for the link or the code. A link signs in by itself, wherever the person is in the app. */
export default function Waiting() {
  const router = useRouter()
  const now = useNow()
  const [pending, setPending] = useState<Pending | null>(null)
  const [code, setCode] = useState('')
  const entering = useAction()
  const resending = useAction()

  useEffect(() => {
    latchkey.pending().then(
      (asked) => (asked ? setPending(asked) : router.dismissTo('/ask')),
      () => router.dismissTo('/ask'),
    )
  }, [router])

  const enter = (digits: string) => entering.run(() => latchkey.redeemCode(digits))
  const change = (text: string) => {
    setCode(text)
    if (text.replace(/\D/g, '').length === 6) enter(text)
  }

  if (pending === null) return null
  const isOver = pending.expiresAt !== undefined && pending.expiresAt <= now
  const secondsToResend = Math.max(0, Math.ceil(((pending.resendAt ?? 0) - now) / 1000))
  return (
    <Screen>
      <Title>{isOver ? 'The link has expired' : 'Look into your mail'}</Title>
      <Text pending={pending} isOver={isOver} now={now} />
      {!isOver && (
        <>
          <CodeField value={code} onChangeText={change} editable={!entering.busy} />
          <Problem>{entering.problem}</Problem>
          <Button
            label="Sign in"
            busy={entering.busy}
            disabled={code.replace(/\D/g, '').length !== 6}
            onPress={() => enter(code)}
          />
          <Problem>{resending.problem}</Problem>
          <Button
            kind="plain"
            label={secondsToResend > 0 ? `Send again in ${inWords(secondsToResend)}` : 'Send again'}
            hint="Sends the same link and code again"
            busy={resending.busy}
            disabled={secondsToResend > 0}
            onPress={() => resending.run(async () => setPending(await latchkey.resend()))}
          />
        </>
      )}
      <Button kind="plain" label="Use another address" onPress={() => router.dismissTo('/ask')} />
    </Screen>
  )
}

/** The server says the same of every address. So the app cannot know which of the two it is, and says both. */
function Text({ pending, isOver, now }: { pending: Pending; isOver: boolean; now: number }) {
  const { email, requestUntil } = pending
  const isRequested = requestUntil !== undefined && requestUntil > now
  if (!isOver) {
    return (
      <>
        <Paragraph>
          If {email} may sign in, a link and a six-digit code are on their way. Open the link on
          this device, or enter the code here.
        </Paragraph>
        <Paragraph quiet>No mail yet? Look into the spam folder.</Paragraph>
      </>
    )
  }
  return (
    <Paragraph>
      {isRequested
        ? `If ${email} is new to us, somebody has to let you in first: we have asked them, and a link will come by mail. Otherwise ask for a new link.`
        : 'Ask for a new link.'}
    </Paragraph>
  )
}
