import type { RequestWords } from '../request-words.ts'

export const fr: RequestWords = {
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
  from: 'Adresse IP',
  channel: 'Par SMS',
  channelName: 'Lien souhaité',
  until: 'Disparaît',
  approve: 'Autoriser',
  approveLead: 'Un lien part aussitôt, pour l’appareil qui attend.',
  decline: 'Refuser…',
  declineLead:
    'Personne n’en est informé. Si l’adresse redemande, elle ne réapparaît pas ici pendant 14 jours.',
  already: 'Déjà autorisée',
  alreadyLead:
    'Quelqu’un a autorisé cette adresse entre-temps. L’appareil de la personne attend toujours un lien.',
  sendLink: 'Envoyer le lien',
  notApproved:
    'Cette adresse n’est plus autorisée. Rien n’a été envoyé. Décidez de la demande ci-dessous.',
  decide: 'Décider de la demande',
  waitsForDecision: 'Une demande de cette adresse attend une décision.',
  waitsForLink:
    'Cette adresse est autorisée, mais l’appareil qui a fait la demande attend encore un lien.',
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
  fasterDeclined: (email, by) => `${by} a refusé ${email}. Rien n’a été enregistré de votre part.`,
  gone: (email) => `${email} n’attend plus. Rien n’a été modifié.`,
}
