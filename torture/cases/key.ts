import type { Case } from '../case.ts'
import { ACCESS_TOKEN, refreshes, signedInForLong, givesGoodToken, isSignedOut } from '../moves.ts'
import type { Run } from '../run.ts'

export const KEY: Case[] = [
  {
    name: 'bound-key-locked',
    what: 'The key cannot be used until the phone is unlocked.',
    must: 'It fails with `key`, keeps the session, and makes no new key.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(1, 4),
    failedBy: ['takes a locked key for a lost one'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'lockKey' })
      await run.fails(ACCESS_TOKEN, ['key'], { state: 'signed_in' })
      await run.works({ do: 'unlockKey' })
      await givesGoodToken(run)
    },
  },
  {
    name: 'bound-key-locked-at-sign-in',
    what: 'The link is tapped while the key cannot be used.',
    must: 'It fails with `key`, keeps what it asked for, and the next tap signs in.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(0, 0),
    failedBy: ['takes a locked key for a lost one'],
    async play(run) {
      await run.works({ do: 'ask', email: run.email }, 'asked')
      const { link } = await run.mail()
      await run.works({ do: 'lockKey' })
      await run.fails({ do: 'redeemLink', url: link }, ['key'], { state: 'asked' })
      await run.works({ do: 'unlockKey' })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'bound-key-lost',
    what: 'The key is gone, as after a change of the lock screen: the key store has another one.',
    must: 'The session cannot go on: it is signed out, and signs in anew.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(1, 2, 2),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'loseKey' })
      await isSignedOut(run)
      await run.signIn()
    },
  },
  {
    name: 'backup-restored',
    what: 'The storage is restored from a backup that is two refreshes old. The session is not bound to a key.',
    must: 'The server takes it for a copy and ends the session: it is signed out, by one request.',
    state: 'signed_out',
    keys: 'unbound',
    requests: refreshes(3, 3),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await twoRefreshesAfterBackup(run)
      await isSignedOut(run)
    },
  },
  {
    name: 'bound-backup-restored',
    what: 'The storage is restored from a backup that is two refreshes old. The session is bound, and the key is still there.',
    must: 'The key shows that it is the same phone: it stays signed in.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(3, 12),
    failedBy: ['refreshes without a proof'],
    async play(run) {
      await twoRefreshesAfterBackup(run)
      await givesGoodToken(run)
      run.oneSession()
    },
  },
  {
    name: 'bound-backup-on-another-phone',
    what: 'The backup is restored on another phone, and the key is not in it.',
    must: 'That phone is signed out. The session of the first phone goes on.',
    state: 'signed_out',
    keys: 'bound',
    requests: refreshes(1, 2),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'backup' })
      await run.later(601)
      const token = run.lastToken()
      await run.works({ do: 'loseKey' })
      await run.works({ do: 'restoreBackup' }, 'signed_in')
      await isSignedOut(run)
      const ended = await run.hasEnded(token)
      if (ended) run.wrong('the session of the first phone has ended')
    },
  },
  {
    name: 'backup-of-an-ask',
    what: 'After the sign-in, the storage is restored from a backup that was made while the person waited for the message.',
    must: 'Nothing breaks: a new ask signs in.',
    state: 'signed_in',
    requests: refreshes(0, 4, 2),
    failedBy: ['makes a device id each time'],
    async play(run) {
      await run.works({ do: 'ask', email: run.email }, 'asked')
      await run.works({ do: 'backup' })
      const { link } = await run.mail()
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      await run.works({ do: 'restoreBackup' }, 'asked')
      // The server gives the same device the same session for the same link.
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      run.oneSession()
      await run.later(61)
      await run.signIn()
    },
  },
]

async function twoRefreshesAfterBackup(run: Run): Promise<void> {
  await run.signIn()
  await run.works({ do: 'backup' })
  for (const _ of [1, 2]) {
    await run.later(601)
    await run.works(ACCESS_TOKEN, 'signed_in')
  }
  await run.later(601)
  await run.works({ do: 'restoreBackup' }, 'signed_in')
}
