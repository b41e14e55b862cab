import type { Locale } from '../../../base/locale.ts'
import { stateOf } from '../../../model/approval-change.ts'
import { afterLineBreak } from '../form.ts'
import { html, type Content } from '../html.ts'
import { dayText } from '../when.ts'
import type { OneApproval } from './load.ts'

type Words = {
  /** Above the text. */
  copy: string
  /** The text that the approver can send. `until` is a day, or null if the approval never expires. */
  text: (app: string, email: string, until: string | null) => string
}

const WORDS: Record<Locale, Words> = {
  en: {
    copy: 'Nothing was sent to them. A text to copy for your own message:',
    text: (app, email, until) =>
      `You can now sign in to ${app}. Open the app and enter this address: ${email}. You then get an email with a link and a code.${until === null ? '' : ` Your access is valid until ${until}.`}`,
  },
  de: {
    copy: 'Es wurde nichts an die Person gesendet. Ein Text für Ihre eigene Nachricht:',
    text: (app, email, until) =>
      `Sie können sich jetzt bei ${app} anmelden. Öffnen Sie die App und geben Sie diese Adresse ein: ${email}. Sie erhalten dann eine E-Mail mit einem Link und einem Code.${until === null ? '' : ` Ihr Zugang gilt bis zum ${until}.`}`,
  },
  fr: {
    copy: 'Rien n’a été envoyé à la personne. Un texte à copier pour votre propre message\u00a0:',
    text: (app, email, until) =>
      `Vous pouvez maintenant vous connecter à ${app}. Ouvrez l’application et saisissez cette adresse\u00a0: ${email}. Vous recevrez un e-mail avec un lien et un code.${until === null ? '' : ` Votre accès est valable jusqu’au ${until}.`}`,
  },
  es: {
    copy: 'No se ha enviado nada a la persona. Un texto para copiar en su propio mensaje:',
    text: (app, email, until) =>
      `Ya puede iniciar sesión en ${app}. Abra la aplicación e introduzca esta dirección: ${email}. Recibirá un correo con un enlace y un código.${until === null ? '' : ` Su acceso es válido hasta el ${until}.`}`,
  },
  ja: {
    copy: '本人には何も送信されていません。ご自身のメッセージ用の文面です。',
    text: (app, email, until) =>
      `${app} にサインインできるようになりました。アプリを開き、次のアドレスを入力してください：${email}。リンクとコードがメールで届きます。${until === null ? '' : `利用期限は ${until} です。`}`,
  },
}

/** Approving sends no message. So the page has a text that the approver can send to the guest. */
export function tellThem(locale: Locale, { app, email, row, now }: OneApproval): Content {
  const state = row && stateOf(row, now)
  if (state !== 'active' && state !== 'ending') return null
  const { copy, text } = WORDS[locale]
  const until = row?.expiresAt == null ? null : dayText(row.expiresAt, locale)
  return html`<div class="card field">
    <label for="tell">${copy}</label>
    <textarea id="tell" rows="4" readonly>${afterLineBreak(text(app, email, until))}</textarea>
  </div>`
}
