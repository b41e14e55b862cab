import type { ApprovalWords } from '../approval-words.ts'

export const de: ApprovalWords = {
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
    company: 'Firmenadresse',
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
  nothingInState: ['Nichts vorhanden', 'Keine Freigabe hat diesen Zustand.'],
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
    reason: 'Wozu die Person Zugang braucht. Andere sehen das in der Liste.',
    notes:
      'Für Sie und Ihre Kolleginnen und Kollegen. Die Person kann sie mit ihren Daten herunterladen.',
    phoneNumber: 'Für Links per SMS, mit Landesvorwahl: +14155551234',
    until: 'Die Freigabe endet mit dem Ende dieses Tages (UTC).',
  },
  optional: (label) => `${label} (freiwillig)`,
  forDays: (n) => `Für ${n} Tage`,
  until: 'Bis zu diesem Tag',
  sooner: 'früher als jetzt',
  endsSooner: (day, was) =>
    `Damit endet der Zugang früher: am ${day} statt ${was}. Drücken Sie zur Bestätigung „Früher beenden“.`,
  endSooner: 'Früher beenden',
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
    'Eine Firmenadresse',
    'Alle in der Firma dürfen sich anmelden. Diese Adresse hat keine Freigabe und braucht keine.',
  ],
  absent: ['Nicht freigegeben', 'Diese Adresse hat keine Freigabe.'],
  history: 'Verlauf',
  noHistory:
    'Es ist nichts verzeichnet. Die Freigabe wurde von Hand eingetragen oder ist mehr als 400 Tage alt.',
  noHistoryCompany: 'Kein Verlauf.',
  endOfDay: 'Ende des Tages, UTC',
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
    approval_withdrawn:
      'Zurückgezogen. Die Person wird abgemeldet, sobald sie die App das nächste Mal benutzt.',
    approval_restored: 'Wiederhergestellt. Die Adresse kann sich wieder anmelden.',
  },
  errors: {
    email: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.',
    company: 'Die Firma darf höchstens 200 Zeichen in einer Zeile haben.',
    reason: 'Schreiben Sie einen Grund: eine Zeile, höchstens 500 Zeichen.',
    notes: 'Die Notizen dürfen höchstens 2000 Zeichen haben.',
    phoneNumber: 'Geben Sie die Telefonnummer mit Landesvorwahl ein, zum Beispiel +14155551234.',
    end: 'Wählen Sie, wie lange.',
    two: 'Sie haben eine Dauer gewählt und auch einen Tag eingegeben. Wählen Sie eines von beiden.',
    until: 'Geben Sie den Tag als Jahr-Monat-Tag ein, zum Beispiel 2027-03-31.',
    withdrawReason: 'Der Grund darf höchstens 500 Zeichen in einer Zeile haben.',
  },
  refusals: {
    absent: 'Für diese Adresse gibt es keine Freigabe.',
    already_approved: 'Diese Adresse ist schon freigegeben.',
    withdrawn: 'Die Freigabe ist entzogen. Stellen Sie sie zuerst wieder her.',
    not_withdrawn: 'Die Freigabe ist nicht entzogen.',
    own_address: 'Niemand darf die eigene Freigabe ändern. Fragen Sie die Administration.',
    not_yours: 'Nur wer diese Freigabe erteilt hat oder die Administration darf sie ändern.',
    company_address:
      'Alle bei dieser Firma können sich bereits anmelden. Eine Freigabe ist nicht nötig.',
    phone_number:
      'Nur die Administration darf die Telefonnummer einer bestehenden Freigabe setzen.',
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
}
