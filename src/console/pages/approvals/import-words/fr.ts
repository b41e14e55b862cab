import type { ImportWords } from '../import-words.ts'

export const fr: ImportWords = {
  title: 'Importer des autorisations',
  export: 'Exporter en CSV',
  lead: 'Un fichier CSV, une autorisation par ligne. Vous voyez d’abord ce que ferait chaque ligne. Rien ne change avant que vous appuyiez sur Importer.',
  file: 'Fichier CSV',
  fileHint:
    'La première ligne nomme les colonnes\u00a0: email, company, reason, notes, expiresAt, phoneNumber. Écrivez un jour ainsi\u00a0: 2027-03-31. Un export est un bon début.',
  noFile: 'Choisissez un fichier CSV qui n’est pas vide.',
  notText: 'Le fichier n’est pas du texte en UTF-8. Enregistrez-le en CSV UTF-8.',
  check: 'Vérifier le fichier',
  checked: 'Voici ce qui se passerait. Rien n’a encore changé.',
  under: (n) => `En cours\u00a0: la suite commence à la ligne ${n}.`,
  done: 'Importé.',
  counts: {
    created: 'Nouvelles',
    changed: 'Modifiées',
    unchanged: 'Inchangées',
    refused: 'Refusées',
  },
  run: (n) => (n === 1 ? 'Importer 1 autorisation' : `Importer ${n} autorisations`),
  goOn: 'Continuer',
  nothing: 'Il n’y a rien à importer.',
  refused: 'Lignes refusées',
  line: 'Ligne',
  address: 'Adresse',
  why: 'Pourquoi',
  more: (n) => `et ${n} de plus`,
  signInAgain: 'Se reconnecter, puis importer le fichier',
  changes: 'Lignes avec des changements',
  example: 'Par exemple\u00a0:',
  another: 'Un autre fichier',
  lineErrors: {
    cells: 'La ligne n’a pas autant de cellules que la première ligne.',
    repeated: 'L’adresse figure déjà dans une ligne précédente.',
    withdrawal: 'La ligne indique withdrawn. Un import ne peut pas retirer une autorisation.',
    changed:
      'Quelqu’un d’autre a modifié cette autorisation entre-temps. Importez de nouveau le fichier.',
    not_recent: 'La fin ou le numéro de téléphone changerait. Reconnectez-vous d’abord.',
  },
  fileErrors: {
    open_quote: (n) => `Ligne ${n}\u00a0: un guillemet n’est pas fermé.`,
    text_after_quote: (n) => `Ligne ${n}\u00a0: il y a du texte après un guillemet fermant.`,
    unknown_column: (n) =>
      `La colonne «\u00a0${n}\u00a0» est inconnue. Utilisez\u00a0: email, company, reason, notes, expiresAt, phoneNumber.`,
    repeated_column: (n) => `La première ligne nomme ${n} deux fois.`,
    no_email_column: () => 'La première ligne doit nommer les colonnes, dont une doit être email.',
    too_many_lines: (max) =>
      `Le fichier a plus de ${max} lignes. Importez-le en plusieurs parties.`,
  },
}
