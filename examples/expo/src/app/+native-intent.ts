import { redirectLinks } from '@latchkey/expo'
import { links } from '../latchkey'

/** Every URL that opens the app comes through here. Links of Latchkey show `/`, which is the screen for who is signed in or out. */
export const redirectSystemPath = redirectLinks(links)
