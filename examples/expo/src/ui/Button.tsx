import { ActivityIndicator, Pressable, StyleSheet, Text } from 'react-native'
import { useTheme } from './theme'

/** At least 48 points high: both platforms ask for 44 or more. */
export function Button({
  label,
  onPress,
  kind = 'main',
  busy = false,
  disabled = false,
  hint,
}: {
  label: string
  onPress: () => void
  kind?: 'main' | 'plain' | 'danger'
  busy?: boolean
  disabled?: boolean
  /** What happens after the press, where the label does not say it. */
  hint?: string
}) {
  const theme = useTheme()
  const main = kind === 'main'
  const color = main ? theme.onAccent : kind === 'danger' ? theme.danger : theme.accent
  const off = busy || disabled
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityLabel={label}
      accessibilityHint={hint}
      accessibilityState={{ busy, disabled: off }}
      disabled={off}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        { borderColor: color, backgroundColor: main ? theme.accent : 'transparent' },
        (pressed || off) && styles.dimmed,
      ]}
    >
      {busy ? (
        <ActivityIndicator color={color} />
      ) : (
        <Text style={[styles.label, { color }]}>{label}</Text>
      )}
    </Pressable>
  )
}

const styles = StyleSheet.create({
  button: {
    minHeight: 48,
    borderRadius: 10,
    borderWidth: 1,
    paddingHorizontal: 16,
    paddingVertical: 12,
    alignItems: 'center',
    justifyContent: 'center',
  },
  dimmed: { opacity: 0.6 },
  label: { fontSize: 17, fontWeight: '600', textAlign: 'center' },
})
