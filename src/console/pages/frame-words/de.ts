import type { FrameWords } from '../frame-words.ts'

export const de: FrameWords = {
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
}
