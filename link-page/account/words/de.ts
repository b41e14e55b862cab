import type { AccountWords } from '../words.ts'

export const de: AccountWords = {
  title: (app) => `Ihr Konto bei ${app}`,
  lead: 'Melden Sie sich hier an, um andere Geräte abzumelden, Ihre Daten herunterzuladen oder Ihr Konto zu löschen. Sie brauchen die App dafür nicht.',
  email: 'E-Mail-Adresse',
  send: 'Link und Code senden',
  deletes: 'Wenn Sie Ihr Konto löschen, löschen wir:',
  deleted: [
    'Ihre Benutzerkennung und deren Verbindung zu Ihrer Adresse',
    'alle Ihre Sitzungen mit Geräten, IP-Adressen und Zeiten: Sie werden überall abgemeldet',
    'alle Links und Codes, die Ihnen gesendet wurden',
    'Ihre Zugangsanfrage, falls es eine gibt',
  ],
  keeps:
    'Was bleibt: der Eintrag des Unternehmens, dass Sie sich anmelden dürfen, mit seinem Verlauf, bis das Unternehmen ihn löscht. Zwei Tage lang behalten wir außerdem die Zeiten unserer Nachrichten und der eingegebenen Codes, um Ihr Postfach zu schützen.',
  code: [
    'Sehen Sie in Ihre E-Mails',
    'Wenn sich diese Adresse anmelden darf, haben wir eine Nachricht mit Link und Code gesendet. Geben Sie den Code hier ein oder öffnen Sie den Link in diesem Browser.',
  ],
  digits: 'Sechsstelliger Code',
  signIn: 'Anmelden',
  resend: 'Nachricht noch einmal senden',
  other: 'Andere Adresse verwenden',
  sent: 'Die Nachricht wurde noch einmal gesendet.',
  signedIn: 'Sie sind angemeldet als:',
  download: 'Meine Daten herunterladen',
  remove: 'Mein Konto löschen',
  signOut: 'Abmelden',
  signOutOthers: 'Alle anderen Geräte abmelden',
  sure: 'Ihr Konto löschen?',
  confirm: 'Ja, mein Konto löschen',
  back: 'Zurück',
  stale: [
    'Melden Sie sich noch einmal an',
    'Zu Ihrer Sicherheit können Sie Ihr Konto nur innerhalb von fünf Minuten nach der Anmeldung löschen.',
  ],
  again: 'Neuen Link und Code senden',
  done: [
    'Ihr Konto ist gelöscht',
    'Sie sind auf allen Geräten abgemeldet. Sie können diese Seite schließen.',
  ],
  busy: 'Einen Moment…',
  downloaded: 'Die Datei wurde heruntergeladen.',
  others: 'Alle anderen Geräte sind abgemeldet.',
  wrong: 'Dieser Code ist falsch oder abgelaufen.',
  ended: 'Sie wurden abgemeldet. Melden Sie sich noch einmal an.',
  wait: 'Zu viele Anfragen. Versuchen Sie es in %t noch einmal.',
  app: 'Dieser Dienst kann von dieser Seite aus keinen Code senden. Löschen Sie Ihr Konto in der App oder schreiben Sie dem Unternehmen.',
  failed:
    'Das hat nicht funktioniert. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  noScript:
    'JavaScript ist in diesem Browser ausgeschaltet. Schalten Sie es ein, um diese Seite zu verwenden.',
}
