import type { ImportWords } from '../import-words.ts'

export const es: ImportWords = {
  title: 'Importar autorizaciones',
  export: 'Exportar como CSV',
  lead: 'Un archivo CSV con una autorización por línea. Primero verá qué haría cada línea. Nada cambia hasta que pulse Importar.',
  file: 'Archivo CSV',
  fileHint:
    'La primera línea nombra las columnas: email, company, reason, notes, expiresAt, phoneNumber. Escriba un día así: 2027-03-31. Una exportación es un buen comienzo.',
  noFile: 'Elija un archivo CSV que no esté vacío.',
  notText: 'El archivo no es texto en UTF-8. Guárdelo como CSV UTF-8.',
  check: 'Comprobar el archivo',
  checked: 'Esto es lo que pasaría. Todavía no ha cambiado nada.',
  under: (n) => `En curso: sigue con la línea ${n}.`,
  done: 'Importado.',
  counts: {
    created: 'Nuevas',
    changed: 'Cambiadas',
    unchanged: 'Sin cambios',
    refused: 'Rechazadas',
  },
  run: (n) => (n === 1 ? 'Importar 1 autorización' : `Importar ${n} autorizaciones`),
  goOn: 'Seguir',
  nothing: 'No hay nada que importar.',
  refused: 'Líneas rechazadas',
  line: 'Línea',
  address: 'Dirección',
  why: 'Por qué',
  more: (n) => `y ${n} más`,
  signInAgain: 'Inicie sesión de nuevo y luego importe el archivo',
  changes: 'Líneas con cambios',
  example: 'Por ejemplo:',
  another: 'Otro archivo',
  lineErrors: {
    cells: 'La línea no tiene tantas celdas como la primera línea.',
    repeated: 'La dirección ya está en una línea anterior.',
    withdrawal: 'La línea dice withdrawn. Una importación no puede retirar una autorización.',
    changed: 'Otra persona cambió esta autorización entretanto. Importe el archivo de nuevo.',
    not_recent: 'Cambiaría el final o el número de teléfono. Primero inicie sesión de nuevo.',
  },
  fileErrors: {
    open_quote: (n) => `Línea ${n}: unas comillas no están cerradas.`,
    text_after_quote: (n) => `Línea ${n}: hay texto después de unas comillas de cierre.`,
    unknown_column: (n) =>
      `La columna «${n}» no se conoce. Use: email, company, reason, notes, expiresAt, phoneNumber.`,
    repeated_column: (n) => `La primera línea nombra ${n} dos veces.`,
    no_email_column: () =>
      'La primera línea debe nombrar las columnas, y una de ellas debe ser email.',
    too_many_lines: (max) => `El archivo tiene más de ${max} líneas. Impórtelo por partes.`,
  },
}
