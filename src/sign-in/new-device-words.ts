import type { Locale } from '../base/locale.ts'
import { withOwnTexts } from '../base/mail-texts.ts'

/** The texts of the email about a new device, as plain text. Short, because they are in the bundle of the sign-in. */
export interface NewDeviceWords {
  subject: (app: string) => string
  /** Directly before the name that the device gave itself. */
  device: string
  /** The last words lead to the link of the account page. */
  advice: string
}

export const newDeviceWords: Record<Locale, NewDeviceWords> = withOwnTexts('newDevice', {
  en: {
    subject: (app) => `A new device signed in to ${app}`,
    device: 'It calls itself: ',
    advice:
      'If this was not you, change the password of your mailbox. Then sign out all other devices here:',
  },
  de: {
    subject: (app) => `Ein neues Gerät hat sich bei ${app} angemeldet`,
    device: 'Es nennt sich: ',
    advice:
      'Waren Sie das nicht, ändern Sie das Passwort Ihres Postfachs. Melden Sie dann hier alle anderen Geräte ab:',
  },
  fr: {
    subject: (app) => `Un nouvel appareil s’est connecté à ${app}`,
    device: 'Il se nomme\u00a0: ',
    advice:
      'Si ce n’était pas vous, changez le mot de passe de votre boîte. Puis déconnectez ici tous les autres appareils\u00a0:',
  },
  es: {
    subject: (app) => `Un dispositivo nuevo inició sesión en ${app}`,
    device: 'Se llama: ',
    advice:
      'Si no fue usted, cambie la contraseña de su buzón. Después cierre aquí la sesión en los demás dispositivos:',
  },
  ja: {
    subject: (app) => `新しい端末が ${app} にサインインしました`,
    device: '端末が名乗る名前：',
    advice:
      'お心当たりのない場合は、メールのパスワードを変更し、次のページで他の端末をサインアウトしてください。',
  },
})
