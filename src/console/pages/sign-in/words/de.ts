import type { SignInWords } from '../sign-in-words.ts'

export const de: SignInWords = {
  title: 'Anmelden',
  lead: (app) =>
    `${app}-Konsole: Geben Sie Gäste der App frei. Sie erhalten einen Link und einen Code per E-Mail.`,
  email: 'Ihre E-Mail-Adresse',
  send: 'Link senden',
  why: {
    stale:
      'Ihre Anmeldung ist mehr als 12 Stunden her. Melden Sie sich bitte neu an; danach sind Sie wieder dort, wo Sie waren.',
    ended:
      'Ihre Sitzung ist beendet. Melden Sie sich bitte neu an; danach sind Sie wieder dort, wo Sie waren.',
    out: 'Sie sind abgemeldet.',
    recent: 'Das ändert den Zugang einer Person. Bitte weisen Sie sich dafür noch einmal aus.',
  },
  badEmail: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.',
  wait: (n) =>
    `Bitte warten Sie: Versuchen Sie es in ${n} Sekunde${n === 1 ? '' : 'n'} noch einmal.`,
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
    'Wenn Sie diesen Link in diesem Browser angefordert haben, weiter mit dem Konto:',
  ],
  confirm: 'Ja, anmelden',
  close: 'Falls Sie sich nicht anmelden wollten, schließen Sie diese Seite.',
  linkInvalid: [
    'Dieser Link funktioniert nicht',
    'Vielleicht ist er abgeschnitten. Kopieren Sie den ganzen Link oder geben Sie den Code ein.',
  ],
  linkExpired: ['Dieser Link ist abgelaufen', 'Links gelten nur kurz. Fordern Sie einen neuen an.'],
  otherBrowser: [
    'Dieser Browser hat den Link nicht angefordert',
    'Ein Link gilt nur in dem Browser, in dem Sie ihn angefordert haben. Geben Sie dort den sechsstelligen Code aus der Nachricht ein oder melden Sie sich hier neu an.',
  ],
  haveCode: 'Haben Sie den Code schon? Code eingeben',
  waitTitle: 'Eine Nachricht wurde gerade erst angefordert',
  enterCode: 'Code eingeben',
  again: 'Neu anmelden',
  noRole: [
    'Kein Zugang zur Konsole',
    (email) =>
      `${email} darf die Konsole nicht benutzen. Fragen Sie die Zuständigen für Latchkey in Ihrer Firma.`,
  ],
}
