import type { ReactNode } from 'react'
import { KeyboardAvoidingView, Platform, ScrollView, StyleSheet } from 'react-native'
import { SafeAreaView } from 'react-native-safe-area-context'
import { LinkNotice } from './LinkNotice'
import { useTheme } from './theme'

/** A page that scrolls, so that all of it can be reached with large text and an open keyboard. */
export function Screen({ children }: { children: ReactNode }) {
  const { background } = useTheme()
  return (
    <SafeAreaView style={[styles.fill, { backgroundColor: background }]}>
      <KeyboardAvoidingView
        style={styles.fill}
        behavior={Platform.OS === 'ios' ? 'padding' : undefined}
      >
        <ScrollView contentContainerStyle={styles.content} keyboardShouldPersistTaps="handled">
          <LinkNotice />
          {children}
        </ScrollView>
      </KeyboardAvoidingView>
    </SafeAreaView>
  )
}

const styles = StyleSheet.create({
  fill: { flex: 1 },
  content: { flexGrow: 1, gap: 16, padding: 24, maxWidth: 560, width: '100%', alignSelf: 'center' },
})
