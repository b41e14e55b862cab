import type { ImportWords } from '../import-words.ts'

export const de: ImportWords = {
  title: 'Freigaben importieren',
  export: 'Als CSV exportieren',
  lead: 'Eine CSV-Datei mit einer Freigabe je Zeile. Zuerst sehen Sie, was jede Zeile bewirken würde. Nichts ändert sich, bevor Sie auf „Importieren“ drücken.',
  file: 'CSV-Datei',
  fileHint:
    'Die erste Zeile nennt die Spalten: email, company, reason, notes, expiresAt, phoneNumber. Schreiben Sie einen Tag als 2027-03-31. Ein Export ist ein guter Anfang.',
  noFile: 'Wählen Sie eine CSV-Datei, die nicht leer ist.',
  notText: 'Die Datei ist kein Text in UTF-8. Speichern Sie sie als CSV UTF-8.',
  check: 'Datei prüfen',
  checked: 'Das würde geschehen. Noch hat sich nichts geändert.',
  under: (n) => `In Arbeit: Es geht mit Zeile ${n} weiter.`,
  done: 'Importiert.',
  counts: { created: 'Neu', changed: 'Geändert', unchanged: 'Unverändert', refused: 'Abgelehnt' },
  run: (n) => (n === 1 ? '1 Freigabe importieren' : `${n} Freigaben importieren`),
  goOn: 'Weiter',
  nothing: 'Es gibt nichts zu importieren.',
  refused: 'Abgelehnte Zeilen',
  line: 'Zeile',
  address: 'Adresse',
  why: 'Warum',
  more: (n) => `und ${n} weitere`,
  signInAgain: 'Neu anmelden und dann die Datei importieren',
  changes: 'Zeilen mit Änderungen',
  example: 'Zum Beispiel:',
  another: 'Andere Datei',
  lineErrors: {
    cells: 'Die Zeile hat nicht so viele Zellen wie die erste Zeile.',
    repeated: 'Die Adresse steht schon in einer früheren Zeile.',
    withdrawal: 'In der Zeile steht withdrawn. Ein Import kann keine Freigabe zurückziehen.',
    changed:
      'Jemand anderes hat diese Freigabe inzwischen geändert. Importieren Sie die Datei noch einmal.',
    not_recent: 'Das Ende oder die Telefonnummer würde sich ändern. Melden Sie sich zuerst neu an.',
  },
  fileErrors: {
    open_quote: (n) => `Zeile ${n}: Ein Anführungszeichen ist nicht geschlossen.`,
    text_after_quote: (n) => `Zeile ${n}: Nach einem schließenden Anführungszeichen steht Text.`,
    unknown_column: (n) =>
      `Die Spalte „${n}“ ist unbekannt. Verwenden Sie: email, company, reason, notes, expiresAt, phoneNumber.`,
    repeated_column: (n) => `Die erste Zeile nennt ${n} zweimal.`,
    no_email_column: () =>
      'Die erste Zeile muss die Spalten nennen, und eine davon muss email sein.',
    too_many_lines: (max) => `Die Datei hat mehr als ${max} Zeilen. Importieren Sie sie in Teilen.`,
  },
}
