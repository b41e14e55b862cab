/** Commands that open a link on a simulator or an emulator. */

/** Quotes a text for a POSIX shell: in double quotes, or in single quotes if a shell reads something in double ones. */
export function shellQuote(text: string): string {
  if (/^[^"$`\\!\n]*$/.test(text)) return `"${text}"`
  return singleQuote(text)
}

const singleQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** For a simulator of Xcode that runs. */
export const simctlLine = (url: string): string => `xcrun simctl openurl booted ${shellQuote(url)}`

/** For an Android emulator or phone. Two shells read the URL: the developer's, and then the device's. */
export const adbLine = (url: string): string =>
  `adb shell am start -a android.intent.action.VIEW -d ${shellQuote(singleQuote(url))}`

/** The link with the app's own scheme, which opens the app even where the https link cannot. */
export function withScheme(link: string, appScheme: string): string {
  const { pathname, search } = new URL(link)
  return `${appScheme}:/${pathname}${search}`
}
