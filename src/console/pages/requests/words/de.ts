import type { RequestWords } from '../request-words.ts'

export const de: RequestWords = {
  title: 'Anfragen',
  waiting: (n) =>
    n === 1
      ? '1 Anfrage wartet auf eine Entscheidung'
      : `${n} Anfragen warten auf eine Entscheidung`,
  next: 'Nächste Seite',
  first: 'Zurück zur ersten Seite',
  none: [
    'Niemand wartet',
    'Wer einen Link anfordert und sich noch nicht anmelden darf, erscheint hier. Anfragen sind eingeschaltet.',
  ],
  off: [
    'Anfragen sind ausgeschaltet',
    'Niemand kann eine Anfrage stellen. Zum Einschalten setzen Sie ACCESS_REQUESTS für beide Worker auf „on“ und stellen sie neu bereit.',
  ],
  since: 'Wartet seit',
  asked: 'Angefragt',
  times: (n) => (n === 1 ? 'einmal' : `${n}-mal`),
  last: (when) => `zuletzt ${when}`,
  device: 'Gerät',
  from: 'IP-Adresse',
  channel: 'Per SMS',
  channelName: 'Link gewünscht',
  until: 'Verschwindet',
  approve: 'Freigeben',
  approveLead: 'Ein Link geht sofort hinaus, für das wartende Gerät.',
  decline: 'Ablehnen…',
  declineLead:
    'Niemand erfährt davon. Fragt die Adresse noch einmal, erscheint sie hier 14 Tage lang nicht wieder.',
  already: 'Schon freigegeben',
  alreadyLead:
    'Diese Adresse wurde inzwischen freigegeben. Das Gerät der Person wartet noch auf einen Link.',
  sendLink: 'Link senden',
  notApproved:
    'Diese Adresse ist nicht mehr freigegeben. Es wurde nichts gesendet. Entscheiden Sie unten über die Anfrage.',
  decide: 'Über die Anfrage entscheiden',
  waitsForDecision: 'Eine Anfrage von dieser Adresse wartet auf eine Entscheidung.',
  waitsForLink:
    'Diese Adresse ist freigegeben, aber das anfragende Gerät wartet noch auf einen Link.',
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
}
