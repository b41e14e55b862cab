import type { UnixSeconds } from '../../../base/time.ts'
import { moment, nameOf, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` por ${name}`)
const on = (at: UnixSeconds | null) => (at === null ? '' : text` el ${moment(at)}`)
const device = (name: string | null) => (name === null ? 'un dispositivo sin nombre' : `«${name}»`)
const because = (reason: string | null) => (reason === null ? '' : ` El motivo: «${reason}».`)
const endedBy = (id: string | null) => by(nameOf(id))
const times = (count: number) => (count === 1 ? 'una vez' : `${count} veces`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'la dirección no puede iniciar sesión',
  no_number: 'se pidió un SMS, y la autorización no indica ningún número de teléfono',
  other_number: 'se pidió un SMS a un número distinto del de la autorización',
  over_budget: 'el número de teléfono había recibido diez mensajes en una hora',
  send_failed: 'el servicio de correo o de SMS no aceptó el mensaje, tampoco al segundo intento',
  mail_refused: 'el buzón rechazó un correo anterior nuestro',
}

const refused: WhyWords['refused'] = {
  bounce: (at) =>
    text`El buzón rechazó nuestro correo${on(at)}: no existe, o no acepta nuestros mensajes.`,
  complaint: (at) => text`La persona marcó nuestro correo como spam${on(at)}.`,
  suppressed: (at) =>
    text`SES no entregó nuestro correo${on(at)}, porque la dirección está en su lista de supresión.`,
}

const ended: WhyWords['ended'] = {
  signed_out: 'la persona cerró la sesión',
  signed_out_everywhere:
    'la persona cerró la sesión en todas partes, o el más antiguo de más de 50 dispositivos dejó su sitio',
  replaced: 'el mismo dispositivo volvió a iniciar sesión, lo que termina su sesión anterior',
  reuse:
    'volvió un token antiguo: alguien lo copió, o la aplicación perdió el más reciente y usó uno de una copia de seguridad',
  ended_by_company: 'la empresa la terminó',
  identity_gone: 'la persona fue borrada, o la dirección pasó a ser de otra persona',
  expired: 'se acabó su vida entera',
  idle: 'nadie la usó durante demasiado tiempo',
  approval_none: 'la dirección ya no tiene autorización',
  approval_ended: 'la autorización terminó',
  approval_withdrawn: 'la autorización fue retirada',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`No se ha usado todavía.${at === null ? '' : text` Vale hasta el ${moment(at)}.`}`,
  used: (at) => text`Se usó${on(at)} y ya no abre nada.`,
  expired: (at) => text`Caducó${on(at)} y nunca se usó.`,
  superseded: (at) =>
    text`Ya no abre nada, porque un inicio de sesión posterior o un cierre en todas partes${on(at)} lo anuló.`,
  identity_gone: () => 'No abre nada, porque la persona para la que se hizo fue borrada.',
}

export const es: WhyWords = {
  between: ' ',
  notSent,
  refused,
  ended,
  link,
  findings: {
    company: ({ domain }) =>
      `Todos en ${domain} pueden iniciar sesión. Esta dirección no necesita autorización.`,
    approved: ({ by: name, at, until }) =>
      text`Autorizada${by(name)}${on(at)}, ${until === null ? 'sin fin' : text`hasta el ${moment(until)}`}.`,
    not_approved: () => 'No autorizada: nadie ha autorizado esta dirección.',
    tag_of_company: ({ mailbox }) =>
      `No autorizada: una dirección con un +sufijo necesita su propia autorización, aunque ${mailbox} sea de la empresa.`,
    approval_ended: ({ at, by: name }) =>
      text`Ya no autorizada: la autorización dada${by(name)} terminó el ${moment(at)}.`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company
        ? 'esta dirección de la empresa fue excluida'
        : 'la autorización fue retirada'
      return text`No autorizada: ${what}${by(name)} el ${moment(at)}.${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`La dirección ha solicitado acceso ${times(asks)}, la última vez el ${moment(at)}. Nadie ha decidido todavía.`,
    request_declined: ({ at }) =>
      text`Su solicitud se rechazó el ${moment(at)}. A la persona no se le dice.`,
    never_asked: () =>
      'La aplicación no ha pedido últimamente ningún enlace con esta dirección. Pida a la persona que lo intente de nuevo y compruebe que ha escrito bien la dirección.',
    no_link_left: ({ askedSince }) =>
      text`La aplicación no ha pedido ningún enlace últimamente. Pida a la persona que lo intente de nuevo y compruebe la dirección. El primer enlace se pidió el ${moment(askedSince)}.`,
    asked: ({ at, channel, ipAddress }) =>
      text`El último enlace se pidió el ${moment(at)}, por ${channel === 'sms' ? 'SMS' : 'correo'}${ipAddress === null ? '' : ` (dirección IP ${ipAddress})`}.`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'El mensaje se envió. Si no llegó: pregunte si el número de teléfono es correcto y tiene cobertura.'
        : `El mensaje se envió desde ${from}. Si no llegó: pida a la persona que mire en la carpeta de spam y pregunte a su departamento de informática si se bloquean los mensajes de este remitente.`,
    mail_refused: ({ why, at }) =>
      text`${refused[why](at)} Desde entonces no se le envía ningún correo. Un administrador puede volver a permitirlos en la página de la persona.`,
    not_sent: ({ reason }) => `No se envió ningún mensaje: ${notSent[reason]}.`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `Quedan ${left} de ${size} mensajes por hora: se puede enviar otro enlace ahora.`,
    messages_spent: ({ size, nextAt }) =>
      text`Los ${size} mensajes de esta hora están usados. El siguiente puede salir el ${moment(nextAt)}; hasta entonces la aplicación pide esperar.`,
    cooling_down: ({ nextAt }) =>
      text`Hace menos de un minuto se pidió un enlace. El siguiente puede salir el ${moment(nextAt)}.`,
    shared_mailbox: ({ mailbox }) => `Comparte el número de mensajes con ${mailbox}.`,
    no_sms_number: () =>
      'No se pueden enviar SMS, porque la autorización no indica ningún número de teléfono.',
    codes_left: ({ left, size }) => `Quedan ${left} de ${size} intentos de código para hoy.`,
    codes_shut: ({ size, nextAt }) =>
      text`Los códigos están bloqueados hasta el ${moment(nextAt)}, tras ${size} intentos en un día. El enlace del mensaje funciona de todos modos.`,
    link_codes_spent: ({ attempts }) =>
      `El código del último mensaje se probó ${attempts} veces y ya no vale. Su enlace funciona, y también el código de un mensaje nuevo.`,
    no_session: () => 'No hay ninguna sesión, ni activa ni terminada últimamente.',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`Sesión iniciada en ${device(deviceName)} desde el ${moment(since)}, usada por última vez el ${moment(lastUsedAt)}. Termina el ${moment(endsAt)} si nadie la usa.`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`La sesión en ${device(deviceName)} del ${moment(since)} fue terminada${on(at)}${endedBy(name)}: ${ended[reason]}.`,
    nobody_yet: () =>
      'Nadie tiene esta dirección todavía: la próxima petición de un enlace crea una persona nueva.',
    not_signed_in_yet: ({ since }) =>
      text`Se pidieron enlaces desde el ${moment(since)}, y nadie ha iniciado sesión nunca con uno.`,
    person: ({ userId, since }) => text`La dirección es de ${userId} desde el ${moment(since)}.`,
  },
  answers: {
    nothingSent: 'A esta dirección no se le envía ningún mensaje.',
    askAgain: 'Ahora puede iniciar sesión: pida un enlace nuevo.',
    noneEnded: 'Ninguna sesión ha terminado en los últimos 14 días.',
    onPurpose: 'Todo está bien: en los últimos 14 días solo se terminaron sesiones a propósito.',
    noneAlive: 'No hay ninguna sesión activa.',
    ended: (count, reasons) => {
      const many = count === 1 ? '1 sesión ha terminado' : `${count} sesiones han terminado`
      const whys = reasons.map(([some, reason]) => `${some} × ${reason}`).join('; ')
      return `${many} en los últimos 14 días: ${count === 1 ? reasons[0]![1] : whys}.`
    },
    lastEnded: (at) => text`La última el ${moment(at)}.`,
    advice: {
      replaced:
        'La aplicación vuelve a iniciar sesión aunque la suya está activa: compruebe si conserva sus datos entre un arranque y otro.',
      reuse:
        'Compruebe si la aplicación guarda cada token nuevo antes de usarlo, y si se restauró una copia de seguridad.',
      expired:
        'Es SESSION_TTL_SECONDS: después una persona inicia sesión de nuevo, por mucho que venga.',
      idle: 'Es SESSION_IDLE_SECONDS: durante ese tiempo la aplicación no renovó la sesión.',
      approval_none: 'Autorice la dirección otra vez.',
      approval_ended: 'Prolongue la autorización.',
      approval_withdrawn: 'Restablezca la autorización, si corresponde.',
    },
  },
}
