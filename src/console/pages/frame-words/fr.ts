import type { FrameWords } from '../frame-words.ts'

export const fr: FrameWords = {
  console: (app) => `Console ${app}`,
  colon: (label, text) => `${label}\u00a0: ${text}`,
  skip: 'Aller au contenu',
  navigation: 'Menu principal',
  requests: 'Demandes',
  approvals: 'Autorisations',
  people: 'Personnes',
  signOut: 'Se déconnecter',
  role: { admin: 'Administration', approver: 'Autorisation' },
  error: 'Erreur',
  problems: 'Veuillez d’abord vérifier',
  goOn: 'Continuer',
  toStart: 'Aller à la page d’accueil',
  signIn: 'Se connecter',
  forbidden: [
    'Vous n’avez pas ce droit',
    'Votre compte n’y est pas autorisé. Un administrateur peut vous aider.',
  ],
  whyGuests:
    'Pour savoir pourquoi un invité ne peut pas se connecter, ouvrez son autorisation et choisissez «\u00a0Pourquoi la connexion échoue-t-elle\u00a0?\u00a0». Pour un collègue, demandez à un administrateur.',
  notFound: [
    'Il n’y a rien ici',
    'L’adresse est peut-être mal saisie, ou ce qui s’y trouvait n’existe plus.',
  ],
  badRequest: [
    'Cela n’a pas fonctionné',
    'La demande est incompréhensible. Revenez en arrière et réessayez.',
  ],
  otherOrigin: [
    'Cela ne venait pas de la console',
    'Par sécurité, rien n’a été fait. Ouvrez la console et réessayez.',
  ],
  tooLarge: ['C’est trop', 'Envoyez-en moins à la fois.'],
  tooMany: ['Trop de tentatives', 'Attendez une minute, puis réessayez.'],
  unavailable: [
    'Indisponible pour le moment',
    'Votre modification a peut-être été enregistrée, peut-être pas. Vérifiez, puis réessayez dans un instant.',
  ],
  failed: [
    'Un problème est survenu',
    'La faute est à nous, pas à vous. Réessayez dans un instant.',
  ],
  reference: (id) => `Référence\u00a0: ${id}`,
}
