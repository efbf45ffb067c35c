/** The way in: one tap. In the middle of a session, the way back. */
import { useState } from 'react';
import { Platform, ScrollView, StyleSheet, View } from 'react-native';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Orb } from './orb.tsx';
import { Button, SwitchRow, Title, Words } from './parts.tsx';

export function HomeScreen() {
  const { model, words } = useLook();
  const open = useValue(model.open);
  const waits = useValue(model.gate.wish) !== undefined;
  const declined = useValue(model.gate.declined);
  const { start } = words;
  const [ephemeral, setPrivate] = useState(false);
  const begin = (microphone: boolean) => model.start({ microphone, ...(ephemeral && { wishes: { ephemeral } }) });
  return (
    <ScrollView contentContainerStyle={styles.body}>
      <Orb mood="idle" size={250} />
      <Title centered size={32}>
        {open ? start.openTitle : start.title}
      </Title>
      <Words tone="soft" centered size={17}>
        {open ? start.openLead : start.lead}
      </Words>
      <View style={styles.choices}>
        {open ? (
          <>
            <Button large icon="mic" label={start.go} onPress={() => model.start(open)} />
            <Button kind="quiet" label={start.fresh} onPress={() => void model.forgetOpen()} />
          </>
        ) : (
          <>
            <Button large icon="mic" label={start.talk} onPress={() => begin(true)} />
            <Button kind="quiet" label={start.type} onPress={() => begin(false)} />
          </>
        )}
      </View>
      {!open && (
        <View style={styles.private}>
          <SwitchRow label={start.private} on={ephemeral} onChange={setPrivate} />
        </View>
      )}
      <View role="status" accessibilityLiveRegion="polite">
        {(waits || declined) && (
          <Words tone="warm" centered>
            {waits ? words.status.connecting : words.app.consent.declined}
          </Words>
        )}
      </View>
      {!open && (
        <Words tone="soft" size={14} centered>
          {Platform.OS === 'web' ? start.mic : words.app.mic.ask}
        </Words>
      )}
    </ScrollView>
  );
}

const styles = StyleSheet.create({
  body: { flexGrow: 1, alignItems: 'center', justifyContent: 'center', gap: 16, padding: 24, paddingBottom: 36 },
  private: { width: '100%', maxWidth: 360 },
  choices: { gap: 8, alignItems: 'center', marginTop: 4 },
});
