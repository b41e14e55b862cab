import type { Locale } from '../../../base/locale.ts'
import type { FileErrorCode } from '../../approvals/import-line.ts'

/** What the pages of an import say. */
export type ImportWords = {
  title: string
  export: string
  lead: string
  file: string
  fileHint: string
  noFile: string
  notText: string
  check: string
  /** Nothing is done yet. */
  checked: string
  /** So many lines are done, and more follow. */
  under: (line: number) => string
  done: string
  counts: Record<'created' | 'changed' | 'unchanged' | 'refused', string>
  /** Carries out so many changes. */
  run: (count: number) => string
  goOn: string
  nothing: string
  refused: string
  line: string
  address: string
  why: string
  more: (count: number) => string
  signInAgain: string
  /** The heading above the lines that would change something, or did. */
  changes: string
  example: string
  another: string
  /** Why a line was refused, where the words of an approval's form do not say it. */
  lineErrors: Record<'cells' | 'repeated' | 'withdrawal' | 'changed' | 'not_recent', string>
  /** What is wrong with the file. */
  fileErrors: Record<FileErrorCode, (at: number | string) => string>
}

export const importWords: Record<Locale, ImportWords> = {
  en: {
    title: 'Import approvals',
    export: 'Export as CSV',
    lead: 'A CSV file with one approval a line. First you see what each line would do. Nothing changes until you press Import.',
    file: 'CSV file',
    fileHint:
      'The first line names the columns: email, company, reason, notes, expiresAt, phoneNumber. Write a day as 2027-03-31. An export is a good start.',
    noFile: 'Choose a CSV file that is not empty.',
    notText: 'The file is not text in UTF-8. Save it as CSV UTF-8.',
    check: 'Check the file',
    checked: 'This is what would happen. Nothing has changed yet.',
    under: (n) => `Under way: it goes on with line ${n}.`,
    done: 'Imported.',
    counts: { created: 'New', changed: 'Changed', unchanged: 'No change', refused: 'Refused' },
    run: (n) => (n === 1 ? 'Import 1 approval' : `Import ${n} approvals`),
    goOn: 'Go on',
    nothing: 'There is nothing to import.',
    refused: 'Refused lines',
    line: 'Line',
    address: 'Address',
    why: 'Why',
    more: (n) => `and ${n} more`,
    signInAgain: 'Sign in again, then import the file',
    changes: 'Lines with changes',
    example: 'For example:',
    another: 'Another file',
    lineErrors: {
      cells: 'The line does not have as many cells as the first line.',
      repeated: 'The address is already in an earlier line.',
      withdrawal: 'The line says withdrawn. An import cannot withdraw an approval.',
      changed: 'Someone else changed this approval in the meantime. Import the file again.',
      not_recent: 'The end or the phone number would change. Sign in again first.',
    },
    fileErrors: {
      open_quote: (n) => `Line ${n}: a quote is not closed.`,
      text_after_quote: (n) => `Line ${n}: there is text after a closing quote.`,
      unknown_column: (n) =>
        `Column “${n}” is not known. Use: email, company, reason, notes, expiresAt, phoneNumber.`,
      repeated_column: (n) => `The first line names ${n} twice.`,
      no_email_column: () => 'The first line must name the columns, and one of them must be email.',
      too_many_lines: (max) => `The file has more than ${max} lines. Import it in parts.`,
    },
  },
  de: {
    title: 'Freigaben importieren',
    export: 'Als CSV exportieren',
    lead: 'Eine CSV-Datei mit einer Freigabe je Zeile. Zuerst sehen Sie, was jede Zeile bewirken würde. Nichts ändert sich, bevor Sie auf „Importieren“ drücken.',
    file: 'CSV-Datei',
    fileHint:
      'Die erste Zeile nennt die Spalten: email, company, reason, notes, expiresAt, phoneNumber. Schreiben Sie einen Tag als 2027-03-31. Ein Export ist ein guter Anfang.',
    noFile: 'Wählen Sie eine CSV-Datei, die nicht leer ist.',
    notText: 'Die Datei ist kein Text in UTF-8. Speichern Sie sie als CSV UTF-8.',
    check: 'Datei prüfen',
    checked: 'Das würde geschehen. Noch hat sich nichts geändert.',
    under: (n) => `In Arbeit: Es geht mit Zeile ${n} weiter.`,
    done: 'Importiert.',
    counts: { created: 'Neu', changed: 'Geändert', unchanged: 'Unverändert', refused: 'Abgelehnt' },
    run: (n) => (n === 1 ? '1 Freigabe importieren' : `${n} Freigaben importieren`),
    goOn: 'Weiter',
    nothing: 'Es gibt nichts zu importieren.',
    refused: 'Abgelehnte Zeilen',
    line: 'Zeile',
    address: 'Adresse',
    why: 'Warum',
    more: (n) => `und ${n} weitere`,
    signInAgain: 'Neu anmelden und dann die Datei importieren',
    changes: 'Zeilen mit Änderungen',
    example: 'Zum Beispiel:',
    another: 'Andere Datei',
    lineErrors: {
      cells: 'Die Zeile hat nicht so viele Zellen wie die erste Zeile.',
      repeated: 'Die Adresse steht schon in einer früheren Zeile.',
      withdrawal: 'In der Zeile steht withdrawn. Ein Import kann keine Freigabe zurückziehen.',
      changed:
        'Jemand anderes hat diese Freigabe inzwischen geändert. Importieren Sie die Datei noch einmal.',
      not_recent:
        'Das Ende oder die Telefonnummer würde sich ändern. Melden Sie sich zuerst neu an.',
    },
    fileErrors: {
      open_quote: (n) => `Zeile ${n}: Ein Anführungszeichen ist nicht geschlossen.`,
      text_after_quote: (n) => `Zeile ${n}: Nach einem schließenden Anführungszeichen steht Text.`,
      unknown_column: (n) =>
        `Die Spalte „${n}“ ist unbekannt. Verwenden Sie: email, company, reason, notes, expiresAt, phoneNumber.`,
      repeated_column: (n) => `Die erste Zeile nennt ${n} zweimal.`,
      no_email_column: () =>
        'Die erste Zeile muss die Spalten nennen, und eine davon muss email sein.',
      too_many_lines: (max) =>
        `Die Datei hat mehr als ${max} Zeilen. Importieren Sie sie in Teilen.`,
    },
  },
  fr: {
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
      no_email_column: () =>
        'La première ligne doit nommer les colonnes, dont une doit être email.',
      too_many_lines: (max) =>
        `Le fichier a plus de ${max} lignes. Importez-le en plusieurs parties.`,
    },
  },
  es: {
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
  },
  ja: {
    title: '承認のインポート',
    export: 'CSV でエクスポート',
    lead: '1 行に 1 件の承認を書いた CSV ファイルです。まず各行の結果を確認できます。「インポート」を押すまで何も変更されません。',
    file: 'CSV ファイル',
    fileHint:
      '1 行目は列名です：email, company, reason, notes, expiresAt, phoneNumber。日付は 2027-03-31 の形で書きます。エクスポートしたファイルを元にできます。',
    noFile: '空でない CSV ファイルを選択してください。',
    notText: 'UTF-8 のテキストではありません。CSV UTF-8 で保存してください。',
    check: 'ファイルを確認',
    checked: '実行した場合の結果です。まだ何も変更されていません。',
    under: (n) => `処理中：次は ${n} 行目からです。`,
    done: 'インポートしました。',
    counts: { created: '新規', changed: '変更', unchanged: '変更なし', refused: '拒否' },
    run: (n) => `${n} 件をインポート`,
    goOn: '続ける',
    nothing: 'インポートするものはありません。',
    refused: '拒否された行',
    line: '行',
    address: 'アドレス',
    why: '理由',
    more: (n) => `他 ${n} 件`,
    signInAgain: 'サインインし直してからファイルをインポート',
    changes: '変更のある行',
    example: '例：',
    another: '別のファイル',
    lineErrors: {
      cells: 'セルの数が 1 行目と一致しません。',
      repeated: 'このアドレスは前の行にもあります。',
      withdrawal: 'この行は withdrawn となっています。インポートで承認を取り消すことはできません。',
      changed: 'その間に別の人がこの承認を変更しました。ファイルをもう一度インポートしてください。',
      not_recent: '終了または電話番号が変わります。先にサインインし直してください。',
    },
    fileErrors: {
      open_quote: (n) => `${n} 行目：引用符が閉じられていません。`,
      text_after_quote: (n) => `${n} 行目：閉じ引用符の後に文字があります。`,
      unknown_column: (n) =>
        `列「${n}」は不明です。email, company, reason, notes, expiresAt, phoneNumber を使ってください。`,
      repeated_column: (n) => `1 行目に ${n} が 2 回あります。`,
      no_email_column: () => '1 行目には列名が必要で、email を含めてください。',
      too_many_lines: (max) =>
        `ファイルが ${max} 行を超えています。分割してインポートしてください。`,
    },
  },
}
