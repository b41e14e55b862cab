import { useState } from 'react'
import { Alert } from 'react-native'
import { deleteAccount } from '../account'
import { latchkey } from '../latchkey'
import { Button } from '../ui/Button'
import { Screen } from '../ui/Screen'
import { useAction } from '../ui/useAction'
import { Paragraph, Problem, Title } from '../ui/Words'

export default function Account() {
  const leaving = useAction()
  const deleting = useAction()
  const [notice, setNotice] = useState<'sign_in_again' | null>(null)

  const remove = () =>
    deleting.run(async () => {
      const done = await deleteAccount()
      if (done !== 'deleted') setNotice(done)
    })
  const confirm = () =>
    Alert.alert('Delete your account?', 'Your account and all its sessions are deleted for good.', [
      { text: 'Keep it', style: 'cancel' },
      { text: 'Delete', style: 'destructive', onPress: remove },
    ])

  return (
    <Screen>
      <Title>Your account</Title>
      <Paragraph>Sign out on all your devices, for example after you lost one.</Paragraph>
      <Problem>{leaving.problem}</Problem>
      <Button
        label="Sign out everywhere"
        busy={leaving.busy}
        onPress={() => leaving.run(() => latchkey.signOutEverywhere())}
      />
      <Button
        kind="plain"
        label="Sign out on all other devices"
        busy={leaving.busy}
        onPress={() => leaving.run(() => latchkey.signOutEverywhere({ keepCurrent: true }))}
      />
      <Paragraph>Delete your account and everything that belongs to it.</Paragraph>
      <Problem>{deleting.problem}</Problem>
      {notice === 'sign_in_again' && (
        <>
          <Problem>
            To delete your account, sign in again and come back within five minutes.
          </Problem>
          <Button label="Sign in again" onPress={() => leaving.run(() => latchkey.signOut())} />
        </>
      )}
      <Button kind="danger" label="Delete account" busy={deleting.busy} onPress={confirm} />
    </Screen>
  )
}
