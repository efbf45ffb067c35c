/** One screen at a time, and a sheet above it. */
import { StatusBar } from 'expo-status-bar';
import { KeyboardAvoidingView, Platform, StyleSheet } from 'react-native';
import { SafeAreaView } from 'react-native-safe-area-context';
import type { Conversation } from '../../../core/src/screen/index.ts';
import type { Model } from '../model.ts';
import { useValue } from '../signals.ts';
import { ConsentSheet } from './consent.tsx';
import { EndedScreen } from './ended.tsx';
import { Head } from './head.tsx';
import { HistoryScreen } from './history.tsx';
import { HomeScreen } from './home.tsx';
import { useLook } from './look.tsx';
import { SettingsSheet } from './settings.tsx';
import { TalkScreen } from './talk.tsx';
import { WelcomeScreen } from './welcome.tsx';

export function Shell({ model }: { model: Model }) {
  const { colors, dark } = useLook();
  const dialog = useValue(model.dialog);
  return (
    <SafeAreaView style={[styles.app, { backgroundColor: colors.paper }]}>
      <StatusBar style={dark ? 'light' : 'dark'} />
      <KeyboardAvoidingView behavior={Platform.OS === 'ios' ? 'padding' : undefined} style={styles.app}>
        <Screen model={model} />
      </KeyboardAvoidingView>
      <ConsentSheet />
      {dialog === 'settings' && <SettingsSheet />}
    </SafeAreaView>
  );
}

function Screen({ model }: { model: Model }) {
  const screen = useValue(model.screen);
  const conversation = useValue(model.conversation);
  if (screen === 'welcome') return <WelcomeScreen />;
  if (screen === 'history') return <HistoryScreen />;
  if (screen === 'talk' && conversation) return <Talking key={keyOf(conversation)} conversation={conversation} />;
  return (
    <>
      <Head />
      <HomeScreen />
    </>
  );
}

function Talking({ conversation }: { conversation: Conversation }) {
  const { name } = useValue(conversation.state);
  const over = name === 'ended' || name === 'failed';
  return (
    <>
      <Head conversation={over ? undefined : conversation} />
      {over ? <EndedScreen conversation={conversation} /> : <TalkScreen conversation={conversation} />}
    </>
  );
}

/** A session that is gone on with has a screen of its own: nothing of the one before is left in it. */
const keys = new WeakMap<Conversation, number>();
let count = 0;
function keyOf(conversation: Conversation): number {
  const known = keys.get(conversation) ?? ++count;
  keys.set(conversation, known);
  return known;
}

const styles = StyleSheet.create({ app: { flex: 1 } });
