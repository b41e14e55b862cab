import type { Locale } from '../../base/locale.ts'

/** The words of the digest, as plain text: the code that writes HTML escapes them. */
type DigestWords = {
  subject: (app: string, waiting: number) => string
  /** `since` is a day. */
  since: (since: string) => string
  button: string
  decides: string
  why: (app: string) => string
}

export const digestWords: Record<Locale, DigestWords> = {
  en: {
    subject: (app, n) =>
      n === 1
        ? `1 person is waiting for approval in ${app}`
        : `${n} people are waiting for approval in ${app}`,
    since: (day) => `The first has been waiting since ${day}.`,
    button: 'See the requests',
    decides: 'Opening the link decides nothing. You decide in the console, after you sign in.',
    why: (app) =>
      `You get this email at most once a day, because you may approve people for ${app}. It contains no names on purpose.`,
  },
  de: {
    subject: (app, n) =>
      n === 1
        ? `1 Anfrage für ${app} wartet auf eine Entscheidung`
        : `${n} Anfragen für ${app} warten auf eine Entscheidung`,
    since: (day) => `Die erste wartet seit dem ${day}.`,
    button: 'Anfragen ansehen',
    decides:
      'Der Link allein entscheidet nichts. Sie entscheiden in der Konsole, nachdem Sie sich angemeldet haben.',
    why: (app) =>
      `Sie erhalten diese Nachricht höchstens einmal am Tag, weil Sie Menschen bei ${app} freigeben dürfen. Sie nennt absichtlich niemanden.`,
  },
  fr: {
    subject: (app, n) =>
      n === 1
        ? `1 personne attend un accès à ${app}`
        : `${n} personnes attendent un accès à ${app}`,
    since: (day) => `La première attend depuis le ${day}.`,
    button: 'Voir les demandes',
    decides:
      'Ouvrir le lien ne décide de rien. Vous décidez dans la console, après vous être connecté.',
    why: (app) =>
      `Vous recevez ce message, une fois par jour au plus, parce que vous pouvez autoriser des personnes pour ${app}. Il ne nomme volontairement personne.`,
  },
  es: {
    subject: (app, n) =>
      n === 1 ? `1 persona espera acceso a ${app}` : `${n} personas esperan acceso a ${app}`,
    since: (day) => `La primera espera desde el ${day}.`,
    button: 'Ver las solicitudes',
    decides:
      'Abrir el enlace no decide nada. Usted decide en la consola, después de iniciar sesión.',
    why: (app) =>
      `Recibe este mensaje, como máximo una vez al día, porque puede autorizar a personas en ${app}. A propósito, no nombra a nadie.`,
  },
  ja: {
    subject: (app, n) => `${app}：${n} 人が承認を待っています`,
    since: (day) => `最も古い申請は ${day} からです。`,
    button: '申請を見る',
    decides:
      'リンクを開くだけでは何も決まりません。サインインした後、コンソールで判断してください。',
    why: (app) =>
      `${app} の承認を行える方に、1 日に 1 回まで送信しています。申請者の名前は意図的に記載していません。`,
  },
}
