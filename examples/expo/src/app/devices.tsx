import { useEffect, useState } from 'react'
import { StyleSheet, View } from 'react-native'
import { endDevice, listDevices, type Device } from '../account'
import { Button } from '../ui/Button'
import { Screen } from '../ui/Screen'
import { useAction } from '../ui/useAction'
import { useTheme } from '../ui/theme'
import { Paragraph, Problem, Title } from '../ui/Words'

export default function Devices() {
  const [devices, setDevices] = useState<Device[] | null>(null)
  const { busy, problem, run } = useAction()
  const { border } = useTheme()

  const load = () => run(async () => setDevices(await listDevices()))
  // Once, when the screen opens.
  useEffect(load, [])

  const end = (device: Device) =>
    run(async () => {
      await endDevice(device.id)
      // The list is read from an index that may be a moment old, so the device is taken out here.
      setDevices((shown) => shown?.filter(({ id }) => id !== device.id) ?? null)
    })

  return (
    <Screen>
      <Title>Your devices</Title>
      <Problem>{problem}</Problem>
      {devices === null && <Button kind="plain" label="Try again" busy={busy} onPress={load} />}
      {devices?.map((device) => (
        <View key={device.id} style={[styles.device, { borderColor: border }]}>
          <Paragraph>{nameOf(device)}</Paragraph>
          <Paragraph quiet>
            {device.current
              ? 'This device'
              : `Last used on ${new Date(device.lastUsedAt * 1000).toLocaleDateString()}`}
          </Paragraph>
          {!device.current && (
            <Button
              kind="danger"
              label={`Sign out ${nameOf(device)}`}
              busy={busy}
              onPress={() => end(device)}
            />
          )}
        </View>
      ))}
    </Screen>
  )
}

const nameOf = (device: Device): string => device.deviceName ?? 'A device without a name'

const styles = StyleSheet.create({
  device: { gap: 8, padding: 16, borderWidth: 1, borderRadius: 10 },
})
