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
  const { name: state } = useValue(conversation.state);
  const view = useValue(conversation.view);
  const off = view?.offRecord === true;
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
        {!view?.ephemeral && (
          <Round
            icon="lock"
            label={talk.offRecord}
            role="switch"
            lit={off}
            disabled={state !== 'live'}
            onPress={() => conversation.setRecord(off)}
          />
        )}
        <Round
          icon="flag"
          label={talk.end}
          disabled={state === 'closing' || view?.care === true}
          onPress={conversation.end}
        />
      </View>
    </>
  );
}

interface RoundProps {
  icon: IconName;
  label: string;
  onPress: () => void;
  /** A switch says whether it is lit; the label of a button says what a tap does. */
  role?: 'button' | 'switch';
  lit?: boolean;
  disabled?: boolean;
}

function Round({ icon, label, onPress, role = 'button', lit = false, disabled = false }: RoundProps) {
  const { colors } = useLook();
  return (
    <Pressable
      accessibilityRole={role}
      accessibilityState={{ disabled, ...(role === 'button' && { selected: lit }) }}
      {...(role === 'switch' && { 'aria-checked': lit })}
      disabled={disabled}
      onPress={onPress}
      style={({ pressed }) => [
        styles.round,
        lit && { backgroundColor: colors.warmWash },
        { opacity: disabled ? 0.4 : pressed ? 0.7 : 1 },
      ]}
    >
      <Icon name={icon} size={26} color={lit ? colors.warm : colors.ink} />
      <Words centered size={13} tone={lit ? 'warm' : 'ink'}>
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
  controls: { flexDirection: 'row', justifyContent: 'center', gap: 4 },
  round: {
    flexBasis: 82,
    flexShrink: 1,
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
