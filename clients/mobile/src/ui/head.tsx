/** The top of every screen: the name, the steps, the time, and the ways to history and settings. */
import { StyleSheet, Text, View } from 'react-native';
import Svg, { Circle, Path } from 'react-native-svg';
import type { SessionTimer } from '../../../core/src/events.ts';
import { clockTime, STAGES, type Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Tool, Words } from './parts.tsx';
import { FONTS, ORB } from './theme.ts';

/** From here on the ring has the colour of a warning. */
const SOON_MS = 5 * 60_000;

export function Head({ conversation }: { conversation?: Conversation | undefined }) {
  const { model, words, colors } = useLook();
  const screen = useValue(model.screen);
  return (
    <View style={styles.head}>
      <View style={styles.bar}>
        <Svg width={30} height={30} viewBox="0 2.5 32 32" aria-hidden>
          <Circle cx="11.5" cy="18" r="8.5" fill={colors.accent} />
          <Path
            d="M22.5 13a8.5 8.5 0 0 1 0 10M26.3 9.5a14 14 0 0 1 0 17"
            fill="none"
            stroke={ORB.warm[1]}
            strokeWidth={2.4}
            strokeLinecap="round"
          />
        </Svg>
        <Text style={{ flex: 1, color: colors.ink, fontFamily: FONTS.serif, fontSize: 19 }}>Kuku Coach</Text>
        {conversation && <Time conversation={conversation} />}
        {screen === 'home' && <Tool icon="history" label={words.history.open} onPress={model.showHistory} />}
        {screen !== 'welcome' && <Tool icon="settings" label={words.settings.title} onPress={model.openSettings} />}
      </View>
      {conversation && <Stages conversation={conversation} />}
    </View>
  );
}

function Stages({ conversation }: { conversation: Conversation }) {
  const { words, colors } = useLook();
  const timer = useValue(conversation.timer);
  if (!timer) return <View style={styles.stages} />;
  const current = STAGES.indexOf(timer.stage);
  return (
    <View style={styles.stages} accessible accessibilityLabel={`${words.stagesLabel}: ${words.stages[timer.stage]}`}>
      {STAGES.map((each, i) => (
        <View key={each} style={styles.stage}>
          <View
            style={[
              styles.dash,
              { backgroundColor: i <= current ? colors.accent : colors.line, opacity: i < current ? 0.6 : 1 },
            ]}
          />
          {i === current && (
            <Words size={13} medium>
              {words.stages[each]}
            </Words>
          )}
        </View>
      ))}
    </View>
  );
}

function Time({ conversation }: { conversation: Conversation }) {
  const timer = useValue(conversation.timer);
  return timer ? <TimeRing timer={timer} /> : null;
}

const RADIUS = 20;

function TimeRing({ timer: { remainingMs, elapsedMs } }: { timer: SessionTimer }) {
  const { words, colors } = useLook();
  const left = clockTime(remainingMs);
  const part = Math.max(0, Math.min(1, remainingMs / Math.max(1, elapsedMs + remainingMs)));
  const around = 2 * Math.PI * RADIUS;
  const ring = { cx: 23, cy: 23, r: RADIUS, fill: 'none', strokeWidth: 2.6 };
  return (
    <View accessible role="timer" accessibilityLabel={words.timeLeft(left)} style={styles.time}>
      <View style={styles.ring}>
        <Svg width={46} height={46} aria-hidden>
          <Circle {...ring} stroke={colors.line} />
          <Circle
            {...ring}
            stroke={remainingMs <= SOON_MS ? colors.warm : colors.accent}
            strokeLinecap="round"
            strokeDasharray={[around, around]}
            strokeDashoffset={around * (1 - part)}
          />
        </Svg>
      </View>
      <Text style={{ color: colors.ink, fontFamily: FONTS.medium, fontSize: 12, fontVariant: ['tabular-nums'] }}>
        {left}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  head: { paddingHorizontal: 16, paddingTop: 8, gap: 6 },
  bar: { flexDirection: 'row', gap: 8, alignItems: 'center', minHeight: 48 },
  stages: { flexDirection: 'row', gap: 6, alignItems: 'center', minHeight: 20 },
  stage: { flexDirection: 'row', gap: 6, alignItems: 'center' },
  dash: { width: 24, height: 3, borderRadius: 3 },
  time: { width: 46, height: 46, alignItems: 'center', justifyContent: 'center' },
  ring: { position: 'absolute', transform: [{ rotate: '-90deg' }] },
});
