import type { Locale } from '../../../base/locale.ts'
import type { Notice } from '../frame-words.ts'

/** The words of the page of access requests. */
export type RequestWords = {
  title: string
  waiting: (count: number) => string
  next: string
  first: string
  /** What an empty queue says while ACCESS_REQUESTS is on, and while it is off. */
  none: Notice
  off: Notice
  since: string
  asked: string
  times: (asks: number) => string
  /** `when` is `5 minutes ago`. */
  last: (when: string) => string
  device: string
  from: string
  /** Shown for an SMS: the link of an approval goes by mail all the same. */
  channelName: string
  channel: string
  until: string
  approve: string
  approveLead: string
  decline: string
  declineLead: string
  done: {
    approved: (email: string) => string
    /** The key that sealed the device's handle is no longer in SEAL_KEYS. */
    approvedWithoutLink: (email: string) => string
    declined: (email: string) => string
  }
  openApproval: string
  /** Another approver decided first. */
  faster: string
  fasterApproved: (email: string, by: string) => string
  fasterDeclined: (email: string, by: string) => string
  gone: (email: string) => string
}

export const requestWords: Record<Locale, RequestWords> = {
  en: {
    title: 'Requests',
    waiting: (n) =>
      n === 1 ? '1 person is waiting for approval' : `${n} people are waiting for approval`,
    next: 'Next page',
    first: 'Back to the first page',
    none: [
      'Nobody is waiting',
      'Requests are on. People who ask for a link but may not sign in yet appear here.',
    ],
    off: [
      'Requests are off',
      'Nobody can send a request. To turn requests on, set ACCESS_REQUESTS to “on” for both Workers and deploy them.',
    ],
    since: 'Waiting since',
    asked: 'Asked',
    times: (n) => (n === 1 ? 'once' : `${n} times`),
    last: (when) => `last ${when}`,
    device: 'Device',
    from: 'From',
    channel: 'By SMS',
    channelName: 'Link wanted',
    until: 'Expires',
    approve: 'Approve',
    approveLead: 'A link is sent at once, for the device that is waiting.',
    decline: 'Decline…',
    declineLead:
      'The person is not told. If they ask again, the request does not come back here for 14 days.',
    done: {
      approved: (email) =>
        `${email} can sign in now. A link is on its way by email, for the device that is waiting.`,
      approvedWithoutLink: (email) =>
        `${email} can sign in now. No link was sent, because the request is too old. The person must ask for a link again.`,
      declined: (email) => `The request of ${email} was declined. The person is not told.`,
    },
    openApproval: 'Open the approval',
    faster: 'Someone else was faster',
    fasterApproved: (email, by) => `${by} has approved ${email}. Your decision was not saved.`,
    fasterDeclined: (email, by) =>
      `${by} has declined the request of ${email}. Your decision was not saved.`,
    gone: (email) => `${email} is no longer waiting. Nothing was changed.`,
  },
  de: {
    title: 'Anfragen',
    waiting: (n) => (n === 1 ? '1 Person wartet auf Einlass' : `${n} Personen warten auf Einlass`),
    next: 'Nächste Seite',
    first: 'Zurück zur ersten Seite',
    none: [
      'Niemand wartet',
      'Wer einen Link anfordert und sich noch nicht anmelden darf, erscheint hier. Anfragen sind eingeschaltet.',
    ],
    off: [
      'Anfragen sind ausgeschaltet',
      'Niemand kann um Einlass bitten. Zum Einschalten setzen Sie ACCESS_REQUESTS für beide Worker auf „on“ und stellen sie neu bereit.',
    ],
    since: 'Wartet seit',
    asked: 'Gefragt',
    times: (n) => (n === 1 ? 'einmal' : `${n}-mal`),
    last: (when) => `zuletzt ${when}`,
    device: 'Gerät',
    from: 'Von',
    channel: 'Per SMS',
    channelName: 'Link gewünscht',
    until: 'Verschwindet',
    approve: 'Freigeben',
    approveLead: 'Ein Link geht sofort hinaus, für das wartende Gerät.',
    decline: 'Ablehnen…',
    declineLead:
      'Niemand erfährt davon. Fragt die Adresse noch einmal, erscheint sie hier 14 Tage lang nicht wieder.',
    done: {
      approved: (email) =>
        `${email} kann sich jetzt anmelden. Ein Link ist per E-Mail unterwegs, für das wartende Gerät.`,
      approvedWithoutLink: (email) =>
        `${email} kann sich jetzt anmelden. Es ging kein Link hinaus, weil die Anfrage zu alt ist: Die Person muss noch einmal einen anfordern.`,
      declined: (email) => `${email} wurde abgelehnt. Niemand erfährt davon.`,
    },
    openApproval: 'Freigabe öffnen',
    faster: 'Jemand anderes war schneller',
    fasterApproved: (email, by) =>
      `${by} hat ${email} freigegeben. Von Ihnen wurde nichts gespeichert.`,
    fasterDeclined: (email, by) =>
      `${by} hat ${email} abgelehnt. Von Ihnen wurde nichts gespeichert.`,
    gone: (email) => `${email} wartet nicht mehr. Es wurde nichts geändert.`,
  },
  fr: {
    title: 'Demandes',
    waiting: (n) => (n === 1 ? '1 personne attend un accès' : `${n} personnes attendent un accès`),
    next: 'Page suivante',
    first: 'Retour à la première page',
    none: [
      'Personne n’attend',
      'Qui demande un lien sans pouvoir encore se connecter apparaît ici. Les demandes sont activées.',
    ],
    off: [
      'Les demandes sont désactivées',
      'Personne ne peut demander un accès. Pour les activer, mettez ACCESS_REQUESTS à «\u00a0on\u00a0» pour les deux Workers, puis déployez-les.',
    ],
    since: 'Attend depuis',
    asked: 'Demandé',
    times: (n) => (n === 1 ? 'une fois' : `${n} fois`),
    last: (when) => `la dernière ${when}`,
    device: 'Appareil',
    from: 'Depuis',
    channel: 'Par SMS',
    channelName: 'Lien souhaité',
    until: 'Disparaît',
    approve: 'Autoriser',
    approveLead: 'Un lien part aussitôt, pour l’appareil qui attend.',
    decline: 'Refuser…',
    declineLead:
      'Personne n’en est informé. Si l’adresse redemande, elle ne réapparaît pas ici pendant 14 jours.',
    done: {
      approved: (email) =>
        `${email} peut maintenant se connecter. Un lien est parti par e-mail, pour l’appareil qui attend.`,
      approvedWithoutLink: (email) =>
        `${email} peut maintenant se connecter. Aucun lien n’est parti, car la demande est trop ancienne\u00a0: la personne doit en redemander un.`,
      declined: (email) => `${email} a été refusée. Personne n’en est informé.`,
    },
    openApproval: 'Ouvrir l’autorisation',
    faster: 'Quelqu’un a été plus rapide',
    fasterApproved: (email, by) =>
      `${by} a autorisé ${email}. Rien n’a été enregistré de votre part.`,
    fasterDeclined: (email, by) =>
      `${by} a refusé ${email}. Rien n’a été enregistré de votre part.`,
    gone: (email) => `${email} n’attend plus. Rien n’a été modifié.`,
  },
  es: {
    title: 'Solicitudes',
    waiting: (n) => (n === 1 ? '1 persona espera acceso' : `${n} personas esperan acceso`),
    next: 'Página siguiente',
    first: 'Volver a la primera página',
    none: [
      'Nadie espera',
      'Quien pide un enlace y aún no puede iniciar sesión aparece aquí. Las solicitudes están activadas.',
    ],
    off: [
      'Las solicitudes están desactivadas',
      'Nadie puede pedir acceso. Para activarlas, ponga ACCESS_REQUESTS en «on» en los dos Workers y despliéguelos.',
    ],
    since: 'Espera desde',
    asked: 'Pedido',
    times: (n) => (n === 1 ? 'una vez' : `${n} veces`),
    last: (when) => `la última ${when}`,
    device: 'Dispositivo',
    from: 'Desde',
    channel: 'Por SMS',
    channelName: 'Enlace deseado',
    until: 'Desaparece',
    approve: 'Autorizar',
    approveLead: 'Un enlace sale de inmediato, para el dispositivo que espera.',
    decline: 'Rechazar…',
    declineLead:
      'No se avisa a nadie. Si la dirección vuelve a pedirlo, no reaparece aquí durante 14 días.',
    done: {
      approved: (email) =>
        `${email} ya puede iniciar sesión. Un enlace va en camino por correo, para el dispositivo que espera.`,
      approvedWithoutLink: (email) =>
        `${email} ya puede iniciar sesión. No se envió ningún enlace porque la solicitud es demasiado antigua: la persona debe pedir uno de nuevo.`,
      declined: (email) => `Se rechazó a ${email}. No se avisa a nadie.`,
    },
    openApproval: 'Abrir la autorización',
    faster: 'Otra persona fue más rápida',
    fasterApproved: (email, by) => `${by} ha autorizado a ${email}. No se guardó nada suyo.`,
    fasterDeclined: (email, by) => `${by} ha rechazado a ${email}. No se guardó nada suyo.`,
    gone: (email) => `${email} ya no espera. No se cambió nada.`,
  },
  ja: {
    title: '申請',
    waiting: (n) => `${n} 人が承認を待っています`,
    next: '次のページ',
    first: '最初のページへ戻る',
    none: [
      '待っている人はいません',
      'リンクを求めたものの、まだサインインできない人がここに表示されます。申請は有効です。',
    ],
    off: [
      '申請は無効です',
      '誰も申請できません。有効にするには、両方の Worker で ACCESS_REQUESTS を「on」にしてデプロイしてください。',
    ],
    since: '待機開始',
    asked: '申請回数',
    times: (n) => `${n} 回`,
    last: (when) => `最後は${when}`,
    device: '端末',
    from: '接続元',
    channel: 'SMS',
    channelName: '希望の方法',
    until: '期限',
    approve: '承認する',
    approveLead: '待っている端末のためのリンクがすぐに送られます。',
    decline: '却下…',
    declineLead:
      '本人には通知されません。同じアドレスが再び申請しても、14 日間はここに表示されません。',
    done: {
      approved: (email) =>
        `${email} はサインインできるようになりました。待っている端末のためのリンクをメールで送信しています。`,
      approvedWithoutLink: (email) =>
        `${email} はサインインできるようになりました。申請が古いためリンクは送信されていません。本人がもう一度リンクを求める必要があります。`,
      declined: (email) => `${email} を却下しました。本人には通知されません。`,
    },
    openApproval: '承認を開く',
    faster: '別の人が先に処理しました',
    fasterApproved: (email, by) =>
      `${by} が ${email} を承認しました。あなたの操作は保存されていません。`,
    fasterDeclined: (email, by) =>
      `${by} が ${email} を却下しました。あなたの操作は保存されていません。`,
    gone: (email) => `${email} はもう待っていません。何も変更されていません。`,
  },
}
