import type { SignInWords } from '../sign-in-words.ts'

export const fr: SignInWords = {
  title: 'Se connecter',
  lead: (app) =>
    `Console ${app}\u00a0: autorisez des invités de l’application. Vous recevez un lien et un code par e-mail.`,
  email: 'Votre adresse e-mail',
  send: 'Envoyer le lien',
  why: {
    stale:
      'Vous vous êtes connecté il y a plus de 12 heures. Reconnectez-vous\u00a0; vous reviendrez où vous étiez.',
    ended: 'Votre session est terminée. Reconnectez-vous\u00a0; vous reviendrez où vous étiez.',
    out: 'Vous êtes déconnecté.',
    recent: 'Cela modifie l’accès d’une personne\u00a0: confirmez encore une fois votre identité.',
  },
  badEmail: 'Saisissez une adresse e-mail, par exemple ada@example.com.',
  wait: (n) => `Veuillez patienter\u00a0: réessayez dans ${n} seconde${n === 1 ? '' : 's'}.`,
  sent: 'Consultez vos e-mails',
  sentLead: 'Si cette adresse peut se connecter, un message lui est envoyé\u00a0:',
  code: 'Code du message',
  codeHint: 'Six chiffres. Ou ouvrez le lien dans ce navigateur.',
  enter: 'Se connecter',
  noMail: 'Pas d’e-mail\u00a0? Regardez dans les indésirables.',
  resend: 'Renvoyer',
  resent: 'Le message a été renvoyé.',
  otherAddress: 'Utiliser une autre adresse',
  badCode: 'Saisissez les six chiffres du message.',
  refused: {
    unknown: 'Ce code n’est pas le bon. Vérifiez-le ou demandez-en un nouveau.',
    used: 'Ce code a déjà servi. Demandez-en un nouveau.',
    expired: 'Ce code a expiré. Demandez-en un nouveau.',
    superseded: 'Vous vous êtes connecté depuis avec un code plus récent. Demandez-en un nouveau.',
    not_approved: 'Cette adresse ne peut plus se connecter.',
  },
  link: [
    'Se connecter ici\u00a0?',
    'Si vous avez demandé ce lien dans ce navigateur, continuez avec le compte\u00a0:',
  ],
  confirm: 'Oui, me connecter',
  close: 'Si vous n’avez pas demandé à vous connecter, fermez cette page.',
  linkInvalid: [
    'Ce lien ne fonctionne pas',
    'Il est peut-être coupé. Copiez le lien entier ou saisissez le code.',
  ],
  linkExpired: ['Ce lien a expiré', 'Les liens ne durent pas longtemps. Demandez-en un nouveau.'],
  otherBrowser: [
    'Ce navigateur n’a pas demandé le lien',
    'Un lien ne fonctionne que dans le navigateur où vous l’avez demandé. Saisissez-y le code à six chiffres du message, ou reconnectez-vous ici.',
  ],
  haveCode: 'Vous avez déjà le code\u00a0? Saisissez-le',
  waitTitle: 'Un message vient d’être demandé',
  enterCode: 'Saisir le code',
  again: 'Se reconnecter',
  noRole: [
    'Pas d’accès à la console',
    (email) =>
      `${email} ne peut pas utiliser la console. Demandez aux responsables de Latchkey dans votre entreprise.`,
  ],
}
