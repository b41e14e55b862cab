import type { RequestWords } from '../request-words.ts'

export const es: RequestWords = {
  title: 'Solicitudes',
  waiting: (n) => (n === 1 ? '1 persona espera acceso' : `${n} personas esperan acceso`),
  next: 'Página siguiente',
  first: 'Volver a la primera página',
  none: [
    'Nadie espera',
    'Quien pide un enlace y aún no puede iniciar sesión aparece aquí. Las solicitudes están activadas.',
  ],
  off: [
    'Las solicitudes están desactivadas',
    'Nadie puede pedir acceso. Para activarlas, ponga ACCESS_REQUESTS en «on» en los dos Workers y despliéguelos.',
  ],
  since: 'Espera desde',
  asked: 'Pedido',
  times: (n) => (n === 1 ? 'una vez' : `${n} veces`),
  last: (when) => `la última ${when}`,
  device: 'Dispositivo',
  from: 'Dirección IP',
  channel: 'Por SMS',
  channelName: 'Enlace deseado',
  until: 'Desaparece',
  approve: 'Autorizar',
  approveLead: 'Un enlace sale de inmediato, para el dispositivo que espera.',
  decline: 'Rechazar…',
  declineLead:
    'No se avisa a nadie. Si la dirección vuelve a pedirlo, no reaparece aquí durante 14 días.',
  already: 'Ya autorizada',
  alreadyLead:
    'Alguien ha autorizado esta dirección entretanto. El dispositivo de la persona sigue esperando un enlace.',
  sendLink: 'Enviar el enlace',
  notApproved: 'Esta dirección ya no está autorizada. No se envió nada. Decida la solicitud abajo.',
  decide: 'Decidir la solicitud',
  waitsForDecision: 'Una solicitud de esta dirección espera una decisión.',
  waitsForLink:
    'Esta dirección está autorizada, pero el dispositivo que la solicitó aún espera un enlace.',
  done: {
    approved: (email) =>
      `${email} ya puede iniciar sesión. Un enlace va en camino por correo, para el dispositivo que espera.`,
    approvedWithoutLink: (email) =>
      `${email} ya puede iniciar sesión. No se envió ningún enlace porque la solicitud es demasiado antigua: la persona debe pedir uno de nuevo.`,
    declined: (email) => `Se rechazó a ${email}. No se avisa a nadie.`,
  },
  openApproval: 'Abrir la autorización',
  faster: 'Otra persona fue más rápida',
  fasterApproved: (email, by) => `${by} ha autorizado a ${email}. No se guardó nada suyo.`,
  fasterDeclined: (email, by) => `${by} ha rechazado a ${email}. No se guardó nada suyo.`,
  gone: (email) => `${email} ya no espera. No se cambió nada.`,
}
