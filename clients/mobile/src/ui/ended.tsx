/** After a conversation: why it ended, what came of it, how it was. */
import { useState } from 'react';
import { ScrollView, StyleSheet } from 'react-native';
import { failureOf, type Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { CareCard } from './care.tsx';
import { useLook } from './look.tsx';
import { Orb } from './orb.tsx';
import { Button, Title, Words } from './parts.tsx';
import { RatingForm } from './rating.tsx';
import { RecapCard } from './recap.tsx';

export function EndedScreen({ conversation }: { conversation: Conversation }) {
  const state = useValue(conversation.state);
  if (state.name === 'failed') return <Failed conversation={conversation} code={state.code} />;
  return <Over conversation={conversation} reason={state.name === 'ended' ? state.reason : ''} />;
}

function Over({ conversation, reason }: { conversation: Conversation; reason: string }) {
  const { model, words } = useLook();
  const found = useValue(model.recap.recap);
  const finding = useValue(model.recap.finding);
  const sessionId = useValue(model.recap.sessionId);
  const endings: Record<string, string> = words.endings;
  const [iso] = useState(() => new Date().toISOString());
  const left = reason === 'left';
  const isPrivate = useValue(conversation.view)?.ephemeral === true;
  return (
    <ScrollView contentContainerStyle={styles.body}>
      <Title size={32}>{left ? words.start.openTitle : words.recap.title}</Title>
      {endings[reason] && <Words tone="soft">{endings[reason]}</Words>}
      <CareCard conversation={conversation} />
      {isPrivate && !left && <Words tone="soft">{found ? words.app.recap.notKept : words.privacy.nothingKept}</Words>}
      {finding === 'looking' && (
        <Words tone="soft" role="status">
          {words.recap.pending}
        </Words>
      )}
      {finding === 'none' && !left && !isPrivate && <Words tone="soft">{words.recap.none}</Words>}
      {found && <RecapCard recap={found} sessionId={isPrivate ? undefined : sessionId} iso={iso} />}
      {!left && !isPrivate && <RatingForm />}
      {left && <GoOn conversation={conversation} label={words.start.go} />}
      <Button kind={left ? 'quiet' : 'primary'} label={words.recap.again} onPress={() => void model.home()} />
    </ScrollView>
  );
}

function Failed({ conversation, code }: { conversation: Conversation; code: string }) {
  const { model, words } = useLook();
  const { failures } = words;
  const reason = failureOf(code);
  const fresh = async () => {
    await model.forgetOpen();
    await model.home();
  };
  return (
    <ScrollView contentContainerStyle={[styles.body, styles.middle]}>
      <Orb mood="away" size={180} />
      <Title centered>{failures.title}</Title>
      <Words tone="soft" centered>
        {failures[reason]}
      </Words>
      <CareCard conversation={conversation} />
      {reason !== 'no_such_session' && (
        <GoOn conversation={conversation} label={reason === 'replaced' ? failures.here : failures.retry} />
      )}
      <Button kind="quiet" label={words.recap.again} onPress={() => void fresh()} />
    </ScrollView>
  );
}

function GoOn({ conversation, label }: { conversation: Conversation; label: string }) {
  const { model } = useLook();
  const { microphone, wishes } = conversation;
  const sessionId = useValue(conversation.sessionId);
  return <Button label={label} onPress={() => model.start({ microphone, sessionId, wishes })} />;
}

const styles = StyleSheet.create({
  body: { gap: 18, padding: 22, paddingBottom: 40, maxWidth: 680, width: '100%', alignSelf: 'center' },
  middle: { flexGrow: 1, alignItems: 'center', justifyContent: 'center' },
});
