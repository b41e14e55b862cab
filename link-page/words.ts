import type { Locale } from '../src/base/locale.ts'

/** A title, and what the person can do. */
export type Notice = readonly [title: string, text: string]

/** The texts of the page behind a link, as plain text. */
export interface PageWords {
  title: (app: string) => string
  lead: string
  openApp: string
  /** The text of a button, and the title of the confirmation that it opens. */
  here: string
  showCode: string
  confirm: string
  back: string
  retry: string
  close: string
  code: Notice
  /** `timeLeft` is a number of minutes with its unit. */
  expiry: (timeLeft: string) => string
  done: Notice
  busy: string
  noApp: string
  noScript: string
  /** The page without a link, for example after a reload. */
  again: Notice
  invalid: Notice
  expired: Notice
  used: Notice
  superseded: Notice
  notApproved: Notice
  /** For a link that another device or browser requested. */
  elsewhere: Notice
  failed: Notice
}

export const pageWords: Record<Locale, PageWords> = {
  en: {
    title: (app) => `Sign in to ${app}`,
    lead: 'How would you like to continue?',
    openApp: 'Open in the app',
    here: 'Continue in this browser',
    showCode: 'Show the code for another device',
    confirm: 'Yes, sign in',
    back: 'Back',
    retry: 'Try again',
    close: 'If you did not request this sign-in, close this page.',
    code: [
      'Your code',
      'Enter this code on the device where you requested it. Never share it with anyone.',
    ],
    expiry: (timeLeft) => `The link and the code work once and expire in ${timeLeft}.`,
    done: ['You are signed in', 'You can close this page.'],
    busy: 'Signing in…',
    noApp: 'If the app did not open, show the code and enter it in the app.',
    noScript:
      'JavaScript is turned off in this browser. Enter the six-digit code from the message in the app where you requested it.',
    again: [
      'Open the link again',
      'For your security, the link was removed from the address bar. Open it again from your message, or enter the code from the message in the app.',
    ],
    invalid: [
      'This link is not valid',
      'Open the link in the latest message, or request a new one in the app.',
    ],
    expired: ['This link has expired', 'Request a new one in the app.'],
    used: ['This link was already used', 'It works only once. Request a new one in the app.'],
    superseded: [
      'This link was replaced',
      'You have signed in or out since it was sent. Request a new one in the app.',
    ],
    notApproved: [
      'This address cannot sign in',
      'Its access was withdrawn or has expired. Ask the person who gave you access.',
    ],
    elsewhere: [
      'Not requested in this browser',
      'To finish, show the code and enter it on the device where you requested it.',
    ],
    failed: ['Something went wrong', 'Check your connection, then try again.'],
  },
  de: {
    title: (app) => `Bei ${app} anmelden`,
    lead: 'Wie möchten Sie fortfahren?',
    openApp: 'In der App öffnen',
    here: 'In diesem Browser fortfahren',
    showCode: 'Code für ein anderes Gerät anzeigen',
    confirm: 'Ja, anmelden',
    back: 'Zurück',
    retry: 'Erneut versuchen',
    close: 'Falls Sie sich nicht anmelden wollten, schließen Sie diese Seite.',
    code: [
      'Ihr Code',
      'Geben Sie diesen Code auf dem Gerät ein, auf dem Sie ihn angefordert haben. Geben Sie ihn an niemanden weiter.',
    ],
    expiry: (timeLeft) => `Link und Code gelten nur einmal und laufen in ${timeLeft} ab.`,
    done: ['Sie sind angemeldet', 'Sie können diese Seite schließen.'],
    busy: 'Anmeldung läuft…',
    noApp: 'Die App hat sich nicht geöffnet? Zeigen Sie den Code an und geben Sie ihn dort ein.',
    noScript:
      'JavaScript ist in diesem Browser ausgeschaltet. Geben Sie den sechsstelligen Code aus der Nachricht in der App ein, in der Sie ihn angefordert haben.',
    again: [
      'Öffnen Sie den Link noch einmal',
      'Zur Sicherheit wurde der Link aus der Adresszeile entfernt. Öffnen Sie ihn noch einmal in Ihrer Nachricht oder geben Sie den Code daraus in der App ein.',
    ],
    invalid: [
      'Dieser Link ist ungültig',
      'Öffnen Sie den Link in der neuesten Nachricht oder fordern Sie in der App einen neuen an.',
    ],
    expired: ['Dieser Link ist abgelaufen', 'Fordern Sie in der App einen neuen an.'],
    used: [
      'Dieser Link wurde schon benutzt',
      'Er gilt nur einmal. Fordern Sie in der App einen neuen an.',
    ],
    superseded: [
      'Dieser Link wurde ersetzt',
      'Sie haben sich inzwischen an- oder abgemeldet. Fordern Sie in der App einen neuen an.',
    ],
    notApproved: [
      'Diese Adresse kann sich nicht anmelden',
      'Ihr Zugang wurde entzogen oder ist abgelaufen. Fragen Sie die Person, die ihn gewährt hat.',
    ],
    elsewhere: [
      'Nicht in diesem Browser angefordert',
      'Zeigen Sie den Code an und geben Sie ihn auf dem Gerät ein, auf dem Sie ihn angefordert haben.',
    ],
    failed: [
      'Das hat nicht geklappt',
      'Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    ],
  },
  fr: {
    title: (app) => `Se connecter à ${app}`,
    lead: 'Comment souhaitez-vous continuer\u00a0?',
    openApp: 'Ouvrir dans l’application',
    here: 'Continuer dans ce navigateur',
    showCode: 'Afficher le code pour un autre appareil',
    confirm: 'Oui, me connecter',
    back: 'Retour',
    retry: 'Réessayer',
    close: 'Si vous n’avez pas demandé à vous connecter, fermez cette page.',
    code: [
      'Votre code',
      'Saisissez ce code sur l’appareil depuis lequel vous l’avez demandé. Ne le communiquez à personne.',
    ],
    expiry: (timeLeft) => `Le lien et le code ne servent qu’une fois et expirent dans ${timeLeft}.`,
    done: ['Vous êtes connecté', 'Vous pouvez fermer cette page.'],
    busy: 'Connexion en cours…',
    noApp:
      'L’application ne s’est pas ouverte\u00a0? Affichez le code et saisissez-le dans celle-ci.',
    noScript:
      'JavaScript est désactivé dans ce navigateur. Saisissez le code à six chiffres du message dans l’application où vous l’avez demandé.',
    again: [
      'Ouvrez le lien à nouveau',
      'Par sécurité, le lien a été retiré de la barre d’adresse. Ouvrez-le à nouveau depuis votre message, ou saisissez le code du message dans l’application.',
    ],
    invalid: [
      'Ce lien n’est pas valide',
      'Ouvrez le lien du message le plus récent, ou demandez-en un nouveau dans l’application.',
    ],
    expired: ['Ce lien a expiré', 'Demandez-en un nouveau dans l’application.'],
    used: [
      'Ce lien a déjà été utilisé',
      'Il ne sert qu’une fois. Demandez-en un nouveau dans l’application.',
    ],
    superseded: [
      'Ce lien a été remplacé',
      'Vous vous êtes connecté ou déconnecté depuis son envoi. Demandez-en un nouveau dans l’application.',
    ],
    notApproved: [
      'Cette adresse ne permet pas de se connecter',
      'Son accès a été retiré ou a pris fin. Adressez-vous à la personne qui vous l’a donné.',
    ],
    elsewhere: [
      'Demandé ailleurs que dans ce navigateur',
      'Affichez le code et saisissez-le sur l’appareil depuis lequel vous l’avez demandé.',
    ],
    failed: ['Cela n’a pas fonctionné', 'Vérifiez votre connexion, puis réessayez.'],
  },
  es: {
    title: (app) => `Iniciar sesión en ${app}`,
    lead: '¿Cómo desea continuar?',
    openApp: 'Abrir en la aplicación',
    here: 'Continuar en este navegador',
    showCode: 'Mostrar el código para otro dispositivo',
    confirm: 'Sí, iniciar sesión',
    back: 'Atrás',
    retry: 'Reintentar',
    close: 'Si no ha pedido iniciar sesión, cierre esta página.',
    code: [
      'Su código',
      'Introduzca este código en el dispositivo en el que lo solicitó. No lo comparta con nadie.',
    ],
    expiry: (timeLeft) => `El enlace y el código sirven una sola vez y caducan en ${timeLeft}.`,
    done: ['Ha iniciado sesión', 'Ya puede cerrar esta página.'],
    busy: 'Iniciando sesión…',
    noApp: '¿No se ha abierto la aplicación? Muestre el código e introdúzcalo en ella.',
    noScript:
      'JavaScript está desactivado en este navegador. Introduzca el código de seis cifras del mensaje en la aplicación en la que lo solicitó.',
    again: [
      'Abra de nuevo el enlace',
      'Por seguridad, el enlace se ha quitado de la barra de direcciones. Ábralo de nuevo desde su mensaje o introduzca el código del mensaje en la aplicación.',
    ],
    invalid: [
      'Este enlace no es válido',
      'Abra el enlace del mensaje más reciente o solicite uno nuevo en la aplicación.',
    ],
    expired: ['Este enlace ha caducado', 'Solicite uno nuevo en la aplicación.'],
    used: [
      'Este enlace ya se ha utilizado',
      'Solo sirve una vez. Solicite uno nuevo en la aplicación.',
    ],
    superseded: [
      'Este enlace se ha sustituido',
      'Ha iniciado o cerrado sesión después de que se enviara. Solicite uno nuevo en la aplicación.',
    ],
    notApproved: [
      'Esta dirección no puede iniciar sesión',
      'Su acceso se ha retirado o ha terminado. Consulte a la persona que se lo dio.',
    ],
    elsewhere: [
      'No se solicitó en este navegador',
      'Muestre el código e introdúzcalo en el dispositivo en el que lo solicitó.',
    ],
    failed: ['No ha funcionado', 'Compruebe su conexión e inténtelo de nuevo.'],
  },
  ja: {
    title: (app) => `${app} にサインイン`,
    lead: '続ける方法を選んでください。',
    openApp: 'アプリで開く',
    here: 'このブラウザーで続ける',
    showCode: '別の端末用のコードを表示',
    confirm: 'はい、サインインします',
    back: '戻る',
    retry: 'もう一度試す',
    close: 'サインインをリクエストしていない場合は、このページを閉じてください。',
    code: [
      '認証コード',
      'リクエストした端末でこのコードを入力してください。コードは誰にも教えないでください。',
    ],
    expiry: (timeLeft) => `リンクとコードは一度だけ使用でき、${timeLeft}後に無効になります。`,
    done: ['サインインしました', 'このページは閉じてかまいません。'],
    busy: 'サインインしています…',
    noApp: 'アプリが開かない場合は、コードを表示してアプリに入力してください。',
    noScript:
      'このブラウザーでは JavaScript が無効です。メッセージにある6桁のコードを、リクエストしたアプリに入力してください。',
    again: [
      'リンクをもう一度開いてください',
      '安全のため、リンクをアドレスバーから消しました。メッセージのリンクをもう一度開くか、メッセージのコードをアプリに入力してください。',
    ],
    invalid: [
      'このリンクは無効です',
      '最新のメッセージのリンクを開くか、アプリで新しいリンクをリクエストしてください。',
    ],
    expired: ['リンクの有効期限が切れました', 'アプリで新しいリンクをリクエストしてください。'],
    used: [
      'このリンクは使用済みです',
      'リンクは一度だけ使用できます。アプリで新しいリンクをリクエストしてください。',
    ],
    superseded: [
      'このリンクは無効になりました',
      '送信後に別のサインインまたはサインアウトがありました。アプリで新しいリンクをリクエストしてください。',
    ],
    notApproved: [
      'このアドレスではサインインできません',
      'アクセス権が取り消されたか、終了しています。アクセス権を付与した人にお問い合わせください。',
    ],
    elsewhere: [
      'このブラウザーからのリクエストではありません',
      'コードを表示して、リクエストした端末で入力してください。',
    ],
    failed: ['サインインできませんでした', '接続を確認して、もう一度お試しください。'],
  },
}
