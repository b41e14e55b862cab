import { Stack } from 'expo-router'
import { messageOf } from '../messages'
import { useSession } from '../session'
import { Button } from '../ui/Button'
import { Screen } from '../ui/Screen'
import { useTheme } from '../ui/theme'
import { Problem } from '../ui/Words'

/** Shows the screens of a signed-in or a signed-out person. A sign-in, a sign-out and the end of a session switch them. */
export default function Layout() {
  const theme = useTheme()
  const session = useSession()
  if (session.state === 'loading') return null
  if (session.state === 'failed') {
    return (
      <Screen>
        <Problem>{messageOf(session.error)}</Problem>
        <Button label="Try again" onPress={session.retry} />
      </Screen>
    )
  }
  const signedIn = session.state === 'signed_in'
  return (
    <Stack
      screenOptions={{
        headerStyle: { backgroundColor: theme.background },
        headerTintColor: theme.text,
        contentStyle: { backgroundColor: theme.background },
      }}
    >
      <Stack.Protected guard={signedIn}>
        <Stack.Screen name="index" options={{ title: 'Home' }} />
        <Stack.Screen name="devices" options={{ title: 'Devices' }} />
        <Stack.Screen name="account" options={{ title: 'Account' }} />
      </Stack.Protected>
      <Stack.Protected guard={!signedIn}>
        <Stack.Screen name="ask" options={{ title: 'Sign in' }} />
        <Stack.Screen name="waiting" options={{ title: 'Enter the code' }} />
      </Stack.Protected>
    </Stack>
  )
}
