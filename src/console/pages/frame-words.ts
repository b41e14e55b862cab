import type { Locale } from '../../base/locale.ts'

/** A title and what to do. */
export type Notice = readonly [title: string, text: string]

/** What stands around every page, and on the pages of errors. */
export type FrameWords = {
  console: (app: string) => string
  skip: string
  navigation: string
  requests: string
  approvals: string
  people: string
  signOut: string
  role: Record<'admin' | 'approver', string>
  /** A label and what it is about. */
  colon: (label: string, text: string) => string
  /** In front of the title of a page with errors. */
  error: string
  /** The head of the list of errors. */
  problems: string
  goOn: string
  toStart: string
  signIn: string
  forbidden: Notice
  /** On the pages of people, for an approver. */
  whyGuests: string
  notFound: Notice
  badRequest: Notice
  otherOrigin: Notice
  tooLarge: Notice
  tooMany: Notice
  unavailable: Notice
  failed: Notice
  /** `id` names the request in the log. */
  reference: (id: string) => string
}

export const frameWords: Record<Locale, FrameWords> = {
  en: {
    console: (app) => `${app} Console`,
    colon: (label, text) => `${label}: ${text}`,
    skip: 'Skip to the content',
    navigation: 'Main',
    requests: 'Requests',
    approvals: 'Approvals',
    people: 'People',
    signOut: 'Sign out',
    role: { admin: 'Administrator', approver: 'Approver' },
    error: 'Error',
    problems: 'Please check this first',
    goOn: 'Continue',
    toStart: 'Go to the start page',
    signIn: 'Sign in',
    forbidden: [
      'You may not do this',
      'Your account does not have permission for this. An administrator can help.',
    ],
    whyGuests:
      'To learn why a guest cannot sign in, open the guest’s approval and choose “Why can’t they sign in?”. For a colleague, ask an administrator.',
    notFound: ['There is nothing here', 'The address may be mistyped, or what was here is gone.'],
    badRequest: ['This did not work', 'The request cannot be understood. Go back and try again.'],
    otherOrigin: [
      'This request came from another site',
      'For your safety, nothing was done. Open the console and try again.',
    ],
    tooLarge: ['This is too large', 'Send a smaller file or less text.'],
    tooMany: ['Too many tries', 'Wait a minute, then try again.'],
    unavailable: [
      'The console is not available right now',
      'Your change may or may not have been saved. Try again in a moment, and check first.',
    ],
    failed: ['Something went wrong', 'This is our fault, not yours. Try again in a moment.'],
    reference: (id) => `Reference: ${id}`,
  },
  de: {
    console: (app) => `${app}-Konsole`,
    colon: (label, text) => `${label}: ${text}`,
    skip: 'Zum Inhalt springen',
    navigation: 'Hauptmenü',
    requests: 'Anfragen',
    approvals: 'Freigaben',
    people: 'Personen',
    signOut: 'Abmelden',
    role: { admin: 'Administration', approver: 'Freigabe' },
    error: 'Fehler',
    problems: 'Bitte prüfen Sie zuerst',
    goOn: 'Weiter',
    toStart: 'Zur Startseite',
    signIn: 'Anmelden',
    forbidden: [
      'Das dürfen Sie nicht',
      'Ihrem Konto fehlt das Recht dazu. Die Administration kann helfen.',
    ],
    whyGuests:
      'Warum sich ein Gast nicht anmelden kann, sehen Sie auf der Seite seiner Freigabe unter „Warum klappt die Anmeldung nicht?“. Für Personen aus Ihrer Firma fragen Sie die Administration.',
    notFound: [
      'Hier ist nichts',
      'Die Adresse ist vielleicht vertippt, oder was hier war, gibt es nicht mehr.',
    ],
    badRequest: [
      'Das hat nicht geklappt',
      'Die Anfrage ist unverständlich. Gehen Sie zurück und versuchen Sie es noch einmal.',
    ],
    otherOrigin: [
      'Das kam nicht aus der Konsole',
      'Zu Ihrer Sicherheit wurde nichts getan. Öffnen Sie die Konsole und versuchen Sie es noch einmal.',
    ],
    tooLarge: ['Das ist zu viel', 'Senden Sie weniger auf einmal.'],
    tooMany: ['Zu viele Versuche', 'Warten Sie eine Minute und versuchen Sie es dann noch einmal.'],
    unavailable: [
      'Gerade nicht erreichbar',
      'Ihre Änderung ist vielleicht gespeichert, vielleicht nicht. Sehen Sie nach und versuchen Sie es gleich noch einmal.',
    ],
    failed: [
      'Etwas ist schiefgegangen',
      'Es liegt an uns, nicht an Ihnen. Versuchen Sie es gleich noch einmal.',
    ],
    reference: (id) => `Kennung: ${id}`,
  },
  fr: {
    console: (app) => `Console ${app}`,
    colon: (label, text) => `${label}\u00a0: ${text}`,
    skip: 'Aller au contenu',
    navigation: 'Menu principal',
    requests: 'Demandes',
    approvals: 'Autorisations',
    people: 'Personnes',
    signOut: 'Se déconnecter',
    role: { admin: 'Administration', approver: 'Autorisation' },
    error: 'Erreur',
    problems: 'Veuillez d’abord vérifier',
    goOn: 'Continuer',
    toStart: 'Aller à la page d’accueil',
    signIn: 'Se connecter',
    forbidden: [
      'Vous n’avez pas ce droit',
      'Votre compte n’y est pas autorisé. Un administrateur peut vous aider.',
    ],
    whyGuests:
      'Pour savoir pourquoi un invité ne peut pas se connecter, ouvrez son autorisation et choisissez «\u00a0Pourquoi la connexion échoue-t-elle\u00a0?\u00a0». Pour un collègue, demandez à un administrateur.',
    notFound: [
      'Il n’y a rien ici',
      'L’adresse est peut-être mal saisie, ou ce qui s’y trouvait n’existe plus.',
    ],
    badRequest: [
      'Cela n’a pas fonctionné',
      'La demande est incompréhensible. Revenez en arrière et réessayez.',
    ],
    otherOrigin: [
      'Cela ne venait pas de la console',
      'Par sécurité, rien n’a été fait. Ouvrez la console et réessayez.',
    ],
    tooLarge: ['C’est trop', 'Envoyez-en moins à la fois.'],
    tooMany: ['Trop de tentatives', 'Attendez une minute, puis réessayez.'],
    unavailable: [
      'Indisponible pour le moment',
      'Votre modification a peut-être été enregistrée, peut-être pas. Vérifiez, puis réessayez dans un instant.',
    ],
    failed: [
      'Un problème est survenu',
      'La faute est à nous, pas à vous. Réessayez dans un instant.',
    ],
    reference: (id) => `Référence\u00a0: ${id}`,
  },
  es: {
    console: (app) => `Consola de ${app}`,
    colon: (label, text) => `${label}: ${text}`,
    skip: 'Ir al contenido',
    navigation: 'Menú principal',
    requests: 'Solicitudes',
    approvals: 'Autorizaciones',
    people: 'Personas',
    signOut: 'Cerrar sesión',
    role: { admin: 'Administración', approver: 'Autorización' },
    error: 'Error',
    problems: 'Compruebe antes lo siguiente',
    goOn: 'Continuar',
    toStart: 'Ir a la página de inicio',
    signIn: 'Iniciar sesión',
    forbidden: [
      'No puede hacer esto',
      'Su cuenta no tiene permiso para ello. Un administrador puede ayudarle.',
    ],
    whyGuests:
      'Para saber por qué un invitado no puede iniciar sesión, abra su autorización y elija «¿Por qué no puede iniciar sesión?». Para un compañero, pregunte a un administrador.',
    notFound: [
      'Aquí no hay nada',
      'Puede que la dirección esté mal escrita o que lo que había ya no exista.',
    ],
    badRequest: [
      'No ha funcionado',
      'No se entiende la solicitud. Vuelva atrás e inténtelo de nuevo.',
    ],
    otherOrigin: [
      'Esto no venía de la consola',
      'Por su seguridad no se ha hecho nada. Abra la consola e inténtelo de nuevo.',
    ],
    tooLarge: ['Es demasiado', 'Envíe menos de una vez.'],
    tooMany: ['Demasiados intentos', 'Espere un minuto e inténtelo de nuevo.'],
    unavailable: [
      'No disponible en este momento',
      'Puede que su cambio se haya guardado o no. Compruébelo e inténtelo de nuevo en un momento.',
    ],
    failed: ['Algo ha fallado', 'Es culpa nuestra, no suya. Inténtelo de nuevo en un momento.'],
    reference: (id) => `Referencia: ${id}`,
  },
  ja: {
    console: (app) => `${app} コンソール`,
    colon: (label, text) => `${label}：${text}`,
    skip: '本文へ移動',
    navigation: 'メインメニュー',
    requests: '申請',
    approvals: '承認',
    people: '利用者',
    signOut: 'サインアウト',
    role: { admin: '管理者', approver: '承認者' },
    error: 'エラー',
    problems: '次の点を確認してください',
    goOn: '続ける',
    toStart: '開始ページへ',
    signIn: 'サインイン',
    forbidden: [
      'この操作は許可されていません',
      'お使いのアカウントには権限がありません。管理者にご相談ください。',
    ],
    whyGuests:
      'ゲストがサインインできない理由は、そのゲストの承認のページの「サインインできない理由」で確認できます。社内の人については、管理者にお問い合わせください。',
    notFound: [
      'ページが見つかりません',
      'アドレスが間違っているか、ここにあったものがなくなった可能性があります。',
    ],
    badRequest: [
      '処理できませんでした',
      'リクエストの内容を読み取れません。前のページに戻ってもう一度お試しください。',
    ],
    otherOrigin: [
      'コンソールからの操作ではありません',
      '安全のため実行しませんでした。コンソールを開いてもう一度お試しください。',
    ],
    tooLarge: ['データが大きすぎます', '分割して送信してください。'],
    tooMany: ['試行回数が多すぎます', '1 分待ってからもう一度お試しください。'],
    unavailable: [
      '現在ご利用になれません',
      '変更が保存されたかどうかは不明です。確認してから、もう一度お試しください。',
    ],
    failed: [
      '問題が発生しました',
      'システム側の問題です。しばらくしてからもう一度お試しください。',
    ],
    reference: (id) => `参照番号：${id}`,
  },
}
