import type { Session } from '@latchkey/client'
import { useEffect, useState } from 'react'
import { latchkey } from './latchkey'

export type SessionState =
  | { state: 'loading' }
  | { state: 'signed_in'; session: Session }
  | { state: 'signed_out' }
  /** The storage cannot be read at the moment. This does not mean that nobody is signed in. */
  | { state: 'failed'; error: unknown; retry: () => void }

/** Who is signed in, from storage, without a request. It follows each sign-in and each end. */
export function useSession(): SessionState {
  const [current, setCurrent] = useState<SessionState>({ state: 'loading' })
  useEffect(() => {
    const show = (session: Session | null) =>
      setCurrent(session ? { state: 'signed_in', session } : { state: 'signed_out' })
    const read = () =>
      void latchkey.session().then(show, (error: unknown) => {
        setCurrent({ state: 'failed', error, retry: read })
      })
    read()
    return latchkey.onChange(show)
  }, [])
  return current
}
