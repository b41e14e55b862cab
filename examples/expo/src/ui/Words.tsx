import type { ReactNode } from 'react'
import { StyleSheet, Text } from 'react-native'
import { useTheme } from './theme'

/** Texts grow with the text size that is set on the phone, since no size of a box is fixed. */
export function Title({ children }: { children: ReactNode }) {
  const { text } = useTheme()
  return (
    <Text accessibilityRole="header" style={[styles.title, { color: text }]}>
      {children}
    </Text>
  )
}

export function Paragraph({ children, quiet = false }: { children: ReactNode; quiet?: boolean }) {
  const theme = useTheme()
  return (
    <Text style={[styles.paragraph, { color: quiet ? theme.quiet : theme.text }]}>{children}</Text>
  )
}

/** An error, which a screen reader reads out when it appears. */
export function Problem({ children }: { children: string | null }) {
  const { danger, notice } = useTheme()
  if (children === null) return null
  return (
    <Text
      accessibilityRole="alert"
      accessibilityLiveRegion="assertive"
      style={[styles.problem, { color: danger, backgroundColor: notice }]}
    >
      {children}
    </Text>
  )
}

const styles = StyleSheet.create({
  title: { fontSize: 28, fontWeight: '700' },
  paragraph: { fontSize: 17, lineHeight: 25 },
  problem: { fontSize: 16, padding: 12, borderRadius: 8 },
})
