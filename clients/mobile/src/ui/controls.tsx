/** Mute, hold to talk, stop, wrap up. */
import { Pressable, StyleSheet, View } from 'react-native';
import type { Conversation, IconName } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Icon, Words } from './parts.tsx';

export function Controls({ conversation }: { conversation: Conversation }) {
  const { words } = useLook();
  const { talk } = words;
  const muted = useValue(conversation.muted);
  const { coach } = useValue(conversation.speaking);
  const listens = useValue(conversation.session)?.listens === true;
  const closing = useValue(conversation.state).name === 'closing';
  const inCare = useValue(conversation.view)?.care === true;
  return (
    <>
      {listens && muted && <HoldButton conversation={conversation} />}
      <View style={styles.controls}>
        {listens && (
          <Round
            icon={muted ? 'micOff' : 'mic'}
            label={muted ? talk.unmute : talk.mute}
            lit={muted}
            onPress={() => conversation.mute(!muted)}
          />
        )}
        <Round icon="stop" label={talk.stop} disabled={!coach} onPress={conversation.interrupt} />
        <Round icon="flag" label={talk.end} disabled={closing || inCare} onPress={conversation.end} />
      </View>
    </>
  );
}

interface RoundProps {
  icon: IconName;
  label: string;
  onPress: () => void;
  lit?: boolean;
  disabled?: boolean;
}

function Round({ icon, label, onPress, lit = false, disabled = false }: RoundProps) {
  const { colors } = useLook();
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ selected: lit, disabled }}
      disabled={disabled}
      onPress={onPress}
      style={({ pressed }) => [
        styles.round,
        lit && { backgroundColor: colors.warmWash },
        { opacity: disabled ? 0.4 : pressed ? 0.7 : 1 },
      ]}
    >
      <Icon name={icon} size={26} color={lit ? colors.warm : colors.ink} />
      <Words size={13} tone={lit ? 'warm' : 'ink'}>
        {label}
      </Words>
    </Pressable>
  );
}

function HoldButton({ conversation }: { conversation: Conversation }) {
  const { words, colors } = useLook();
  const held = useValue(conversation.held);
  const front = held ? colors.paper : colors.onAccent;
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ selected: held }}
      onPressIn={() => conversation.hold(true)}
      // A finger that is lifted anywhere, or taken away by the system, lets go.
      onPressOut={() => conversation.hold(false)}
      style={[styles.hold, { backgroundColor: held ? colors.warm : colors.accent }]}
    >
      <Icon name="mic" color={front} />
      <Words medium style={{ color: front }}>
        {words.talk.hold}
      </Words>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  controls: { flexDirection: 'row', justifyContent: 'center', gap: 8 },
  round: {
    minWidth: 78,
    minHeight: 56,
    paddingVertical: 5,
    borderRadius: 16,
    alignItems: 'center',
    justifyContent: 'center',
    gap: 2,
  },
  hold: {
    minHeight: 54,
    borderRadius: 16,
    flexDirection: 'row',
    gap: 8,
    alignItems: 'center',
    justifyContent: 'center',
  },
});
