import type { UnixSeconds } from '../../../base/time.ts'
import { moment, nameOf, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` von ${name}`)
const on = (at: UnixSeconds | null) => (at === null ? '' : text` am ${moment(at)}`)
const device = (name: string | null) => (name === null ? 'einem Gerät ohne Namen' : `„${name}“`)
const because = (reason: string | null) => (reason === null ? '' : ` Der Grund: „${reason}“.`)
const endedBy = (id: string | null) => by(nameOf(id))
const times = (count: number) => (count === 1 ? 'einmal' : `${count}-mal`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'die Adresse darf sich nicht anmelden',
  no_number: 'es wurde eine SMS verlangt, und die Freigabe nennt keine Telefonnummer',
  other_number: 'es wurde eine SMS an eine andere Nummer als die der Freigabe verlangt',
  over_budget: 'die Telefonnummer hatte zehn Nachrichten in einer Stunde',
  send_failed:
    'der Mail- oder SMS-Dienst hat die Nachricht auch beim zweiten Versuch nicht angenommen',
  mail_refused: 'das Postfach hat eine frühere E-Mail von uns abgelehnt',
}

const refused: WhyWords['refused'] = {
  bounce: (at) =>
    text`Das Postfach hat unsere E-Mail${on(at)} abgelehnt: Es existiert nicht, oder es nimmt unsere Nachrichten nicht an.`,
  complaint: (at) => text`Die Person hat unsere E-Mail${on(at)} als Spam markiert.`,
  suppressed: (at) =>
    text`SES hat unsere E-Mail${on(at)} nicht zugestellt, denn die Adresse steht auf seiner Sperrliste.`,
}

const ended: WhyWords['ended'] = {
  signed_out: 'die Person hat sich abgemeldet',
  signed_out_everywhere:
    'die Person hat sich überall abgemeldet, oder das älteste von mehr als 50 Geräten wich',
  replaced: 'dasselbe Gerät hat sich neu angemeldet, was seine ältere Sitzung beendet',
  reuse:
    'ein altes Token kam zurück: Jemand hat es kopiert, oder die App hat ihr neuestes Token verloren und eines aus einem Backup benutzt',
  ended_by_company: 'die Firma hat sie beendet',
  identity_gone: 'die Person wurde gelöscht, oder die Adresse gehört jetzt jemand anderem',
  expired: 'ihre ganze Lebenszeit war vorbei',
  idle: 'sie wurde zu lange nicht benutzt',
  approval_none: 'die Adresse hat keine Freigabe mehr',
  approval_ended: 'die Freigabe ist abgelaufen',
  approval_withdrawn: 'die Freigabe wurde entzogen',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`Er wurde noch nicht benutzt.${at === null ? '' : text` Er gilt bis ${moment(at)}.`}`,
  used: (at) => text`Er wurde${on(at)} benutzt und öffnet nichts mehr.`,
  expired: (at) => text`Er ist${on(at)} abgelaufen und wurde nie benutzt.`,
  superseded: (at) =>
    text`Er öffnet nichts mehr, denn eine spätere Anmeldung oder eine Abmeldung überall${on(at)} hat ihn verbraucht.`,
  identity_gone: () => 'Er öffnet nichts, denn die Person, für die er war, wurde gelöscht.',
}

export const de: WhyWords = {
  between: ' ',
  notSent,
  refused,
  ended,
  link,
  findings: {
    company: ({ domain }) =>
      `Alle bei ${domain} dürfen sich anmelden. Diese Adresse braucht keine Freigabe.`,
    approved: ({ by: name, at, until }) =>
      text`Freigegeben${by(name)}${on(at)}, ${until === null ? 'ohne Ende' : text`bis ${moment(until)}`}.`,
    not_approved: () => 'Nicht freigegeben: Niemand hat diese Adresse freigegeben.',
    tag_of_company: ({ mailbox }) =>
      `Nicht freigegeben: Eine Adresse mit einem +Zusatz braucht eine eigene Freigabe, obwohl ${mailbox} zur Firma gehört.`,
    approval_ended: ({ at, by: name }) =>
      text`Nicht mehr freigegeben: Die Freigabe${by(name)} ist am ${moment(at)} abgelaufen.`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company
        ? text`Diese Adresse der Firma wurde am ${moment(at)}${by(name)} ausgesperrt`
        : text`Die Freigabe wurde am ${moment(at)}${by(name)} entzogen`
      return text`Nicht freigegeben: ${what}.${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`Die Adresse hat ${times(asks)} Zugang angefragt, zuletzt am ${moment(at)}. Noch hat niemand entschieden.`,
    request_declined: ({ at }) =>
      text`Die Anfrage wurde am ${moment(at)} abgelehnt. Die Person erfährt das nicht.`,
    never_asked: () =>
      'Die App hat mit dieser Adresse in letzter Zeit keinen Link angefordert. Bitten Sie die Person, es noch einmal zu versuchen und die Schreibweise der Adresse zu prüfen.',
    no_link_left: ({ askedSince }) =>
      text`Die App hat in letzter Zeit keinen Link angefordert. Bitten Sie die Person, es noch einmal zu versuchen und die Adresse zu prüfen. Der erste Link wurde am ${moment(askedSince)} angefordert.`,
    asked: ({ at, channel, ipAddress }) =>
      text`Zuletzt wurde am ${moment(at)} ein Link angefordert, per ${channel === 'sms' ? 'SMS' : 'E-Mail'}${ipAddress === null ? '' : ` (IP-Adresse ${ipAddress})`}.`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'Die Nachricht wurde gesendet. Wenn sie nicht ankam: Fragen Sie, ob die Telefonnummer stimmt und Empfang hat.'
        : `Die Nachricht wurde gesendet, von ${from}. Wenn sie nicht ankam: Bitten Sie die Person, im Spam-Ordner nachzusehen und bei ihrer IT zu fragen, ob Nachrichten von diesem Absender blockiert werden.`,
    mail_refused: ({ why, at }) =>
      text`${refused[why](at)} Seitdem geht keine E-Mail mehr an diese Adresse. Die Administration kann E-Mails auf der Seite der Person wieder zulassen.`,
    not_sent: ({ reason }) => `Es wurde keine Nachricht gesendet: ${notSent[reason]}.`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `${left} von ${size} Nachrichten in der Stunde sind übrig: Ein weiterer Link kann sofort gesendet werden.`,
    messages_spent: ({ size, nextAt }) =>
      text`Alle ${size} Nachrichten dieser Stunde sind verbraucht. Die nächste kann am ${moment(nextAt)} gesendet werden; bis dahin bittet die App zu warten.`,
    cooling_down: ({ nextAt }) =>
      text`In der letzten Minute wurde ein Link angefordert. Der nächste kann am ${moment(nextAt)} gesendet werden.`,
    shared_mailbox: ({ mailbox }) => `Die Zahl der Nachrichten teilt sie sich mit ${mailbox}.`,
    no_sms_number: () =>
      'SMS können nicht gesendet werden, denn die Freigabe nennt keine Telefonnummer.',
    codes_left: ({ left, size }) => `Von ${size} Versuchen für Codes sind heute ${left} übrig.`,
    codes_shut: ({ size, nextAt }) =>
      text`Codes sind bis ${moment(nextAt)} gesperrt, nach ${size} Versuchen an einem Tag. Der Link in der Nachricht gilt trotzdem.`,
    link_codes_spent: ({ attempts }) =>
      `Der Code der letzten Nachricht wurde ${attempts}-mal versucht und gilt nicht mehr. Ihr Link gilt, ebenso der Code einer neuen Nachricht.`,
    no_session: () =>
      'Es gibt keine Sitzung, weder eine laufende noch eine beendete aus letzter Zeit.',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`Angemeldet auf ${device(deviceName)} seit ${moment(since)}, zuletzt benutzt am ${moment(lastUsedAt)}. Die Sitzung endet am ${moment(endsAt)}, wenn niemand sie benutzt.`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`Die Sitzung auf ${device(deviceName)} vom ${moment(since)} wurde${on(at)}${endedBy(name)} beendet: ${ended[reason]}.`,
    nobody_yet: () =>
      'Diese Adresse hat noch niemand: Die nächste Anforderung eines Links legt eine neue Person an.',
    not_signed_in_yet: ({ since }) =>
      text`Seit ${moment(since)} wurden Links angefordert, und angemeldet hat sich damit nie jemand.`,
    person: ({ userId, since }) => text`Die Adresse gehört seit ${moment(since)} zu ${userId}.`,
  },
  answers: {
    nothingSent: 'An diese Adresse wird nichts gesendet.',
    askAgain: 'Jetzt darf sie sich anmelden: Fordern Sie einen neuen Link an.',
    noneEnded: 'In den letzten 14 Tagen hat keine Sitzung geendet.',
    onPurpose:
      'Alles in Ordnung: In den letzten 14 Tagen wurden Sitzungen nur absichtlich beendet.',
    noneAlive: 'Es läuft keine Sitzung.',
    ended: (count, reasons) => {
      const many = count === 1 ? 'hat 1 Sitzung' : `haben ${count} Sitzungen`
      const whys = reasons.map(([some, reason]) => `${some} × ${reason}`)
      const why = count === 1 ? reasons[0]![1] : whys.join('; ')
      return `In den letzten 14 Tagen ${many} geendet: ${why}.`
    },
    lastEnded: (at) => text`Die letzte am ${moment(at)}.`,
    advice: {
      replaced:
        'Die App meldet sich neu an, obwohl ihre Sitzung läuft: Prüfen Sie, ob sie ihren Speicher zwischen zwei Starts behält.',
      reuse:
        'Prüfen Sie, ob die App jedes neue Token speichert, bevor sie es benutzt, und ob ein Backup eingespielt wurde.',
      expired:
        'Das ist SESSION_TTL_SECONDS: Danach meldet sich eine Person neu an, wie oft sie auch kommt.',
      idle: 'Das ist SESSION_IDLE_SECONDS: So lange hat die App die Sitzung nicht erneuert.',
      approval_none: 'Geben Sie die Adresse wieder frei.',
      approval_ended: 'Verlängern Sie die Freigabe.',
      approval_withdrawn: 'Stellen Sie die Freigabe wieder her, wenn das richtig ist.',
    },
  },
}
