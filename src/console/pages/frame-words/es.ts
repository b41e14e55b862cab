import type { FrameWords } from '../frame-words.ts'

export const es: FrameWords = {
  console: (app) => `Consola de ${app}`,
  colon: (label, text) => `${label}: ${text}`,
  skip: 'Ir al contenido',
  navigation: 'Menú principal',
  requests: 'Solicitudes',
  approvals: 'Autorizaciones',
  people: 'Personas',
  signOut: 'Cerrar sesión',
  role: { admin: 'Administración', approver: 'Autorización' },
  error: 'Error',
  problems: 'Compruebe antes lo siguiente',
  goOn: 'Continuar',
  toStart: 'Ir a la página de inicio',
  signIn: 'Iniciar sesión',
  forbidden: [
    'No puede hacer esto',
    'Su cuenta no tiene permiso para ello. Un administrador puede ayudarle.',
  ],
  whyGuests:
    'Para saber por qué un invitado no puede iniciar sesión, abra su autorización y elija «¿Por qué no puede iniciar sesión?». Para un compañero, pregunte a un administrador.',
  notFound: [
    'Aquí no hay nada',
    'Puede que la dirección esté mal escrita o que lo que había ya no exista.',
  ],
  badRequest: [
    'No ha funcionado',
    'No se entiende la solicitud. Vuelva atrás e inténtelo de nuevo.',
  ],
  otherOrigin: [
    'Esto no venía de la consola',
    'Por su seguridad no se ha hecho nada. Abra la consola e inténtelo de nuevo.',
  ],
  tooLarge: ['Es demasiado', 'Envíe menos de una vez.'],
  tooMany: ['Demasiados intentos', 'Espere un minuto e inténtelo de nuevo.'],
  unavailable: [
    'No disponible en este momento',
    'Puede que su cambio se haya guardado o no. Compruébelo e inténtelo de nuevo en un momento.',
  ],
  failed: ['Algo ha fallado', 'Es culpa nuestra, no suya. Inténtelo de nuevo en un momento.'],
  reference: (id) => `Referencia: ${id}`,
}
