import { useColorScheme } from 'react-native'

/** Every text has a contrast of 4.5 to 1 or more on its background (WCAG 1.4.3). */
const light = {
  background: '#ffffff',
  field: '#f1f3f6',
  border: '#6b7280',
  text: '#111827',
  quiet: '#4b5563',
  accent: '#1f4fd8',
  onAccent: '#ffffff',
  danger: '#b42318',
  notice: '#fdecea',
}
const dark: typeof light = {
  background: '#0f1115',
  field: '#1c2028',
  border: '#8b93a1',
  text: '#f3f4f6',
  quiet: '#b3bac5',
  accent: '#8fb0ff',
  onAccent: '#0f1115',
  danger: '#ff9a8f',
  notice: '#3a1d1a',
}

export type Theme = typeof light

/** Follows the setting of the phone, also while the app runs. */
export const useTheme = (): Theme => (useColorScheme() === 'dark' ? dark : light)
