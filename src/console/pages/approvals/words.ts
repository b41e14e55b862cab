import type { Locale } from '../../../base/locale.ts'
import type { ChangeRefusal } from '../../../model/approval-rules.ts'
import type { ApprovalEvent } from '../../approvals/change.ts'
import type { Notice } from '../frame-words.ts'

/** What the pages of approvals say. */
export type ApprovalWords = {
  title: string
  approve: string
  search: string
  searchFor: string
  all: string
  filter: string
  columns: { email: string; company: string; state: string; expiresAt: string; approvedAt: string }
  states: Record<'active' | 'ending' | 'ended' | 'withdrawn' | 'company', string>
  noEnd: string
  by: (name: string) => string
  /** `total` of them match. */
  found: (total: number) => string
  next: string
  first: string
  none: Notice
  nothingFound: Notice
  showAll: string
  newLead: string
  fields: Record<'email' | 'company' | 'reason' | 'notes' | 'phoneNumber' | 'end', string>
  hints: Record<'email' | 'reason' | 'notes' | 'phoneNumber' | 'until', string>
  optional: (label: string) => string
  forDays: (days: number) => string
  until: string
  keepEnd: string
  atMost: (days: number) => string
  save: string
  cancel: string
  extend: string
  change: string
  withdraw: string
  restore: string
  restoreLead: string
  approved: string
  withdrawn: string
  withdrawnReason: string
  company: Notice
  absent: Notice
  history: string
  noHistory: string
  actions: Record<ApprovalEvent, string>
  done: Record<ApprovalEvent, string>
  errors: Record<
    'email' | 'company' | 'reason' | 'notes' | 'phoneNumber' | 'end' | 'until' | 'withdrawReason',
    string
  >
  refusals: Record<Exclude<ChangeRefusal, 'too_long' | 'not_recent'>, string>
  tooLong: (days: number) => string
  openIt: string
  conflict: Notice
  conflictOutside: string
  confirm: {
    title: (email: string) => string
    sessions: (count: number, email: string) => string
    noSessions: (email: string) => string
    after: string
    company: string
    again: string
    reason: string
    reasonHint: string
    lastUsed: string
  }
}

export const approvalWords: Record<Locale, ApprovalWords> = {
  en: {
    title: 'Approvals',
    approve: 'Approve someone',
    search: 'Search',
    searchFor: 'Search by address, company, reason or approver',
    all: 'All',
    filter: 'States',
    columns: {
      email: 'Address',
      company: 'Company',
      state: 'State',
      expiresAt: 'Ends',
      approvedAt: 'Approved',
    },
    states: {
      active: 'Active',
      ending: 'Ends soon',
      ended: 'Ended',
      withdrawn: 'Withdrawn',
      company: 'By domain',
    },
    noEnd: 'No end',
    by: (name) => `by ${name}`,
    found: (n) => (n === 1 ? '1 approval' : `${n} approvals`),
    next: 'Next page',
    first: 'Back to the first page',
    none: ['Nobody is approved yet', 'People whom you approve can sign in with an emailed link.'],
    nothingFound: ['Nothing found', 'No approval matches your search.'],
    showAll: 'Show all',
    newLead: 'They can sign in to the app as soon as you save. Nothing is sent to them.',
    fields: {
      email: 'Email address',
      company: 'Company',
      reason: 'Reason',
      notes: 'Notes',
      phoneNumber: 'Phone number',
      end: 'How long',
    },
    hints: {
      email: 'One person’s address, as they will type it.',
      reason: 'Why they get in. Others see it in the list.',
      notes: 'For you and your colleagues.',
      phoneNumber: 'For links by SMS, with the country code: +14155551234',
      until: 'To the end of that day, UTC',
    },
    optional: (label) => `${label} (optional)`,
    forDays: (n) => `For ${n} days`,
    until: 'Until a day',
    keepEnd: 'As before',
    atMost: (n) => `You may approve for at most ${n} days.`,
    save: 'Save',
    cancel: 'Cancel',
    extend: 'Extend or change the end',
    change: 'Change the details',
    withdraw: 'Withdraw…',
    restore: 'Restore',
    restoreLead: 'The address can sign in again. Its old sessions stay ended.',
    approved: 'Approved',
    withdrawn: 'Withdrawn',
    withdrawnReason: 'Why withdrawn',
    company: [
      'Signs in by its domain',
      'Everyone at the company may sign in. This address has no approval and needs none.',
    ],
    absent: ['Not approved', 'This address has no approval.'],
    history: 'History',
    noHistory:
      'No history. The approval was added outside the console, or the history is older than 400 days.',
    actions: {
      approval_created: 'Approved',
      approval_changed: 'Changed',
      approval_extended: 'Extended',
      approval_withdrawn: 'Withdrawn',
      approval_restored: 'Restored',
    },
    done: {
      approval_created: 'Approved. The address can sign in now.',
      approval_changed: 'Saved.',
      approval_extended: 'Extended.',
      approval_withdrawn: 'Withdrawn. All sessions end at their next use.',
      approval_restored: 'Restored. The address can sign in again.',
    },
    errors: {
      email: 'Enter an email address such as ada@example.com.',
      company: 'The company may have at most 200 letters, in one line.',
      reason: 'Say why, in at most 500 letters and one line.',
      notes: 'The notes may have at most 2000 letters.',
      phoneNumber: 'Enter the phone number with its country code, such as +14155551234.',
      end: 'Choose how long.',
      until: 'Enter the day as year-month-day, such as 2027-03-31.',
      withdrawReason: 'The reason may have at most 500 letters, in one line.',
    },
    refusals: {
      absent: 'This address has no approval.',
      already_approved: 'This address is already approved.',
      withdrawn: 'The approval is withdrawn. Restore it first.',
      not_withdrawn: 'The approval is not withdrawn.',
      own_address: 'You cannot change your own approval. Ask another administrator.',
      not_yours: 'You may not change this approval. Ask an administrator.',
      past_end: 'The end must be in the future.',
    },
    tooLong: (n) => `You may approve for at most ${n} days from today.`,
    openIt: 'Open the approval',
    conflict: [
      'Someone else changed this first',
      'Your changes were not saved, but they are still below. Save again if they still apply.',
    ],
    conflictOutside: 'It was changed outside the console. The page shows its current state.',
    confirm: {
      title: (email) => `Withdraw the approval of ${email}?`,
      sessions: (n, email) =>
        n === 1
          ? `1 session of ${email} ends at its next use:`
          : `${n} sessions of ${email} end at their next use:`,
      noSessions: (email) => `${email} is not signed in anywhere.`,
      after: 'Links that were already sent stop working. The address can no longer sign in.',
      company: 'This address belongs to the company. It stays shut out until you restore it.',
      again: 'You can restore the approval at any time. Its history is kept.',
      reason: 'Reason',
      reasonHint: 'Shown in the history.',
      lastUsed: 'last used',
    },
  },
  de: {
    title: 'Freigaben',
    approve: 'Jemanden freigeben',
    search: 'Suchen',
    searchFor: 'Nach Adresse, Firma, Grund oder Freigebenden suchen',
    all: 'Alle',
    filter: 'Zustände',
    columns: {
      email: 'Adresse',
      company: 'Firma',
      state: 'Zustand',
      expiresAt: 'Endet',
      approvedAt: 'Freigegeben',
    },
    states: {
      active: 'Aktiv',
      ending: 'Endet bald',
      ended: 'Beendet',
      withdrawn: 'Entzogen',
      company: 'Durch die Domain',
    },
    noEnd: 'Ohne Ende',
    by: (name) => `von ${name}`,
    found: (n) => (n === 1 ? '1 Freigabe' : `${n} Freigaben`),
    next: 'Nächste Seite',
    first: 'Zurück zur ersten Seite',
    none: [
      'Noch niemand ist freigegeben',
      'Wer freigegeben ist, kommt mit einem Link per E-Mail hinein. Es dauert eine Minute.',
    ],
    nothingFound: ['Nichts gefunden', 'Keine Freigabe passt zu Ihrer Suche.'],
    showAll: 'Alle zeigen',
    newLead:
      'Nach dem Speichern ist die Anmeldung in der App sofort möglich. Es wird nichts verschickt.',
    fields: {
      email: 'E-Mail-Adresse',
      company: 'Firma',
      reason: 'Grund',
      notes: 'Notizen',
      phoneNumber: 'Telefonnummer',
      end: 'Wie lange',
    },
    hints: {
      email: 'Die Adresse einer Person, so wie sie sie eingeben wird.',
      reason: 'Warum sie hineinkommt. Andere sehen das in der Liste.',
      notes: 'Für Sie und Ihre Kolleginnen und Kollegen.',
      phoneNumber: 'Für Links per SMS, mit Landesvorwahl: +14155551234',
      until: 'Bis zum Ende dieses Tages, UTC',
    },
    optional: (label) => `${label} (freiwillig)`,
    forDays: (n) => `Für ${n} Tage`,
    until: 'Bis zu einem Tag',
    keepEnd: 'Wie bisher',
    atMost: (n) => `Sie dürfen für höchstens ${n} Tage freigeben.`,
    save: 'Speichern',
    cancel: 'Abbrechen',
    extend: 'Verlängern oder Ende ändern',
    change: 'Angaben ändern',
    withdraw: 'Entziehen…',
    restore: 'Wiederherstellen',
    restoreLead: 'Die Adresse kann sich wieder anmelden. Alte Sitzungen bleiben beendet.',
    approved: 'Freigegeben',
    withdrawn: 'Entzogen',
    withdrawnReason: 'Grund des Entzugs',
    company: [
      'Anmeldung durch die Domain',
      'Alle in der Firma dürfen sich anmelden. Diese Adresse hat keine Freigabe und braucht keine.',
    ],
    absent: ['Nicht freigegeben', 'Diese Adresse hat keine Freigabe.'],
    history: 'Verlauf',
    noHistory:
      'Es ist nichts verzeichnet. Die Freigabe wurde von Hand eingetragen oder ist mehr als 400 Tage alt.',
    actions: {
      approval_created: 'Freigegeben',
      approval_changed: 'Geändert',
      approval_extended: 'Verlängert',
      approval_withdrawn: 'Entzogen',
      approval_restored: 'Wiederhergestellt',
    },
    done: {
      approval_created: 'Freigegeben. Die Adresse kann sich jetzt anmelden.',
      approval_changed: 'Gespeichert.',
      approval_extended: 'Verlängert.',
      approval_withdrawn: 'Entzogen. Alle Sitzungen enden bei ihrer nächsten Benutzung.',
      approval_restored: 'Wiederhergestellt. Die Adresse kann sich wieder anmelden.',
    },
    errors: {
      email: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.',
      company: 'Die Firma darf höchstens 200 Zeichen in einer Zeile haben.',
      reason: 'Nennen Sie den Grund, mit höchstens 500 Zeichen in einer Zeile.',
      notes: 'Die Notizen dürfen höchstens 2000 Zeichen haben.',
      phoneNumber: 'Geben Sie die Telefonnummer mit Landesvorwahl ein, zum Beispiel +14155551234.',
      end: 'Wählen Sie, wie lange.',
      until: 'Geben Sie den Tag als Jahr-Monat-Tag ein, zum Beispiel 2027-03-31.',
      withdrawReason: 'Der Grund darf höchstens 500 Zeichen in einer Zeile haben.',
    },
    refusals: {
      absent: 'Für diese Adresse gibt es keine Freigabe.',
      already_approved: 'Diese Adresse ist schon freigegeben.',
      withdrawn: 'Die Freigabe ist entzogen. Stellen Sie sie zuerst wieder her.',
      not_withdrawn: 'Die Freigabe ist nicht entzogen.',
      own_address: 'Niemand darf die eigene Freigabe ändern. Fragen Sie die Administration.',
      not_yours: 'Diese Freigabe dürfen Sie nicht ändern. Bitten Sie die Administration.',
      past_end: 'Das Ende muss in der Zukunft liegen.',
    },
    tooLong: (n) => `Sie dürfen für höchstens ${n} Tage ab heute freigeben.`,
    openIt: 'Freigabe öffnen',
    conflict: [
      'Jemand anderes war schneller',
      'Von Ihnen wurde nichts gespeichert. Das hat sich geändert, seit Sie die Seite geöffnet haben; was Sie eingegeben haben, steht noch unten. Speichern Sie noch einmal, falls es noch gilt.',
    ],
    conflictOutside:
      'Sie wurde außerhalb der Konsole geändert. Die Seite zeigt sie, wie sie jetzt ist.',
    confirm: {
      title: (email) => `Freigabe von ${email} entziehen?`,
      sessions: (n, email) =>
        n === 1
          ? `1 Sitzung von ${email} endet bei ihrer nächsten Benutzung:`
          : `${n} Sitzungen von ${email} enden bei ihrer nächsten Benutzung:`,
      noSessions: (email) => `${email} ist gerade nirgends angemeldet.`,
      after:
        'Links, die unterwegs sind, gelten nicht mehr. Die Adresse kann sich nicht mehr anmelden.',
      company:
        'Diese Adresse gehört zur Firma. Sie bleibt ausgesperrt, bis Sie sie wiederherstellen.',
      again: 'Sie können die Freigabe jederzeit wiederherstellen. Der Verlauf bleibt.',
      reason: 'Grund',
      reasonHint: 'Steht im Verlauf.',
      lastUsed: 'zuletzt benutzt',
    },
  },
  fr: {
    title: 'Autorisations',
    approve: 'Autoriser quelqu’un',
    search: 'Rechercher',
    searchFor: 'Rechercher par adresse, société, motif ou auteur',
    all: 'Toutes',
    filter: 'États',
    columns: {
      email: 'Adresse',
      company: 'Société',
      state: 'État',
      expiresAt: 'Fin',
      approvedAt: 'Autorisée',
    },
    states: {
      active: 'Active',
      ending: 'Bientôt finie',
      ended: 'Finie',
      withdrawn: 'Retirée',
      company: 'Par le domaine',
    },
    noEnd: 'Sans fin',
    by: (name) => `par ${name}`,
    found: (n) => (n <= 1 ? `${n} autorisation` : `${n} autorisations`),
    next: 'Page suivante',
    first: 'Revenir à la première page',
    none: [
      'Personne n’est encore autorisé',
      'Une personne autorisée entre avec un lien reçu par e-mail. Cela prend une minute.',
    ],
    nothingFound: ['Aucun résultat', 'Aucune autorisation ne correspond à votre recherche.'],
    showAll: 'Tout afficher',
    newLead: 'La connexion à l’application est possible dès l’enregistrement. Rien n’est envoyé.',
    fields: {
      email: 'Adresse e-mail',
      company: 'Société',
      reason: 'Motif',
      notes: 'Notes',
      phoneNumber: 'Numéro de téléphone',
      end: 'Durée',
    },
    hints: {
      email: 'L’adresse d’une personne, telle qu’elle la saisira.',
      reason: 'Pourquoi elle entre. Les autres le voient dans la liste.',
      notes: 'Pour vous et vos collègues.',
      phoneNumber: 'Pour les liens par SMS, avec l’indicatif du pays\u00a0: +14155551234',
      until: 'Jusqu’à la fin de ce jour, UTC',
    },
    optional: (label) => `${label} (facultatif)`,
    forDays: (n) => `Pendant ${n} jours`,
    until: 'Jusqu’à une date',
    keepEnd: 'Comme avant',
    atMost: (n) => `Vous pouvez autoriser pour ${n} jours au plus.`,
    save: 'Enregistrer',
    cancel: 'Annuler',
    extend: 'Prolonger ou changer la fin',
    change: 'Modifier les détails',
    withdraw: 'Retirer…',
    restore: 'Rétablir',
    restoreLead: 'L’adresse peut se reconnecter. Ses anciennes sessions restent terminées.',
    approved: 'Autorisée',
    withdrawn: 'Retirée',
    withdrawnReason: 'Motif du retrait',
    company: [
      'Connexion par le domaine',
      'Toute la société peut se connecter. Cette adresse n’a pas d’autorisation et n’en a pas besoin.',
    ],
    absent: ['Non autorisée', 'Cette adresse n’a pas d’autorisation.'],
    history: 'Historique',
    noHistory: 'Rien n’est enregistré. Elle a été saisie à la main ou date de plus de 400 jours.',
    actions: {
      approval_created: 'Autorisée',
      approval_changed: 'Modifiée',
      approval_extended: 'Prolongée',
      approval_withdrawn: 'Retirée',
      approval_restored: 'Rétablie',
    },
    done: {
      approval_created: 'Autorisée. L’adresse peut se connecter dès maintenant.',
      approval_changed: 'Enregistré.',
      approval_extended: 'Prolongée.',
      approval_withdrawn: 'Retirée. Toutes les sessions se terminent à leur prochaine utilisation.',
      approval_restored: 'Rétablie. L’adresse peut se reconnecter.',
    },
    errors: {
      email: 'Saisissez une adresse e-mail, par exemple ada@example.com.',
      company: 'La société peut avoir 200 caractères au plus, sur une ligne.',
      reason: 'Indiquez le motif, en 500 caractères au plus et sur une ligne.',
      notes: 'Les notes peuvent avoir 2000 caractères au plus.',
      phoneNumber: 'Saisissez le numéro avec l’indicatif du pays, par exemple +14155551234.',
      end: 'Choisissez la durée.',
      until: 'Saisissez le jour sous la forme année-mois-jour, par exemple 2027-03-31.',
      withdrawReason: 'Le motif peut avoir 500 caractères au plus, sur une ligne.',
    },
    refusals: {
      absent: 'Cette adresse n’a pas d’autorisation.',
      already_approved: 'Cette adresse est déjà autorisée.',
      withdrawn: 'L’autorisation est retirée. Rétablissez-la d’abord.',
      not_withdrawn: 'L’autorisation n’est pas retirée.',
      own_address:
        'Personne ne peut modifier sa propre autorisation. Adressez-vous à un administrateur.',
      not_yours: 'Vous ne pouvez pas modifier cette autorisation. Demandez à un administrateur.',
      past_end: 'La fin doit être dans le futur.',
    },
    tooLong: (n) => `Vous pouvez autoriser pour ${n} jours au plus à partir d’aujourd’hui.`,
    openIt: 'Ouvrir l’autorisation',
    conflict: [
      'Quelqu’un a été plus rapide',
      'Rien de votre part n’a été enregistré. Ceci a changé depuis que vous avez ouvert la page\u00a0; votre saisie est encore ci-dessous. Enregistrez à nouveau si elle est toujours valable.',
    ],
    conflictOutside:
      'Elle a été modifiée en dehors de la console. La page la montre telle qu’elle est maintenant.',
    confirm: {
      title: (email) => `Retirer l’autorisation de ${email}\u00a0?`,
      sessions: (n, email) =>
        n === 1
          ? `1 session de ${email} se termine à sa prochaine utilisation\u00a0:`
          : `${n} sessions de ${email} se terminent à leur prochaine utilisation\u00a0:`,
      noSessions: (email) => `${email} n’est connecté nulle part pour le moment.`,
      after: 'Les liens en cours ne fonctionnent plus. L’adresse ne peut plus se connecter.',
      company:
        'Cette adresse appartient à la société. Elle reste exclue jusqu’à ce que vous la rétablissiez.',
      again: 'Vous pouvez rétablir l’autorisation à tout moment. L’historique reste.',
      reason: 'Motif',
      reasonHint: 'Figure dans l’historique.',
      lastUsed: 'dernière utilisation',
    },
  },
  es: {
    title: 'Autorizaciones',
    approve: 'Autorizar a alguien',
    search: 'Buscar',
    searchFor: 'Buscar por dirección, empresa, motivo o autor',
    all: 'Todas',
    filter: 'Estados',
    columns: {
      email: 'Dirección',
      company: 'Empresa',
      state: 'Estado',
      expiresAt: 'Termina',
      approvedAt: 'Autorizada',
    },
    states: {
      active: 'Activa',
      ending: 'Termina pronto',
      ended: 'Terminada',
      withdrawn: 'Retirada',
      company: 'Por el dominio',
    },
    noEnd: 'Sin fin',
    by: (name) => `por ${name}`,
    found: (n) => (n === 1 ? '1 autorización' : `${n} autorizaciones`),
    next: 'Página siguiente',
    first: 'Volver a la primera página',
    none: [
      'Aún no hay nadie autorizado',
      'Quien está autorizado entra con un enlace por correo. Se tarda un minuto.',
    ],
    nothingFound: ['Sin resultados', 'Ninguna autorización coincide con la búsqueda.'],
    showAll: 'Mostrar todas',
    newLead: 'Podrá iniciar sesión en la aplicación en cuanto guarde. No se le envía nada.',
    fields: {
      email: 'Correo electrónico',
      company: 'Empresa',
      reason: 'Motivo',
      notes: 'Notas',
      phoneNumber: 'Número de teléfono',
      end: 'Duración',
    },
    hints: {
      email: 'La dirección de una persona, tal como la escribirá.',
      reason: 'Por qué entra. Los demás lo ven en la lista.',
      notes: 'Para usted y su equipo.',
      phoneNumber: 'Para enlaces por SMS, con el prefijo del país: +14155551234',
      until: 'Hasta el final de ese día, UTC',
    },
    optional: (label) => `${label} (opcional)`,
    forDays: (n) => `Durante ${n} días`,
    until: 'Hasta un día',
    keepEnd: 'Como antes',
    atMost: (n) => `Puede autorizar por ${n} días como máximo.`,
    save: 'Guardar',
    cancel: 'Cancelar',
    extend: 'Prolongar o cambiar el fin',
    change: 'Cambiar los detalles',
    withdraw: 'Retirar…',
    restore: 'Restablecer',
    restoreLead:
      'La dirección podrá iniciar sesión de nuevo. Sus sesiones antiguas siguen terminadas.',
    approved: 'Autorizada',
    withdrawn: 'Retirada',
    withdrawnReason: 'Motivo de la retirada',
    company: [
      'Inicia sesión por su dominio',
      'Toda la empresa puede iniciar sesión. Esta dirección no tiene autorización ni la necesita.',
    ],
    absent: ['No autorizada', 'Esta dirección no tiene autorización.'],
    history: 'Historial',
    noHistory: 'No consta nada. Se escribió a mano en la tabla o tiene más de 400 días.',
    actions: {
      approval_created: 'Autorizada',
      approval_changed: 'Cambiada',
      approval_extended: 'Prolongada',
      approval_withdrawn: 'Retirada',
      approval_restored: 'Restablecida',
    },
    done: {
      approval_created: 'Autorizada. La dirección ya puede iniciar sesión.',
      approval_changed: 'Guardado.',
      approval_extended: 'Prolongada.',
      approval_withdrawn: 'Retirada. Todas las sesiones terminan en su próximo uso.',
      approval_restored: 'Restablecida. La dirección puede iniciar sesión de nuevo.',
    },
    errors: {
      email: 'Introduzca una dirección de correo, por ejemplo ada@example.com.',
      company: 'La empresa puede tener 200 caracteres como máximo, en una línea.',
      reason: 'Indique el motivo, en 500 caracteres como máximo y en una línea.',
      notes: 'Las notas pueden tener 2000 caracteres como máximo.',
      phoneNumber: 'Introduzca el número con el prefijo del país, por ejemplo +14155551234.',
      end: 'Elija la duración.',
      until: 'Introduzca el día como año-mes-día, por ejemplo 2027-03-31.',
      withdrawReason: 'El motivo puede tener 500 caracteres como máximo, en una línea.',
    },
    refusals: {
      absent: 'Esta dirección no tiene autorización.',
      already_approved: 'Esta dirección ya está autorizada.',
      withdrawn: 'La autorización está retirada. Restablézcala antes.',
      not_withdrawn: 'La autorización no está retirada.',
      own_address: 'Nadie puede cambiar su propia autorización. Pida ayuda a un administrador.',
      not_yours: 'No puede cambiar esta autorización. Pídalo a un administrador.',
      past_end: 'El fin debe estar en el futuro.',
    },
    tooLong: (n) => `Puede autorizar por ${n} días como máximo a partir de hoy.`,
    openIt: 'Abrir la autorización',
    conflict: [
      'Alguien se le adelantó',
      'No se ha guardado nada suyo. Esto ha cambiado desde que abrió la página; lo que escribió sigue abajo. Guárdelo de nuevo si aún es válido.',
    ],
    conflictOutside: 'Se cambió fuera de la consola. La página la muestra como está ahora.',
    confirm: {
      title: (email) => `¿Retirar la autorización de ${email}?`,
      sessions: (n, email) =>
        n === 1
          ? `1 sesión de ${email} termina en su próximo uso:`
          : `${n} sesiones de ${email} terminan en su próximo uso:`,
      noSessions: (email) => `${email} no tiene ninguna sesión iniciada en este momento.`,
      after: 'Los enlaces pendientes dejan de funcionar. La dirección ya no puede iniciar sesión.',
      company: 'Esta dirección es de la empresa. Queda excluida hasta que la restablezca.',
      again: 'Puede restablecer la autorización en cualquier momento. El historial se conserva.',
      reason: 'Motivo',
      reasonHint: 'Consta en el historial.',
      lastUsed: 'último uso',
    },
  },
  ja: {
    title: '承認',
    approve: '新しく承認',
    search: '検索',
    searchFor: 'アドレス、会社、理由、承認者で検索',
    all: 'すべて',
    filter: '状態',
    columns: {
      email: 'アドレス',
      company: '会社',
      state: '状態',
      expiresAt: '終了',
      approvedAt: '承認',
    },
    states: {
      active: '有効',
      ending: 'まもなく終了',
      ended: '終了',
      withdrawn: '取り消し済み',
      company: 'ドメインで許可',
    },
    noEnd: '期限なし',
    by: (name) => `承認者：${name}`,
    found: (n) => `${n} 件`,
    next: '次のページ',
    first: '最初のページへ戻る',
    none: [
      '承認された方はまだいません',
      '承認された方は、メールのリンクでサインインできます。1 分で完了します。',
    ],
    nothingFound: ['見つかりません', '条件に合う承認はありません。'],
    showAll: 'すべて表示',
    newLead: '保存するとすぐにアプリにサインインできます。ご本人への通知は送信されません。',
    fields: {
      email: 'メールアドレス',
      company: '会社',
      reason: '理由',
      notes: 'メモ',
      phoneNumber: '電話番号',
      end: '期間',
    },
    hints: {
      email: 'お一人のアドレスを、ご本人が入力するとおりに。',
      reason: '承認する理由です。一覧で他の方にも表示されます。',
      notes: '社内用のメモです。',
      phoneNumber: 'SMS でのリンク用。国番号付きで入力：+14155551234',
      until: 'その日の終わり（UTC）まで',
    },
    optional: (label) => `${label}（任意）`,
    forDays: (n) => `${n} 日間`,
    until: '日付を指定',
    keepEnd: 'これまでどおり',
    atMost: (n) => `承認できるのは最長 ${n} 日間です。`,
    save: '保存',
    cancel: 'キャンセル',
    extend: '延長・終了日の変更',
    change: '詳細の変更',
    withdraw: '取り消す…',
    restore: '元に戻す',
    restoreLead: 'このアドレスは再びサインインできます。以前のセッションは終了したままです。',
    approved: '承認',
    withdrawn: '取り消し',
    withdrawnReason: '取り消しの理由',
    company: [
      'ドメインでサインイン可能',
      '会社の方は全員サインインできます。このアドレスに承認は必要ありません。',
    ],
    absent: ['承認されていません', 'このアドレスの承認はありません。'],
    history: '履歴',
    noHistory: '記録はありません。手作業で登録されたか、400 日以上前のものです。',
    actions: {
      approval_created: '承認',
      approval_changed: '変更',
      approval_extended: '延長',
      approval_withdrawn: '取り消し',
      approval_restored: '元に戻した',
    },
    done: {
      approval_created: '承認しました。このアドレスはサインインできます。',
      approval_changed: '保存しました。',
      approval_extended: '延長しました。',
      approval_withdrawn: '取り消しました。すべてのセッションは次回の使用時に終了します。',
      approval_restored: '元に戻しました。このアドレスは再びサインインできます。',
    },
    errors: {
      email: 'ada@example.com のようなメールアドレスを入力してください。',
      company: '会社は 1 行、200 文字以内で入力してください。',
      reason: '理由を 1 行、500 文字以内で入力してください。',
      notes: 'メモは 2000 文字以内で入力してください。',
      phoneNumber: '+14155551234 のように国番号付きで電話番号を入力してください。',
      end: '期間を選択してください。',
      until: '2027-03-31 のように年-月-日で入力してください。',
      withdrawReason: '理由は 1 行、500 文字以内で入力してください。',
    },
    refusals: {
      absent: 'このアドレスの承認はありません。',
      already_approved: 'このアドレスはすでに承認されています。',
      withdrawn: '承認は取り消されています。先に元に戻してください。',
      not_withdrawn: '承認は取り消されていません。',
      own_address: 'ご自身の承認は変更できません。管理者にご相談ください。',
      not_yours: 'この承認は変更できません。管理者にご依頼ください。',
      past_end: '終了日は未来の日付にしてください。',
    },
    tooLong: (n) => `承認できるのは今日から最長 ${n} 日間です。`,
    openIt: '承認を開く',
    conflict: [
      '他の方が先に変更しました',
      '入力内容は保存されていません。ページを開いた後に次の変更がありました。入力内容は下に残っています。問題なければもう一度保存してください。',
    ],
    conflictOutside: 'コンソールの外で変更されました。現在の内容を表示しています。',
    confirm: {
      title: (email) => `${email} の承認を取り消しますか？`,
      sessions: (n, email) => `${email} の ${n} 件のセッションが次回の使用時に終了します：`,
      noSessions: (email) => `${email} は現在どこにもサインインしていません。`,
      after: '送信済みのリンクは使えなくなり、このアドレスではサインインできなくなります。',
      company: '会社のアドレスです。元に戻すまで利用できません。',
      again: '承認はいつでも元に戻せます。履歴は残ります。',
      reason: '理由',
      reasonHint: '履歴に表示されます。',
      lastUsed: '最終使用',
    },
  },
}
