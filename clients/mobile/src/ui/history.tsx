/** The person's sessions: a list with a search, and one of them at a time. */
import { useRef, useState } from 'react';
import { Pressable, ScrollView, StyleSheet, Text, TextInput, View } from 'react-native';
import type { ListedSessionBody } from '../../../../protocol/rest.ts';
import { dateTime, type LookedAt } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import type { Words as AllWords } from '../words/catalogues.ts';
import { CaptionLine } from './captions.tsx';
import { useLook } from './look.tsx';
import { Button, Icon, Title, Tool, Words } from './parts.tsx';
import { RecapCard } from './recap.tsx';
import { Sheet } from './sheet.tsx';
import { FONTS } from './theme.ts';

/** After the last key, so that a word is one question. */
const SEARCH_MS = 250;

export function HistoryScreen() {
  const { model, words } = useLook();
  const looked = useValue(model.history.lookedAt);
  const failed = useValue(model.history.failed);
  return (
    <>
      <View style={styles.head}>
        <Tool icon="back" label={words.back} onPress={() => void model.back()} />
        <View style={styles.grow}>
          <Title size={24}>{looked ? titleOf(looked.session, words) : words.history.title}</Title>
        </View>
      </View>
      {failed && (
        <Words tone="warm" role="alert" style={styles.failed}>
          {words.history.failed}
        </Words>
      )}
      {looked ? <OneSession looked={looked} /> : <SessionList />}
    </>
  );
}

function SessionList() {
  const { model, words, colors } = useLook();
  const { history } = model;
  const sessions = useValue(history.sessions);
  const nextCursor = useValue(history.nextCursor);
  const [focused, setFocused] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void history.search(text), SEARCH_MS);
  };
  return (
    <ScrollView contentContainerStyle={styles.body} keyboardShouldPersistTaps="handled">
      <View
        style={[styles.search, { borderColor: focused ? colors.accent : colors.line, backgroundColor: colors.raised }]}
      >
        <Icon name="search" color={colors.soft} />
        <TextInput
          accessibilityLabel={words.history.search}
          placeholder={words.history.search}
          placeholderTextColor={colors.soft}
          defaultValue={history.query.peek()}
          onChangeText={search}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          maxLength={200}
          inputMode="search"
          style={[styles.input, { color: colors.ink }]}
        />
      </View>
      {sessions?.length === 0 && (
        <Words tone="soft" role="status">
          {history.query.value ? words.history.noMatch : words.history.none}
        </Words>
      )}
      {sessions?.map((session) => (
        <SessionRow key={session.sessionId} session={session} />
      ))}
      {nextCursor && <Button kind="secondary" label={words.history.more} onPress={() => void history.more()} />}
    </ScrollView>
  );
}

function titleOf({ title, ephemeral }: ListedSessionBody, { history, privacy }: AllWords): string {
  return title ?? (ephemeral ? privacy.privateSession : history.untitled);
}

function SessionRow({ session }: { session: ListedSessionBody }) {
  const { model, words, colors, language } = useLook();
  const { history: names } = words;
  const { createdAt, elapsedMs, messageCount, status, match } = session;
  const minutes = Math.max(1, Math.round(elapsedMs / 60_000));
  const facts = [dateTime(createdAt, language), names.minutes(minutes), names.messages(messageCount)];
  if (status === 'active') facts.push(names.active);
  return (
    <Pressable
      accessibilityRole="button"
      onPress={() => void model.history.look(session)}
      style={({ pressed }) => [
        styles.session,
        { backgroundColor: pressed ? colors.wash : colors.raised, borderColor: colors.line },
      ]}
    >
      <Words medium>{titleOf(session, words)}</Words>
      <Words size={14} tone="soft">
        {facts.join(' · ')}
      </Words>
      {match && <Marked text={match.snippet} words={model.history.query.value} />}
    </Pressable>
  );
}

/** The words that were looked for, marked where they stand. */
function Marked({ text, words }: { text: string; words: string }) {
  const { colors } = useLook();
  const wanted = words
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  const parts = wanted.length > 0 ? text.split(new RegExp(`(${wanted.join('|')})`, 'i')) : [text];
  return (
    <Words size={15}>
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          <Text key={i} testID="mark" style={{ backgroundColor: colors.warmWash, color: colors.warm }}>
            {part}
          </Text>
        ) : (
          part
        ),
      )}
    </Words>
  );
}

function OneSession({ looked }: { looked: LookedAt }) {
  const { model, words } = useLook();
  const { session, messages, recap } = looked;
  const { history: names } = words;
  const { sessionId } = session;
  const [removing, setRemoving] = useState(false);
  return (
    <ScrollView contentContainerStyle={styles.body}>
      {recap && (
        <RecapCard recap={recap} sessionId={session.ephemeral ? undefined : sessionId} iso={session.createdAt} />
      )}
      {session.status === 'active' && (
        <Button label={words.start.go} onPress={() => model.start({ microphone: true, sessionId })} />
      )}
      {/* For a minute after its end the server still has what was said in a private one. */}
      {messages && session.ephemeral && <Words tone="soft">{words.privacy.nothingKept}</Words>}
      {messages && !session.ephemeral && <Title size={22}>{names.transcript}</Title>}
      {(session.ephemeral ? [] : messages)?.map(({ id, sender, text }) => (
        <CaptionLine key={id} line={{ sender, text, final: true, cut: false, refused: false }} />
      ))}
      {messages && <Button kind="quiet" icon="trash" label={names.remove} onPress={() => setRemoving(true)} />}
      {removing && (
        <Sheet title={names.removeTitle} onCancel={() => setRemoving(false)}>
          <Words>{names.removeLead}</Words>
          <Button kind="danger" label={names.remove} onPress={() => void model.history.remove(sessionId)} />
          <Button kind="secondary" label={words.cancel} onPress={() => setRemoving(false)} />
        </Sheet>
      )}
    </ScrollView>
  );
}

const styles = StyleSheet.create({
  head: { flexDirection: 'row', alignItems: 'center', gap: 4, paddingHorizontal: 10, paddingTop: 8 },
  grow: { flex: 1 },
  failed: { paddingHorizontal: 22, paddingTop: 8 },
  body: { gap: 14, padding: 18, paddingBottom: 40, maxWidth: 680, width: '100%', alignSelf: 'center' },
  search: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: 10,
    paddingHorizontal: 14,
    borderWidth: 1.5,
    borderRadius: 24,
  },
  input: { flex: 1, minHeight: 46, outlineStyle: 'solid', outlineWidth: 0, fontFamily: FONTS.sans, fontSize: 16 },
  session: { gap: 3, padding: 16, borderWidth: 1, borderRadius: 18 },
});
