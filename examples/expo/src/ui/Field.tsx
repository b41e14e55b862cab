import { StyleSheet, Text, TextInput, View, type TextInputProps } from 'react-native'
import { useTheme } from './theme'

interface FieldProps extends TextInputProps {
  label: string
}

/** A text field with a label that stays visible, and that a screen reader reads. */
export function Field({ label, ...input }: FieldProps) {
  const theme = useTheme()
  return (
    <View style={styles.group}>
      <Text style={[styles.label, { color: theme.text }]}>{label}</Text>
      <TextInput
        accessibilityLabel={label}
        placeholderTextColor={theme.quiet}
        selectionColor={theme.accent}
        {...input}
        style={[
          styles.input,
          { color: theme.text, backgroundColor: theme.field, borderColor: theme.border },
          input.style,
        ]}
      />
    </View>
  )
}

/**
 * The field for the six digits. `one-time-code` makes iOS offer the code of an SMS, and from iOS 17 that of a mail in
 * Mail. React Native turns it into `sms-otp` on Android, where the keyboard or the autofill service may offer the code
 * of an SMS.
 */
export function CodeField(props: Omit<TextInputProps, 'style'>) {
  return (
    <Field
      label="Six-digit code"
      autoComplete="one-time-code"
      textContentType="oneTimeCode"
      inputMode="numeric"
      // A pasted code may have a space in the middle. The client takes the digits.
      maxLength={8}
      autoCorrect={false}
      {...props}
      style={styles.code}
    />
  )
}

const styles = StyleSheet.create({
  group: { gap: 6 },
  label: { fontSize: 15, fontWeight: '600' },
  input: { minHeight: 48, fontSize: 17, padding: 12, borderWidth: 1, borderRadius: 10 },
  code: { fontSize: 24, letterSpacing: 6, fontVariant: ['tabular-nums'] },
})
