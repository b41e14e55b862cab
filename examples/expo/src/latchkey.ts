import { createLatchkeyClient } from '@latchkey/client'
import {
  createLinks,
  expoRandomness,
  hardwareKeys,
  secureStoreStorage,
  softwareKeys,
} from '@latchkey/expo'
import { p256 } from '@noble/curves/nist.js'
import * as IoCrypto from '@pagopa/io-react-native-crypto'
import Constants from 'expo-constants'
import * as Crypto from 'expo-crypto'
import * as SecureStore from 'expo-secure-store'
import { ISSUER } from './settings'

const storage = secureStoreStorage(SecureStore)
const crypto = expoRandomness(Crypto)

/** One for the whole app: a second client on the same storage would refresh at the same time. */
export const latchkey = createLatchkeyClient({
  issuer: ISSUER,
  storage,
  crypto,
  dpop: hardwareKeys({
    native: IoCrypto,
    storage,
    // For simulators, Expo Go and phones without a secure chip.
    fallback: softwareKeys({ p256, storage, randomBytes: crypto.randomBytes }),
  }),
  ...(Constants.deviceName && { deviceName: Constants.deviceName }),
})

export const links = createLinks(latchkey, storage)
