import type { Locale } from '../../../base/locale.ts'

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
  another: string
}

export const importWords: Record<Locale, ImportWords> = {
  en: {
    title: 'Import approvals',
    export: 'Export as CSV',
    lead: 'A CSV file with one approval a line. First you see what each line would do; nothing changes before you say so.',
    file: 'CSV file',
    fileHint:
      'The first line names the columns: email, company, reason, notes, expiresAt, phoneNumber. An export is a good start.',
    noFile: 'Choose a CSV file.',
    notText: 'The file is not text in UTF-8. Save it as CSV UTF-8.',
    check: 'Check the file',
    checked: 'This is what would happen. Nothing has changed yet.',
    under: (n) => `Under way: it goes on with line ${n}.`,
    done: 'Imported.',
    counts: { created: 'New', changed: 'Changed', unchanged: 'As they were', refused: 'Refused' },
    run: (n) => (n === 1 ? 'Import 1 approval' : `Import ${n} approvals`),
    goOn: 'Go on',
    nothing: 'There is nothing to import.',
    refused: 'Refused lines',
    line: 'Line',
    address: 'Address',
    why: 'Why',
    more: (n) => `and ${n} more`,
    another: 'Another file',
  },
  de: {
    title: 'Freigaben importieren',
    export: 'Als CSV exportieren',
    lead: 'Eine CSV-Datei mit einer Freigabe je Zeile. Zuerst sehen Sie, was jede Zeile bewirken würde; vorher ändert sich nichts.',
    file: 'CSV-Datei',
    fileHint:
      'Die erste Zeile nennt die Spalten: email, company, reason, notes, expiresAt, phoneNumber. Ein Export ist ein guter Anfang.',
    noFile: 'Wählen Sie eine CSV-Datei.',
    notText: 'Die Datei ist kein Text in UTF-8. Speichern Sie sie als CSV UTF-8.',
    check: 'Datei prüfen',
    checked: 'Das würde geschehen. Noch hat sich nichts geändert.',
    under: (n) => `In Arbeit: Es geht mit Zeile ${n} weiter.`,
    done: 'Importiert.',
    counts: { created: 'Neu', changed: 'Geändert', unchanged: 'Wie bisher', refused: 'Abgelehnt' },
    run: (n) => (n === 1 ? '1 Freigabe importieren' : `${n} Freigaben importieren`),
    goOn: 'Weiter',
    nothing: 'Es gibt nichts zu importieren.',
    refused: 'Abgelehnte Zeilen',
    line: 'Zeile',
    address: 'Adresse',
    why: 'Warum',
    more: (n) => `und ${n} weitere`,
    another: 'Andere Datei',
  },
  fr: {
    title: 'Importer des autorisations',
    export: 'Exporter en CSV',
    lead: 'Un fichier CSV, une autorisation par ligne. Vous voyez d’abord ce que ferait chaque ligne\u00a0; rien ne change sans votre accord.',
    file: 'Fichier CSV',
    fileHint:
      'La première ligne nomme les colonnes\u00a0: email, company, reason, notes, expiresAt, phoneNumber. Un export est un bon début.',
    noFile: 'Choisissez un fichier CSV.',
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
    another: 'Un autre fichier',
  },
  es: {
    title: 'Importar autorizaciones',
    export: 'Exportar como CSV',
    lead: 'Un archivo CSV con una autorización por línea. Primero verá qué haría cada línea; nada cambia hasta que usted lo diga.',
    file: 'Archivo CSV',
    fileHint:
      'La primera línea nombra las columnas: email, company, reason, notes, expiresAt, phoneNumber. Una exportación es un buen comienzo.',
    noFile: 'Elija un archivo CSV.',
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
    another: 'Otro archivo',
  },
  ja: {
    title: '承認のインポート',
    export: 'CSV でエクスポート',
    lead: '1 行に 1 件の承認を書いた CSV ファイルです。まず各行の結果を確認でき、実行するまで何も変更されません。',
    file: 'CSV ファイル',
    fileHint:
      '1 行目は列名です：email, company, reason, notes, expiresAt, phoneNumber。エクスポートしたファイルを元にできます。',
    noFile: 'CSV ファイルを選択してください。',
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
    another: '別のファイル',
  },
}
