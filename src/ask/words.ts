import type { Locale } from '../base/locale.ts'
import { withOwnTexts } from '../base/mail-texts.ts'

/** The texts of the email and the SMS, as plain text. The code that writes HTML escapes them. */
export interface Words {
  subject: (app: string, code: string) => string
  greeting: string
  /** Directly above the link or the button. */
  intro: (app: string) => string
  button: (app: string) => string
  /** Directly above the code. */
  code: string
  expiry: (minutes: number) => string
  /** Directly before the device's name. */
  askedOn: string
  ignore: string
  /**
   * Whether an SMS in this language only uses GSM 03.38 characters. Then 160 characters fit, otherwise 70 (UCS-2).
   */
  gsm: boolean
  /** `app` may be empty. Except in Japanese, use only GSM 03.38 characters: no ç, ê, ó or no-break space. */
  sms: (app: string, code: string) => string
}

export const words: Record<Locale, Words> = withOwnTexts('link', {
  en: {
    subject: (app, code) => `${code} is your ${app} code`,
    greeting: 'Hello,',
    intro: (app) => `This link signs you in to ${app}:`,
    button: (app) => `Sign in to ${app}`,
    code: 'Or enter this code where you are signing in:',
    expiry: (n) =>
      `The link and the code work once and expire in ${n} minute${n === 1 ? '' : 's'}.`,
    askedOn: 'Requested on: ',
    ignore:
      'If you did not request this, you can ignore this message. Never share the code with anyone.',
    gsm: true,
    sms: (app, code) => `${app} code: ${code}`,
  },
  de: {
    subject: (app, code) => `${code} ist Ihr Code für ${app}`,
    greeting: 'Guten Tag,',
    intro: (app) => `mit diesem Link melden Sie sich bei ${app} an:`,
    button: (app) => `Bei ${app} anmelden`,
    code: 'Oder geben Sie diesen Code dort ein, wo Sie sich anmelden möchten:',
    expiry: (n) =>
      `Link und Code gelten nur einmal und laufen in ${n} Minute${n === 1 ? '' : 'n'} ab.`,
    askedOn: 'Angefordert auf: ',
    ignore:
      'Falls Sie das nicht angefordert haben, können Sie diese Nachricht ignorieren. Geben Sie den Code an niemanden weiter.',
    gsm: true,
    sms: (app, code) => `${app && `${app}-`}Code: ${code}`,
  },
  fr: {
    subject: (app, code) => `${code} est votre code ${app}`,
    greeting: 'Bonjour,',
    intro: (app) => `Ce lien vous connecte à ${app}\u00a0:`,
    button: (app) => `Se connecter à ${app}`,
    code: 'Ou saisissez ce code là où vous souhaitez vous connecter\u00a0:',
    expiry: (n) =>
      `Le lien et le code ne servent qu’une fois et expirent dans ${n} minute${n === 1 ? '' : 's'}.`,
    askedOn: 'Demandé depuis\u00a0: ',
    ignore:
      'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message. Ne communiquez ce code à personne.',
    gsm: true,
    sms: (app, code) => `Code ${app} : ${code}`,
  },
  es: {
    subject: (app, code) => `${code} es su código de ${app}`,
    greeting: 'Hola:',
    intro: (app) => `Con este enlace puede iniciar sesión en ${app}:`,
    button: (app) => `Iniciar sesión en ${app}`,
    code: 'O introduzca este código donde quiera iniciar sesión:',
    expiry: (n) =>
      `El enlace y el código sirven una sola vez y caducan en ${n} minuto${n === 1 ? '' : 's'}.`,
    askedOn: 'Solicitado desde: ',
    ignore: 'Si no lo ha solicitado, puede ignorar este mensaje. No comparta el código con nadie.',
    gsm: true,
    sms: (app, code) => `Clave ${app}: ${code}`,
  },
  ja: {
    subject: (app, code) => `${code} は ${app} の認証コードです`,
    greeting: 'ご利用ありがとうございます。',
    intro: (app) => `次のリンクから ${app} にサインインできます。`,
    button: (app) => `${app} にサインイン`,
    code: 'または、サインインする画面で次のコードを入力してください。',
    expiry: (n) => `リンクとコードは一度だけ使用でき、${n}分後に無効になります。`,
    askedOn: 'リクエスト元の端末：',
    ignore:
      'お心当たりのない場合は、このメールを無視してください。コードは誰にも教えないでください。',
    gsm: false,
    sms: (app, code) => `${app && `${app} の`}認証コード：${code}`,
  },
})
