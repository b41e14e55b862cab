import type { SignInWords } from '../sign-in-words.ts'

export const es: SignInWords = {
  title: 'Iniciar sesión',
  lead: (app) =>
    `Consola de ${app}: autorice a invitados de la aplicación. Recibirá un enlace y un código por correo.`,
  email: 'Su correo electrónico',
  send: 'Enviar el enlace',
  why: {
    stale: 'Inició sesión hace más de 12 horas. Vuelva a iniciarla y regresará donde estaba.',
    ended: 'Su sesión ha terminado. Vuelva a iniciarla y regresará donde estaba.',
    out: 'Ha cerrado la sesión.',
    recent: 'Esto cambia el acceso de una persona: confirme otra vez que es usted.',
  },
  badEmail: 'Introduzca una dirección de correo, por ejemplo ada@example.com.',
  wait: (n) => `Espere un poco: inténtelo de nuevo en ${n} segundo${n === 1 ? '' : 's'}.`,
  sent: 'Mire su correo',
  sentLead: 'Si esta dirección puede iniciar sesión, le llegará un mensaje:',
  code: 'Código del mensaje',
  codeHint: 'Seis dígitos. O abra el enlace en este navegador.',
  enter: 'Iniciar sesión',
  noMail: '¿No llega? Mire en el correo no deseado.',
  resend: 'Enviar de nuevo',
  resent: 'Se ha enviado de nuevo.',
  otherAddress: 'Usar otra dirección',
  badCode: 'Introduzca los seis dígitos del mensaje.',
  refused: {
    unknown: 'Este código no es correcto. Compruébelo o pida uno nuevo.',
    used: 'Este código ya se ha usado. Pida uno nuevo.',
    expired: 'Este código ha caducado. Pida uno nuevo.',
    superseded: 'Desde entonces ha iniciado sesión con un código más reciente. Pida uno nuevo.',
    not_approved: 'Esta dirección ya no puede iniciar sesión.',
  },
  link: [
    '¿Iniciar sesión aquí?',
    'Si pidió este enlace en este navegador, continúe con la cuenta:',
  ],
  confirm: 'Sí, iniciar sesión',
  close: 'Si no ha pedido iniciar sesión, cierre esta página.',
  linkInvalid: [
    'Este enlace no funciona',
    'Puede que esté cortado. Copie el enlace entero o introduzca el código.',
  ],
  linkExpired: ['Este enlace ha caducado', 'Los enlaces duran poco. Pida uno nuevo.'],
  otherBrowser: [
    'Este no es el navegador que pidió el enlace',
    'Un enlace solo funciona en el navegador en el que lo pidió. Introduzca allí el código de seis dígitos del mensaje o inicie sesión aquí de nuevo.',
  ],
  haveCode: '¿Ya tiene el código? Introdúzcalo',
  waitTitle: 'Se pidió un mensaje hace un momento',
  enterCode: 'Introducir el código',
  again: 'Iniciar sesión de nuevo',
  noRole: [
    'Sin acceso a la consola',
    (email) =>
      `${email} no puede usar la consola. Pregunte a quienes gestionan Latchkey en su empresa.`,
  ],
}
