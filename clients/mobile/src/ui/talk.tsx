/** The screen while a conversation goes on. */
import { useState } from 'react';
import { Platform, Pressable, StyleSheet, TextInput, useWindowDimensions, View } from 'react-native';
import { moodOf, type Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { Banners } from './banners.tsx';
import { Captions } from './captions.tsx';
import { CareCard } from './care.tsx';
import { Controls } from './controls.tsx';
import { useLook } from './look.tsx';
import { Orb } from './orb.tsx';
import { Icon, Title } from './parts.tsx';
import { FONTS } from './theme.ts';
import { WrapUpSheet } from './wrap-up-sheet.tsx';

/** Of the screen's height, what help lines may take beside what is said. */
const CARE_PART = 0.45;

export function TalkScreen({ conversation }: { conversation: Conversation }) {
  const { model, colors } = useLook();
  const { captions } = useValue(model.preferences);
  const asking = useValue(conversation.wrapUp.asking);
  const { height } = useWindowDimensions();
  return (
    <View style={styles.talk}>
      <Presence conversation={conversation} alone={!captions} />
      {captions && <Captions conversation={conversation} />}
      <View style={[styles.dock, { borderColor: colors.line, backgroundColor: colors.raised }]}>
        <CareCard conversation={conversation} maxHeight={height * CARE_PART} />
        <Banners conversation={conversation} />
        <Controls conversation={conversation} />
        <SayForm conversation={conversation} />
      </View>
      {asking && <WrapUpSheet conversation={conversation} asking={asking} />}
    </View>
  );
}

/** Without captions, the orb has the room; help lines come before it. */
function Presence({ conversation, alone }: { conversation: Conversation; alone: boolean }) {
  const { words } = useLook();
  // Each of these changes what there is to say.
  useValue(conversation.state);
  useValue(conversation.speaking);
  useValue(conversation.waiting);
  useValue(conversation.muted);
  useValue(conversation.held);
  useValue(conversation.session);
  const inCare = useValue(conversation.view)?.care === true;
  const { mood, status } = moodOf(conversation);
  const asksForMic = status === 'requestingMic';
  const asksPhone = asksForMic && Platform.OS !== 'web';
  const said = status && (asksPhone ? words.app.mic.asking : words.status[status]);
  return (
    <View style={alone ? styles.alone : styles.presence}>
      <Orb
        mood={mood}
        size={inCare ? 56 : alone ? 280 : 108}
        you={() => conversation.level.rms}
        coach={() => conversation.audio.loudness()}
      />
      <View
        role="status"
        accessibilityLiveRegion="polite"
        style={alone ? undefined : styles.status}
        testID={`mood-${mood}`}
      >
        <Title size={alone ? 24 : 20}>{said ?? ''}</Title>
      </View>
    </View>
  );
}

function SayForm({ conversation }: { conversation: Conversation }) {
  const { words, colors } = useLook();
  const [typed, setTyped] = useState('');
  const [focused, setFocused] = useState(false);
  const send = () => {
    if (conversation.say(typed)) setTyped('');
  };
  return (
    <View style={[styles.say, { borderColor: focused ? colors.accent : colors.line, backgroundColor: colors.paper }]}>
      <TextInput
        accessibilityLabel={words.talk.input}
        placeholder={words.talk.placeholder}
        placeholderTextColor={colors.soft}
        value={typed}
        onChangeText={setTyped}
        onSubmitEditing={send}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        submitBehavior="submit"
        enterKeyHint="send"
        maxLength={4000}
        autoFocus={!conversation.microphone}
        style={[styles.input, { color: colors.ink }]}
      />
      <Pressable
        accessibilityRole="button"
        accessibilityLabel={words.talk.send}
        onPress={send}
        style={[styles.send, { backgroundColor: colors.accent }]}
      >
        <Icon name="send" color={colors.onAccent} />
      </Pressable>
    </View>
  );
}

const styles = StyleSheet.create({
  talk: { flex: 1 },
  presence: { flexDirection: 'row', alignItems: 'center', paddingHorizontal: 8 },
  alone: { flex: 1, alignItems: 'center', justifyContent: 'center', gap: 12 },
  status: { flex: 1 },
  dock: { gap: 10, paddingHorizontal: 16, paddingTop: 10, paddingBottom: 12, borderTopWidth: 1 },
  say: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: 6,
    padding: 4,
    paddingLeft: 18,
    borderWidth: 1.5,
    borderRadius: 26,
  },
  input: {
    flex: 1,
    minWidth: 0,
    outlineStyle: 'solid',
    outlineWidth: 0,
    minHeight: 44,
    fontFamily: FONTS.sans,
    fontSize: 16,
  },
  send: { width: 44, height: 44, borderRadius: 22, alignItems: 'center', justifyContent: 'center' },
});
