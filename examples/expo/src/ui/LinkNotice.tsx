import { useSyncExternalStore } from 'react'
import { links } from '../latchkey'
import { messageOf } from '../messages'
import { Button } from './Button'
import { Paragraph, Problem } from './Words'

/** What became of the link that opened the app. A sign-in shows by itself, because the screens change. */
export function LinkNotice() {
  const link = useSyncExternalStore(links.subscribe, links.state)
  if (link.state === 'idle') return null
  if (link.state === 'opening') return <Paragraph quiet>Signing in with the link…</Paragraph>
  return (
    <>
      <Problem>{messageOf(link.error)}</Problem>
      <Button kind="plain" label="Close" hint="Hides the message" onPress={links.dismiss} />
    </>
  )
}
