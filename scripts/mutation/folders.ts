/** The folders whose score is measured, and what each takes in. */
const FOLDERS: Record<string, RegExp> = {
  model: /^src\/model\//,
  'sign-in': /^src\/sign-in\//,
  session: /^src\/session\//,
  crypto: /^src\/crypto\//,
  dynamo: /^src\/dynamo\//,
  // Without pages and their words.
  console:
    /^src\/console\/(actor|guards|machine-token|token|person|session-cookie|email-in-path|(approvals|people|requests)\/.+|why\/(findings|answers)|digest\/send-digest)\.ts$/,
}

export const FOLDER_NAMES = Object.keys(FOLDERS)

/** @returns the folder that a source file counts for. */
export const folderOf = (file: string): string | undefined =>
  FOLDER_NAMES.find((name) => FOLDERS[name]!.test(file))

export const isMutated = (file: string): boolean =>
  folderOf(file) !== undefined && file.endsWith('.ts')
