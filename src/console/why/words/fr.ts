import type { UnixSeconds } from '../../../base/time.ts'
import { moment, nameOf, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` par ${name}`)
const on = (at: UnixSeconds | null) => (at === null ? '' : text` le ${moment(at)}`)
const device = (name: string | null) =>
  name === null ? 'un appareil sans nom' : `«\u00a0${name}\u00a0»`
const because = (reason: string | null) =>
  reason === null ? '' : ` Le motif\u00a0: «\u00a0${reason}\u00a0».`
const endedBy = (id: string | null) => by(nameOf(id))
const times = (count: number) => (count === 1 ? 'une fois' : `${count} fois`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'l’adresse ne peut pas se connecter',
  no_number: 'un SMS a été demandé, et l’autorisation n’indique aucun numéro de téléphone',
  other_number: 'un SMS vers un autre numéro que celui de l’autorisation a été demandé',
  over_budget: 'le numéro de téléphone avait reçu dix messages en une heure',
  send_failed: 'le service d’e-mail ou de SMS n’a pas pris le message, même au second essai',
  mail_refused: 'la boîte aux lettres a refusé un e-mail précédent de notre part',
}

const refused: WhyWords['refused'] = {
  bounce: (at) =>
    text`La boîte aux lettres a refusé notre e-mail${on(at)}\u00a0: elle n’existe pas, ou n’accepte pas nos messages.`,
  complaint: (at) => text`La personne a signalé notre e-mail comme spam${on(at)}.`,
  suppressed: (at) =>
    text`SES n’a pas remis notre e-mail${on(at)}, car l’adresse est sur sa liste de suppression.`,
}

const ended: WhyWords['ended'] = {
  signed_out: 'la personne s’est déconnectée',
  signed_out_everywhere:
    'la personne s’est déconnectée partout, ou le plus ancien de plus de 50 appareils a cédé sa place',
  replaced: 'le même appareil s’est reconnecté, ce qui termine son ancienne session',
  reuse:
    'un ancien jeton est revenu\u00a0: quelqu’un l’a copié, ou l’application a perdu le plus récent et s’est servie d’une sauvegarde',
  ended_by_company: 'la société l’a terminée',
  identity_gone: 'la personne a été effacée, ou l’adresse est devenue celle de quelqu’un d’autre',
  expired: 'sa durée de vie était écoulée',
  idle: 'personne ne s’en est servi pendant trop longtemps',
  approval_none: 'l’adresse n’a plus d’autorisation',
  approval_ended: 'l’autorisation a pris fin',
  approval_withdrawn: 'l’autorisation a été retirée',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`Il n’a pas encore servi.${at === null ? '' : text` Il est valable jusqu’au ${moment(at)}.`}`,
  used: (at) => text`Il a servi${on(at)} et n’ouvre plus rien.`,
  expired: (at) => text`Il a expiré${on(at)} sans jamais servir.`,
  superseded: (at) =>
    text`Il n’ouvre plus rien, car une connexion plus récente ou une déconnexion partout${on(at)} l’a annulé.`,
  identity_gone: () => 'Il n’ouvre rien, car la personne à qui il était destiné a été effacée.',
}

export const fr: WhyWords = {
  between: ' ',
  notSent,
  refused,
  ended,
  link,
  findings: {
    company: ({ domain }) =>
      `Tout le monde chez ${domain} peut se connecter. Cette adresse n’a pas besoin d’autorisation.`,
    approved: ({ by: name, at, until }) =>
      text`Autorisée${by(name)}${on(at)}, ${until === null ? 'sans fin' : text`jusqu’au ${moment(until)}`}.`,
    not_approved: () => 'Pas autorisée\u00a0: personne n’a autorisé cette adresse.',
    tag_of_company: ({ mailbox }) =>
      `Pas autorisée\u00a0: une adresse avec un +suffixe a besoin de sa propre autorisation, bien que ${mailbox} soit de la société.`,
    approval_ended: ({ at, by: name }) =>
      text`Plus autorisée\u00a0: l’autorisation donnée${by(name)} a pris fin le ${moment(at)}.`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company
        ? 'cette adresse de la société a été exclue'
        : 'l’autorisation a été retirée'
      return text`Pas autorisée\u00a0: ${what}${by(name)} le ${moment(at)}.${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`L’adresse a demandé un accès ${times(asks)}, la dernière fois le ${moment(at)}. Personne n’a encore décidé.`,
    request_declined: ({ at }) =>
      text`Sa demande d’accès a été refusée le ${moment(at)}. La personne n’en est pas informée.`,
    never_asked: () =>
      'L’application n’a pas demandé de lien avec cette adresse récemment. Demandez à la personne de réessayer et de vérifier l’adresse saisie.',
    no_link_left: ({ askedSince }) =>
      text`L’application n’a pas demandé de lien récemment. Demandez à la personne de réessayer et de vérifier l’adresse. Le premier lien a été demandé le ${moment(askedSince)}.`,
    asked: ({ at, channel, ipAddress }) =>
      text`Un lien a été demandé pour la dernière fois le ${moment(at)}, par ${channel === 'sms' ? 'SMS' : 'e-mail'}${ipAddress === null ? '' : ` (adresse IP ${ipAddress})`}.`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'Le message a été envoyé. S’il n’est pas arrivé\u00a0: demandez si le numéro de téléphone est le bon et s’il capte.'
        : `Le message a été envoyé depuis ${from}. S’il n’est pas arrivé\u00a0: demandez à la personne de regarder dans les indésirables, et à son service informatique si les messages de cet expéditeur sont bloqués.`,
    mail_refused: ({ why, at }) =>
      text`${refused[why](at)} Depuis, aucun e-mail ne lui est envoyé. Un administrateur peut de nouveau les autoriser sur la page de la personne.`,
    not_sent: ({ reason }) => `Aucun message n’a été envoyé\u00a0: ${notSent[reason]}.`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `Il reste ${left} messages sur ${size} par heure\u00a0: un autre lien peut être envoyé tout de suite.`,
    messages_spent: ({ size, nextAt }) =>
      text`Les ${size} messages de cette heure sont utilisés. Le prochain peut partir le ${moment(nextAt)}\u00a0; d’ici là, l’application demande d’attendre.`,
    cooling_down: ({ nextAt }) =>
      text`Un lien a été demandé il y a moins d’une minute. Le prochain peut partir le ${moment(nextAt)}.`,
    shared_mailbox: ({ mailbox }) => `Elle partage le nombre de messages avec ${mailbox}.`,
    no_sms_number: () =>
      'Aucun SMS ne peut être envoyé, car l’autorisation n’indique pas de numéro de téléphone.',
    codes_left: ({ left, size }) => `Il reste ${left} essais de code sur ${size} pour aujourd’hui.`,
    codes_shut: ({ size, nextAt }) =>
      text`Les codes sont bloqués jusqu’au ${moment(nextAt)}, après ${size} essais en un jour. Le lien du message fonctionne quand même.`,
    link_codes_spent: ({ attempts }) =>
      `Le code du dernier message a été essayé ${attempts} fois et n’est plus accepté. Son lien fonctionne, et le code d’un nouveau message aussi.`,
    no_session: () => 'Il n’y a aucune session, ni active ni terminée récemment.',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`Connexion sur ${device(deviceName)} depuis le ${moment(since)}, utilisée pour la dernière fois le ${moment(lastUsedAt)}. Elle se termine le ${moment(endsAt)} si personne ne s’en sert.`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`La session sur ${device(deviceName)} du ${moment(since)} a été terminée${on(at)}${endedBy(name)}\u00a0: ${ended[reason]}.`,
    nobody_yet: () =>
      'Cette adresse n’est encore à personne\u00a0: la prochaine demande de lien en fait une nouvelle personne.',
    not_signed_in_yet: ({ since }) =>
      text`Des liens ont été demandés depuis le ${moment(since)}, et personne ne s’est jamais connecté avec.`,
    person: ({ userId, since }) =>
      text`L’adresse est celle de ${userId} depuis le ${moment(since)}.`,
  },
  answers: {
    nothingSent: 'Aucun message n’est envoyé à cette adresse.',
    askAgain: 'Elle peut se connecter maintenant\u00a0: demandez un nouveau lien.',
    noneEnded: 'Aucune session ne s’est terminée ces 14 derniers jours.',
    onPurpose:
      'Tout va bien\u00a0: ces 14 derniers jours, des sessions n’ont été terminées que volontairement.',
    noneAlive: 'Aucune session n’est active.',
    ended: (count, reasons) => {
      const many = count === 1 ? '1 session s’est terminée' : `${count} sessions se sont terminées`
      const whys = reasons.map(([some, reason]) => `${some} × ${reason}`).join('\u00a0; ')
      return `${many} ces 14 derniers jours\u00a0: ${count === 1 ? reasons[0]![1] : whys}.`
    },
    lastEnded: (at) => text`La dernière le ${moment(at)}.`,
    advice: {
      replaced:
        'L’application se reconnecte alors que sa session est active\u00a0: vérifiez si elle garde ses données entre deux démarrages.',
      reuse:
        'Vérifiez si l’application enregistre chaque nouveau jeton avant de s’en servir, et si une sauvegarde a été restaurée.',
      expired:
        'C’est SESSION_TTL_SECONDS\u00a0: une personne se reconnecte après ce délai, même si elle vient souvent.',
      idle: 'C’est SESSION_IDLE_SECONDS\u00a0: l’application n’a pas renouvelé la session pendant ce temps.',
      approval_none: 'Autorisez de nouveau l’adresse.',
      approval_ended: 'Prolongez l’autorisation.',
      approval_withdrawn: 'Rétablissez l’autorisation, si c’est justifié.',
    },
  },
}
