import { useRouter } from 'expo-router'
import { latchkey } from '../latchkey'
import { useSession } from '../session'
import { Button } from '../ui/Button'
import { Screen } from '../ui/Screen'
import { useAction } from '../ui/useAction'
import { Paragraph, Problem, Title } from '../ui/Words'

export default function Home() {
  const router = useRouter()
  const session = useSession()
  const { busy, problem, run } = useAction()
  if (session.state !== 'signed_in') return null
  return (
    <Screen>
      <Title>Welcome</Title>
      <Paragraph>You are signed in as {session.session.user.email}.</Paragraph>
      <Button label="Your devices" onPress={() => router.push('/devices')} />
      <Button kind="plain" label="Your account" onPress={() => router.push('/account')} />
      <Problem>{problem}</Problem>
      {/* This phone is signed out even when the server cannot be told. */}
      <Button
        kind="plain"
        label="Sign out"
        busy={busy}
        onPress={() => run(() => latchkey.signOut())}
      />
    </Screen>
  )
}
