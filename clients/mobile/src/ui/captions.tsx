/** What both say. Only what is final is read out; what still grows is grey. */
import { useRef } from 'react';
import { ScrollView, StyleSheet, Text, View, type ScrollViewInstance } from 'react-native';
import type { Conversation, Line } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Words } from './parts.tsx';
import { FONTS } from './theme.ts';

/** This close to the end counts as reading along. */
const FOLLOW_PX = 120;

export function Captions({ conversation }: { conversation: Conversation }) {
  const { words } = useLook();
  const lines = useValue(conversation.lines);
  const scroller = useRef<ScrollViewInstance>(null);
  const following = useRef(true);
  return (
    <ScrollView
      ref={scroller}
      style={styles.captions}
      contentContainerStyle={styles.lines}
      scrollEventThrottle={100}
      onScroll={({ nativeEvent: { contentOffset, contentSize, layoutMeasurement } }) => {
        following.current = contentSize.height - contentOffset.y - layoutMeasurement.height < FOLLOW_PX;
      }}
      onContentSizeChange={() => {
        if (following.current) scroller.current?.scrollToEnd({ animated: false });
      }}
    >
      {lines.length === 0 && <Words tone="soft">{words.talk.empty}</Words>}
      <View role="log" aria-label={words.talk.log} accessibilityLiveRegion="polite" style={styles.log}>
        {lines
          .filter(({ final }) => final)
          .map((line) => (
            <CaptionLine key={line.id} line={line} />
          ))}
      </View>
      <View aria-hidden style={styles.log}>
        {lines
          .filter(({ final }) => !final)
          .map((line) => (
            <CaptionLine key={line.id} line={line} />
          ))}
      </View>
    </ScrollView>
  );
}

export function CaptionLine({ line }: { line: Omit<Line, 'id'> }) {
  const { words, colors } = useLook();
  const { sender, final, cut, refused } = line;
  if (line.gap) return <Words tone="soft">{words.talk.gap}</Words>;
  const text = cut ? `${line.text} —` : line.text;
  const isCoach = sender === 'ai';
  const who = isCoach ? words.coach : words.you;
  const color = final ? colors.ink : colors.soft;
  return (
    <View style={styles.line} testID={`${isCoach ? 'coach' : 'you'}-${final ? 'final' : 'partial'}`}>
      <Words size={13} tone="soft" medium>
        {line.offRecord ? `${who} · ${words.talk.gap}` : who}
      </Words>
      {isCoach ? (
        <Text style={[styles.coach, { color }]}>{text}</Text>
      ) : (
        <View
          style={[
            styles.you,
            final ? { backgroundColor: colors.wash, borderColor: colors.wash } : { borderColor: colors.line },
          ]}
        >
          <Text style={[styles.said, { color }]}>{text}</Text>
        </View>
      )}
      {refused && (
        <Words size={14} tone="danger">
          {words.talk.notSent}
        </Words>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  captions: { flex: 1 },
  lines: { gap: 18, paddingHorizontal: 22, paddingTop: 8, paddingBottom: 20 },
  log: { gap: 18 },
  line: { gap: 2 },
  coach: { fontFamily: FONTS.serif, fontSize: 21, lineHeight: 30 },
  you: {
    alignSelf: 'flex-start',
    maxWidth: '100%',
    paddingHorizontal: 15,
    paddingVertical: 9,
    borderWidth: 1.5,
    borderRadius: 20,
    borderTopLeftRadius: 6,
  },
  said: { fontFamily: FONTS.sans, fontSize: 16, lineHeight: 24 },
});
