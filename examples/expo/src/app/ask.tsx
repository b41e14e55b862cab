import { useRouter } from 'expo-router'
import { useEffect, useState } from 'react'
import { latchkey } from '../latchkey'
import { Button } from '../ui/Button'
import { Field } from '../ui/Field'
import { Screen } from '../ui/Screen'
import { useAction } from '../ui/useAction'
import { Paragraph, Problem, Title } from '../ui/Words'

export default function Ask() {
  const router = useRouter()
  const [email, setEmail] = useState('')
  const { busy, problem, run } = useAction()

  // The app may have been closed while a message was on its way.
  useEffect(() => {
    latchkey.pending().then(
      (pending) => pending && router.push('/waiting'),
      () => {},
    )
  }, [router])

  const ask = () =>
    run(async () => {
      await latchkey.ask({
        email: email.trim(),
        locale: Intl.DateTimeFormat().resolvedOptions().locale,
      })
      router.push('/waiting')
    })

  return (
    <Screen>
      <Title>Sign in</Title>
      <Paragraph>We send you a link and a code. You need no password.</Paragraph>
      <Field
        label="E-mail address"
        value={email}
        onChangeText={setEmail}
        onSubmitEditing={ask}
        autoCapitalize="none"
        autoComplete="email"
        autoCorrect={false}
        inputMode="email"
        returnKeyType="send"
        textContentType="emailAddress"
      />
      <Problem>{problem}</Problem>
      <Button label="Send the link" busy={busy} disabled={email.trim() === ''} onPress={ask} />
    </Screen>
  )
}
