import type { Locale } from '../../../base/locale.ts'
import type { Series } from '../../start/days.ts'

/** The words of the start page. */
export type StartWords = {
  title: string
  /** Above the chart. */
  lately: string
  series: Record<Series['name'], string>
  /** What each number counts. */
  means: Record<Series['name'], string>
  /** The chart in a sentence: `day` has the most. */
  most: (total: string, most: string, day: string) => string
  none: string
  numbers: string
  day: string
  utc: string
  /** What is shown when Analytics Engine is not bound, and when it did not answer. */
  unbound: string
  unread: string
  waits: string
  nobodyWaits: string
  allRequests: (count: number) => string
  approvedAlready: (count: number) => string
  ends: string
  nothingEnds: string
  allEnding: (count: number) => string
  find: string
  findLabel: string
  findHint: string
}

export const startWords: Record<Locale, StartWords> = {
  en: {
    title: 'Overview',
    lately: 'The last 14 days',
    series: {
      signedIn: 'Sign-ins',
      refused: 'Refused',
      sent: 'Messages sent',
      approved: 'Approved',
      withdrawn: 'Withdrawn',
      asked: 'Requests waiting',
    },
    means: {
      signedIn: 'By link or code',
      refused: 'Links, codes and requests for links',
      sent: 'By email and SMS',
      approved: 'By day of approval',
      withdrawn: 'By day of withdrawal, if not restored since',
      asked: 'Not decided yet',
    },
    most: (total, most, day) => `${total} in 14 days, most on ${day}: ${most}`,
    none: 'None in 14 days',
    numbers: 'The numbers',
    day: 'Day',
    utc: 'days in UTC',
    unbound:
      'Sign-ins, refusals and messages are not counted yet. To count them, bind an Analytics Engine dataset to the public Worker as ANALYTICS, and give the console ANALYTICS_ACCOUNT_ID and ANALYTICS_API_TOKEN.',
    unread:
      'The numbers of sign-ins, refusals and messages are not available right now. The log says why.',
    waits: 'Waiting for approval',
    nobodyWaits: 'Nobody is waiting.',
    allRequests: (n) => (n === 1 ? 'Decide' : `All ${n} requests`),
    approvedAlready: (n) =>
      n === 1
        ? '1 approved person still waits for a link'
        : `${n} approved people still wait for a link`,
    ends: 'Ending within 7 days',
    nothingEnds: 'No approval ends within 7 days.',
    allEnding: (n) => (n === 1 ? 'Show it in the list' : `All ${n} approvals`),
    find: 'Find',
    findLabel: 'Find a person',
    findHint: 'Full email address or user id',
  },
  de: {
    title: 'Übersicht',
    lately: 'Die letzten 14 Tage',
    series: {
      signedIn: 'Anmeldungen',
      refused: 'Abgewiesen',
      sent: 'Gesendete Nachrichten',
      approved: 'Freigegeben',
      withdrawn: 'Entzogen',
      asked: 'Wartende Anfragen',
    },
    means: {
      signedIn: 'Mit Link oder Code',
      refused: 'Links, Codes und Anforderungen von Links',
      sent: 'Per E-Mail und SMS',
      approved: 'Nach dem Tag der Freigabe',
      withdrawn: 'Nach dem Tag des Entzugs, wenn seither nicht wiederhergestellt',
      asked: 'Noch nicht entschieden',
    },
    most: (total, most, day) => `${total} in 14 Tagen, die meisten am ${day}: ${most}`,
    none: 'Keine in 14 Tagen',
    numbers: 'Die Zahlen',
    day: 'Tag',
    utc: 'Tage in UTC',
    unbound:
      'Anmeldungen, Abweisungen und Nachrichten werden noch nicht gezählt. Binden Sie dazu am öffentlichen Worker ein Analytics-Engine-Dataset als ANALYTICS, und geben Sie der Konsole ANALYTICS_ACCOUNT_ID und ANALYTICS_API_TOKEN.',
    unread:
      'Die Zahlen der Anmeldungen, Abweisungen und Nachrichten waren gerade nicht lesbar. Das Protokoll sagt, warum.',
    waits: 'Anfragen, die warten',
    nobodyWaits: 'Niemand wartet.',
    allRequests: (n) => (n === 1 ? 'Entscheiden' : `Alle ${n} Anfragen`),
    approvedAlready: (n) =>
      n === 1
        ? '1 freigegebene Person wartet noch auf einen Link'
        : `${n} freigegebene Personen warten noch auf einen Link`,
    ends: 'Was in 7 Tagen endet',
    nothingEnds: 'Keine Freigabe endet in den nächsten 7 Tagen.',
    allEnding: (n) => (n === 1 ? 'In der Liste zeigen' : `Alle ${n} Freigaben`),
    find: 'Finden',
    findLabel: 'Eine Person finden',
    findHint: 'Vollständige E-Mail-Adresse oder Benutzer-ID',
  },
  fr: {
    title: 'Vue d’ensemble',
    lately: 'Les 14 derniers jours',
    series: {
      signedIn: 'Connexions',
      refused: 'Refus',
      sent: 'Messages envoyés',
      approved: 'Autorisations',
      withdrawn: 'Retraits',
      asked: 'Demandes en attente',
    },
    means: {
      signedIn: 'Par lien ou par code',
      refused: 'Liens, codes et demandes de lien',
      sent: 'Par e-mail et par SMS',
      approved: 'Par jour d’autorisation',
      withdrawn: 'Par jour de retrait, si pas rétablies depuis',
      asked: 'Pas encore décidées',
    },
    most: (total, most, day) => `${total} en 14 jours, le plus le ${day}\u00a0: ${most}`,
    none: 'Aucun en 14 jours',
    numbers: 'Les chiffres',
    day: 'Jour',
    utc: 'jours en UTC',
    unbound:
      'Les connexions, les refus et les messages ne sont pas encore comptés. Pour les compter, liez un dataset Analytics Engine au Worker public sous le nom ANALYTICS, et donnez à la console ANALYTICS_ACCOUNT_ID et ANALYTICS_API_TOKEN.',
    unread:
      'Les chiffres des connexions, des refus et des messages n’ont pas pu être lus. Le journal dit pourquoi.',
    waits: 'Qui attend un accès',
    nobodyWaits: 'Personne n’attend.',
    allRequests: (n) => (n === 1 ? 'Décider' : `Les ${n} demandes`),
    approvedAlready: (n) =>
      n === 1
        ? '1 personne autorisée attend encore un lien'
        : `${n} personnes autorisées attendent encore un lien`,
    ends: 'Ce qui se termine sous 7 jours',
    nothingEnds: 'Aucune autorisation ne se termine sous 7 jours.',
    allEnding: (n) => (n === 1 ? 'Voir dans la liste' : `Les ${n} autorisations`),
    find: 'Trouver',
    findLabel: 'Trouver une personne',
    findHint: 'Adresse e-mail complète ou identifiant',
  },
  es: {
    title: 'Resumen',
    lately: 'Los últimos 14 días',
    series: {
      signedIn: 'Inicios de sesión',
      refused: 'Rechazos',
      sent: 'Mensajes enviados',
      approved: 'Autorizaciones',
      withdrawn: 'Retiradas',
      asked: 'Solicitudes en espera',
    },
    means: {
      signedIn: 'Con enlace o código',
      refused: 'Enlaces, códigos y peticiones de enlaces',
      sent: 'Por correo y SMS',
      approved: 'Por día de autorización',
      withdrawn: 'Por día de retirada, si no se han restablecido',
      asked: 'Aún sin decidir',
    },
    most: (total, most, day) => `${total} en 14 días, el máximo el ${day}: ${most}`,
    none: 'Ninguno en 14 días',
    numbers: 'Las cifras',
    day: 'Día',
    utc: 'días en UTC',
    unbound:
      'Los inicios de sesión, los rechazos y los mensajes aún no se cuentan. Para contarlos, vincule un dataset de Analytics Engine al Worker público como ANALYTICS y dé a la consola ANALYTICS_ACCOUNT_ID y ANALYTICS_API_TOKEN.',
    unread:
      'No se pudieron leer las cifras de inicios de sesión, rechazos y mensajes. El registro dice por qué.',
    waits: 'Quién espera acceso',
    nobodyWaits: 'Nadie espera.',
    allRequests: (n) => (n === 1 ? 'Decidir' : `Las ${n} solicitudes`),
    approvedAlready: (n) =>
      n === 1
        ? '1 persona autorizada aún espera un enlace'
        : `${n} personas autorizadas aún esperan un enlace`,
    ends: 'Qué termina en 7 días',
    nothingEnds: 'Ninguna autorización termina en 7 días.',
    allEnding: (n) => (n === 1 ? 'Ver en la lista' : `Las ${n} autorizaciones`),
    find: 'Buscar',
    findLabel: 'Buscar a una persona',
    findHint: 'Dirección completa o identificador',
  },
  ja: {
    title: '概要',
    lately: '過去 14 日間',
    series: {
      signedIn: 'サインイン',
      refused: '拒否',
      sent: '送信したメッセージ',
      approved: '承認',
      withdrawn: '取り消し',
      asked: '申請（待機中）',
    },
    means: {
      signedIn: 'リンクまたはコード',
      refused: 'リンク、コード、リンクの要求',
      sent: 'メールと SMS',
      approved: '承認した日ごと',
      withdrawn: '取り消した日ごと（その後に元に戻したものを除く）',
      asked: '未処理',
    },
    most: (total, most, day) => `14 日間で ${total}、最多は ${day}の ${most}`,
    none: '14 日間で 0',
    numbers: '数値',
    day: '日',
    utc: 'UTC',
    unbound:
      'サインイン、拒否、メッセージはまだ集計されていません。集計するには、公開 Worker に Analytics Engine のデータセットを ANALYTICS として設定し、コンソールに ANALYTICS_ACCOUNT_ID と ANALYTICS_API_TOKEN を設定してください。',
    unread: 'サインイン、拒否、メッセージの集計を読み込めませんでした。理由はログにあります。',
    waits: '承認を待っている人',
    nobodyWaits: '待っている人はいません。',
    allRequests: (n) => (n === 1 ? '判断する' : `${n} 件の申請をすべて見る`),
    approvedAlready: (n) => `承認済みの ${n} 人がまだリンクを待っています`,
    ends: '7 日以内に終わる承認',
    nothingEnds: '7 日以内に終わる承認はありません。',
    allEnding: (n) => (n === 1 ? '一覧で見る' : `${n} 件の承認をすべて見る`),
    find: '検索',
    findLabel: '人を検索',
    findHint: 'メールアドレス全体またはユーザー ID',
  },
}
