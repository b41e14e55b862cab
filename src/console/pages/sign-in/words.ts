import type { Locale } from '../../../base/locale.ts'
import type { Notice } from '../frame-words.ts'
import type { Why } from '../local-path.ts'

/** What the pages of the sign-in say. */
export type SignInWords = {
  title: string
  lead: string
  email: string
  send: string
  why: Record<Why, string>
  badEmail: string
  /** Too many messages, or too many requests. */
  wait: (seconds: number) => string
  sent: string
  /** Says the same of every address. */
  sentLead: string
  code: string
  codeHint: string
  enter: string
  noMail: string
  resend: string
  resent: string
  otherAddress: string
  badCode: string
  refused: Record<'unknown' | 'used' | 'expired' | 'superseded' | 'not_approved', string>
  link: Notice
  confirm: string
  close: string
  linkInvalid: Notice
  linkExpired: Notice
  otherBrowser: Notice
  enterCode: string
  again: string
  noRole: readonly [title: string, text: (email: string) => string]
}

export const signInWords: Record<Locale, SignInWords> = {
  en: {
    title: 'Sign in',
    lead: 'For people who decide who may sign in. You get a link and a code by e-mail.',
    email: 'Your e-mail address',
    send: 'Send me a link',
    why: {
      stale: 'You signed in more than 12 hours ago. Sign in again to continue where you were.',
      ended: 'Your session has ended. Sign in again to continue where you were.',
      out: 'You are signed out.',
      recent: 'This will end someone’s access. Please sign in again first.',
    },
    badEmail: 'Enter an email address such as ada@example.com.',
    wait: (n) => `Please wait: try again in ${n} second${n === 1 ? '' : 's'}.`,
    sent: 'Check your email',
    sentLead: 'If this address may sign in, a message is on its way to it:',
    code: 'Code from the message',
    codeHint: 'Six digits. Or open the link in this browser.',
    enter: 'Sign in',
    noMail: 'No email? Look in the spam folder.',
    resend: 'Send it again',
    resent: 'It was sent again.',
    otherAddress: 'Use another address',
    badCode: 'Enter the six digits from the message.',
    refused: {
      unknown: 'This code is wrong. Check it, or have a new one sent.',
      used: 'This code has already been used. Have a new one sent.',
      expired: 'This code has expired. Have a new one sent.',
      superseded: 'You have since signed in with a newer code. Have a new one sent.',
      not_approved: 'This address may no longer sign in.',
    },
    link: ['Sign in here?', 'You asked for this link. Continue in this browser with the account:'],
    confirm: 'Yes, sign in',
    close: 'If you did not ask to sign in, close this page.',
    linkInvalid: [
      'This link does not work',
      'It may be cut off. Copy the whole link, or enter the code instead.',
    ],
    linkExpired: ['This link has expired', 'Links work for a short time. Ask for a new one.'],
    otherBrowser: [
      'This is not the browser that asked',
      'A link works only in the browser in which you asked for it. Enter the six-digit code from the message there, or start again here.',
    ],
    enterCode: 'Enter the code',
    again: 'Start again',
    noRole: [
      'No access to the console',
      (email) =>
        `You are signed in as ${email}, but this account has no access to the console. An administrator can grant it.`,
    ],
  },
  de: {
    title: 'Anmelden',
    lead: 'Für alle, die entscheiden, wer sich anmelden darf. Sie erhalten einen Link und einen Code per E-Mail.',
    email: 'Ihre E-Mail-Adresse',
    send: 'Link senden',
    why: {
      stale:
        'Ihre Anmeldung ist mehr als 12 Stunden her. Melden Sie sich bitte neu an; danach sind Sie wieder dort, wo Sie waren.',
      ended:
        'Ihre Sitzung ist beendet. Melden Sie sich bitte neu an; danach sind Sie wieder dort, wo Sie waren.',
      out: 'Sie sind abgemeldet.',
      recent: 'Damit endet der Zugang einer Person. Bitte weisen Sie sich dafür noch einmal aus.',
    },
    badEmail: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.',
    wait: (n) =>
      `Nicht so schnell: Versuchen Sie es in ${n} Sekunde${n === 1 ? '' : 'n'} noch einmal.`,
    sent: 'Sehen Sie in Ihre E-Mails',
    sentLead: 'Falls sich diese Adresse anmelden darf, ist eine Nachricht an sie unterwegs:',
    code: 'Code aus der Nachricht',
    codeHint: 'Sechs Ziffern. Oder öffnen Sie den Link in diesem Browser.',
    enter: 'Anmelden',
    noMail: 'Keine E-Mail da? Sehen Sie im Spam-Ordner nach.',
    resend: 'Noch einmal senden',
    resent: 'Die Nachricht wurde noch einmal gesendet.',
    otherAddress: 'Andere Adresse verwenden',
    badCode: 'Geben Sie die sechs Ziffern aus der Nachricht ein.',
    refused: {
      unknown: 'Dieser Code stimmt nicht. Prüfen Sie ihn oder lassen Sie sich einen neuen senden.',
      used: 'Dieser Code wurde schon verwendet. Lassen Sie sich einen neuen senden.',
      expired: 'Dieser Code ist abgelaufen. Lassen Sie sich einen neuen senden.',
      superseded:
        'Sie haben sich inzwischen mit einem neueren Code angemeldet. Lassen Sie sich einen neuen senden.',
      not_approved: 'Diese Adresse darf sich nicht mehr anmelden.',
    },
    link: [
      'Hier anmelden?',
      'Sie haben diesen Link angefordert. Weiter in diesem Browser mit dem Konto:',
    ],
    confirm: 'Ja, anmelden',
    close: 'Falls Sie sich nicht anmelden wollten, schließen Sie diese Seite.',
    linkInvalid: [
      'Dieser Link funktioniert nicht',
      'Vielleicht ist er abgeschnitten. Kopieren Sie den ganzen Link oder geben Sie den Code ein.',
    ],
    linkExpired: [
      'Dieser Link ist abgelaufen',
      'Links gelten nur kurz. Fordern Sie einen neuen an.',
    ],
    otherBrowser: [
      'Dieser Browser hat den Link nicht angefordert',
      'Ein Link gilt nur in dem Browser, in dem Sie ihn angefordert haben. Geben Sie dort den sechsstelligen Code aus der Nachricht ein oder melden Sie sich hier neu an.',
    ],
    enterCode: 'Code eingeben',
    again: 'Neu anmelden',
    noRole: [
      'Kein Zugang zur Konsole',
      (email) =>
        `${email} gehört Ihnen, darf die Konsole aber nicht benutzen. Die Administration kann das ändern.`,
    ],
  },
  fr: {
    title: 'Se connecter',
    lead: 'Pour les personnes qui décident qui peut se connecter. Vous recevez un lien et un code par e-mail.',
    email: 'Votre adresse e-mail',
    send: 'Envoyer le lien',
    why: {
      stale:
        'Vous vous êtes connecté il y a plus de 12 heures. Reconnectez-vous\u00a0; vous reviendrez où vous étiez.',
      ended: 'Votre session est terminée. Reconnectez-vous\u00a0; vous reviendrez où vous étiez.',
      out: 'Vous êtes déconnecté.',
      recent:
        'Cela met fin à l’accès d’une personne\u00a0: confirmez encore une fois votre identité.',
    },
    badEmail: 'Saisissez une adresse e-mail, par exemple ada@example.com.',
    wait: (n) => `Pas si vite\u00a0: réessayez dans ${n} seconde${n === 1 ? '' : 's'}.`,
    sent: 'Consultez vos e-mails',
    sentLead: 'Si cette adresse peut se connecter, un message lui est envoyé\u00a0:',
    code: 'Code du message',
    codeHint: 'Six chiffres. Ou ouvrez le lien dans ce navigateur.',
    enter: 'Se connecter',
    noMail: 'Pas d’e-mail\u00a0? Regardez dans les indésirables.',
    resend: 'Renvoyer',
    resent: 'Le message a été renvoyé.',
    otherAddress: 'Utiliser une autre adresse',
    badCode: 'Saisissez les six chiffres du message.',
    refused: {
      unknown: 'Ce code n’est pas le bon. Vérifiez-le ou demandez-en un nouveau.',
      used: 'Ce code a déjà servi. Demandez-en un nouveau.',
      expired: 'Ce code a expiré. Demandez-en un nouveau.',
      superseded:
        'Vous vous êtes connecté depuis avec un code plus récent. Demandez-en un nouveau.',
      not_approved: 'Cette adresse ne peut plus se connecter.',
    },
    link: [
      'Se connecter ici\u00a0?',
      'Vous avez demandé ce lien. Continuer dans ce navigateur avec le compte\u00a0:',
    ],
    confirm: 'Oui, me connecter',
    close: 'Si vous n’avez pas demandé à vous connecter, fermez cette page.',
    linkInvalid: [
      'Ce lien ne fonctionne pas',
      'Il est peut-être coupé. Copiez le lien entier ou saisissez le code.',
    ],
    linkExpired: ['Ce lien a expiré', 'Les liens ne durent pas longtemps. Demandez-en un nouveau.'],
    otherBrowser: [
      'Ce navigateur n’a pas demandé le lien',
      'Un lien ne fonctionne que dans le navigateur où vous l’avez demandé. Saisissez-y le code à six chiffres du message, ou reconnectez-vous ici.',
    ],
    enterCode: 'Saisir le code',
    again: 'Se reconnecter',
    noRole: [
      'Pas d’accès à la console',
      (email) =>
        `${email} est bien à vous, mais n’a pas le droit d’utiliser la console. Un administrateur peut le lui donner.`,
    ],
  },
  es: {
    title: 'Iniciar sesión',
    lead: 'Para quienes deciden quién puede iniciar sesión. Recibirá un enlace y un código por correo.',
    email: 'Su correo electrónico',
    send: 'Enviar el enlace',
    why: {
      stale: 'Inició sesión hace más de 12 horas. Vuelva a iniciarla y regresará donde estaba.',
      ended: 'Su sesión ha terminado. Vuelva a iniciarla y regresará donde estaba.',
      out: 'Ha cerrado la sesión.',
      recent: 'Esto pone fin al acceso de una persona: confirme otra vez que es usted.',
    },
    badEmail: 'Introduzca una dirección de correo, por ejemplo ada@example.com.',
    wait: (n) => `No tan rápido: inténtelo de nuevo en ${n} segundo${n === 1 ? '' : 's'}.`,
    sent: 'Mire su correo',
    sentLead: 'Si esta dirección puede iniciar sesión, le llegará un mensaje:',
    code: 'Código del mensaje',
    codeHint: 'Seis dígitos. O abra el enlace en este navegador.',
    enter: 'Iniciar sesión',
    noMail: '¿No llega? Mire en el correo no deseado.',
    resend: 'Enviar de nuevo',
    resent: 'Se ha enviado de nuevo.',
    otherAddress: 'Usar otra dirección',
    badCode: 'Introduzca los seis dígitos del mensaje.',
    refused: {
      unknown: 'Este código no es correcto. Compruébelo o pida uno nuevo.',
      used: 'Este código ya se ha usado. Pida uno nuevo.',
      expired: 'Este código ha caducado. Pida uno nuevo.',
      superseded: 'Desde entonces ha iniciado sesión con un código más reciente. Pida uno nuevo.',
      not_approved: 'Esta dirección ya no puede iniciar sesión.',
    },
    link: [
      '¿Iniciar sesión aquí?',
      'Usted pidió este enlace. Continúe en este navegador con la cuenta:',
    ],
    confirm: 'Sí, iniciar sesión',
    close: 'Si no ha pedido iniciar sesión, cierre esta página.',
    linkInvalid: [
      'Este enlace no funciona',
      'Puede que esté cortado. Copie el enlace entero o introduzca el código.',
    ],
    linkExpired: ['Este enlace ha caducado', 'Los enlaces duran poco. Pida uno nuevo.'],
    otherBrowser: [
      'Este no es el navegador que pidió el enlace',
      'Un enlace solo funciona en el navegador en el que lo pidió. Introduzca allí el código de seis dígitos del mensaje o inicie sesión aquí de nuevo.',
    ],
    enterCode: 'Introducir el código',
    again: 'Iniciar sesión de nuevo',
    noRole: [
      'Sin acceso a la consola',
      (email) =>
        `${email} es suya, pero no tiene permiso para usar la consola. Un administrador puede dárselo.`,
    ],
  },
  ja: {
    title: 'サインイン',
    lead: '誰がサインインできるかを決める方のための画面です。リンクとコードをメールでお送りします。',
    email: 'メールアドレス',
    send: 'リンクを送信',
    why: {
      stale:
        '前回のサインインから 12 時間以上たちました。もう一度サインインすると、元のページに戻ります。',
      ended: 'セッションが終了しました。もう一度サインインすると、元のページに戻ります。',
      out: 'サインアウトしました。',
      recent: 'この操作は他の方のアクセスを終了します。もう一度ご本人の確認をお願いします。',
    },
    badEmail: 'ada@example.com のようなメールアドレスを入力してください。',
    wait: (n) => `${n} 秒後にもう一度お試しください。`,
    sent: 'メールをご確認ください',
    sentLead: 'サインインが許可されている場合、次のアドレスにメールが届きます。',
    code: 'メールに記載のコード',
    codeHint: '6 桁の数字です。または、このブラウザーでリンクを開いてください。',
    enter: 'サインイン',
    noMail: 'メールが届かない場合は、迷惑メールフォルダーをご確認ください。',
    resend: '再送信',
    resent: 'もう一度送信しました。',
    otherAddress: '別のアドレスを使う',
    badCode: 'メールに記載の 6 桁の数字を入力してください。',
    refused: {
      unknown: 'コードが正しくありません。確認するか、新しいコードを送信してください。',
      used: 'このコードは使用済みです。新しいコードを送信してください。',
      expired: 'このコードは期限切れです。新しいコードを送信してください。',
      superseded: '新しいコードですでにサインインしています。新しいコードを送信してください。',
      not_approved: 'このアドレスではサインインできなくなりました。',
    },
    link: [
      'ここでサインインしますか？',
      'リクエストされたリンクです。次のアカウントで、このブラウザーで続けます。',
    ],
    confirm: 'はい、サインインします',
    close: 'お心当たりのない場合は、このページを閉じてください。',
    linkInvalid: [
      'このリンクは使えません',
      '途中で切れている可能性があります。リンク全体をコピーするか、コードを入力してください。',
    ],
    linkExpired: ['リンクの有効期限が切れています', '新しいリンクをリクエストしてください。'],
    otherBrowser: [
      'リンクをリクエストしたブラウザーではありません',
      'リンクは、リクエストしたブラウザーでのみ使えます。そのブラウザーでメールの 6 桁のコードを入力するか、ここで改めてサインインしてください。',
    ],
    enterCode: 'コードを入力',
    again: '改めてサインイン',
    noRole: [
      'コンソールを利用できません',
      (email) =>
        `${email} はご本人のものと確認できましたが、コンソールの利用権限がありません。管理者にご相談ください。`,
    ],
  },
}
