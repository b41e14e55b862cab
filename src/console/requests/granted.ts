import type { Granted } from '../../ask/message.ts'
import { singleLine } from '../../send/names.ts'
import { chooseLocale, type Locale } from '../../base/locale.ts'
import type { UnixSeconds } from '../../base/time.ts'
import { dayText } from '../pages/when.ts'

type Words = {
  subject: (app: string) => string
  /** `until` is a day, or null if the approval never expires. */
  lead: (app: string, until: string | null) => string
  later: (app: string) => string
}

/** The person may have asked days ago, so the email says what happened, and what to do if its link has expired. */
const WORDS: Record<Locale, Words> = {
  en: {
    subject: (app) => `You can sign in to ${app} now`,
    lead: (app, until) =>
      `You asked for access to ${app}. It was granted${until === null ? '' : ` until ${until}`}.`,
    later: (app) => `Too late for this link? Ask for a new one in ${app}, with the same address.`,
  },
  de: {
    subject: (app) => `Sie können sich jetzt bei ${app} anmelden`,
    lead: (app, until) =>
      `Sie haben Zugang zu ${app} angefragt. Sie haben ihn jetzt${until === null ? '' : `, bis zum ${until}`}.`,
    later: (app) =>
      `Ist der Link schon abgelaufen? Fordern Sie in ${app} mit derselben Adresse einen neuen an.`,
  },
  fr: {
    subject: (app) => `Vous pouvez maintenant vous connecter à ${app}`,
    lead: (app, until) =>
      `Vous avez demandé un accès à ${app}. Il vous est accordé${until === null ? '' : ` jusqu’au ${until}`}.`,
    later: (app) =>
      `Le lien a déjà expiré\u00a0? Demandez-en un nouveau dans ${app}, avec la même adresse.`,
  },
  es: {
    subject: (app) => `Ya puede iniciar sesión en ${app}`,
    lead: (app, until) =>
      `Usted solicitó acceso a ${app}. Se le ha concedido${until === null ? '' : ` hasta el ${until}`}.`,
    later: (app) => `¿El enlace ya ha caducado? Pida uno nuevo en ${app}, con la misma dirección.`,
  },
  ja: {
    subject: (app) => `${app} にサインインできるようになりました`,
    lead: (app, until) =>
      `${app} の利用申請が承認されました${until === null ? '' : `（${until} まで）`}。`,
    later: (app) =>
      `リンクの期限が切れている場合は、同じアドレスで ${app} から新しいリンクをリクエストしてください。`,
  },
}

/** @param locale the language of the device that asked. @param expiresAt when the approval ends. */
export function grantedWords(
  appName: string,
  locale: string | undefined,
  expiresAt: UnixSeconds | null | undefined,
): Granted {
  const chosen = chooseLocale(locale)
  const say = WORDS[chosen]
  const app = singleLine(appName)
  return {
    subject: say.subject(app),
    lead: say.lead(app, expiresAt == null ? null : dayText(expiresAt, chosen)),
    later: say.later(app),
  }
}
