/** What came of a session: in short, and what the person wants to do, with reminders. */
import { useState } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import type { Commitment as CommitmentOf, Recap } from '../../../../protocol/messages.ts';
import { dateTime, recapMarkdown } from '../../../core/src/screen/index.ts';
import { shareText } from '../device/share';
import { reminderAt, reminderKey } from '../reminders.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Button, Card, SwitchRow, Title, Words } from './parts.tsx';
import { FONTS } from './theme.ts';

export interface RecapCardProps {
  recap: Recap;
  /** Without it nothing is to be kept of the session, and there are no reminders. */
  sessionId: string | undefined;
  /** When the session was. */
  iso: string;
}

export function RecapCard({ recap, sessionId, iso }: RecapCardProps) {
  const { words, language, colors } = useLook();
  const { recap: names } = words;
  const date = dateTime(iso, language);
  const facts: [string, readonly string[]][] = [
    [names.topic, [recap.topic]],
    [names.goal, [recap.goal]],
    [names.insights, recap.insights],
  ];
  return (
    <Card>
      <Words size={14} tone="soft">
        {date}
      </Words>
      <Text testID="recap-summary" style={[styles.summary, { color: colors.ink }]}>
        {recap.summary}
      </Text>
      {facts.map(([name, values]) => (
        <Fact key={name} name={name} values={values.filter(Boolean)} />
      ))}
      {recap.commitments.length > 0 && <Title size={22}>{names.commitments}</Title>}
      {recap.commitments.map((commitment, index) => (
        <Commitment key={index} {...{ commitment, index, sessionId }} said={new Date(iso)} />
      ))}
      <Button
        kind="quiet"
        icon="copy"
        label={words.app.recap.share}
        onPress={() => void shareText(recapMarkdown(recap, words, date)).catch(() => {})}
      />
    </Card>
  );
}

function Fact({ name, values }: { name: string; values: readonly string[] }) {
  if (values.length === 0) return null;
  return (
    <View>
      <Words size={13} tone="soft" medium>
        {name}
      </Words>
      {values.map((value) => (
        <Words key={value}>{value}</Words>
      ))}
    </View>
  );
}

interface CommitmentProps extends Pick<RecapCardProps, 'sessionId'> {
  commitment: CommitmentOf;
  index: number;
  said: Date;
}

function Commitment({ commitment, index, sessionId, said }: CommitmentProps) {
  const { words, colors } = useLook();
  const { what, by, confidence } = commitment;
  const details = [by && words.recap.by(by), confidence && words.recap.confidence(confidence)].filter(Boolean);
  return (
    <View style={[styles.commitment, { backgroundColor: colors.wash }]}>
      <Words medium>{what}</Words>
      {details.length > 0 && (
        <Words size={15} tone="soft">
          {details.join(' · ')}
        </Words>
      )}
      {sessionId !== undefined && <Reminder {...{ commitment, index, sessionId, said }} />}
    </View>
  );
}

/** Only for a day that is still to come, and where there are notifications. */
function Reminder({ commitment, index, sessionId, said }: CommitmentProps & { sessionId: string }) {
  const { model, words, language } = useLook();
  const all = useValue(model.reminders.all);
  const refused = useValue(model.reminders.refused);
  const [now] = useState(() => new Date());
  const at = reminderAt(commitment.by, { said, now });
  if (!at || !model.reminders.notifier().isAvailable) return null;
  const on = reminderKey(sessionId, index) in all;
  const { recap } = words.app;
  return (
    <>
      <SwitchRow
        label={recap.remind}
        hint={on ? recap.reminded(dateTime(at.toISOString(), language)) : dateTime(at.toISOString(), language)}
        on={on}
        onChange={() => void model.reminders.toggle({ sessionId, index, commitment, at }).catch(() => {})}
      />
      {refused && (
        <Words size={14} tone="warm" role="alert">
          {recap.notAllowed}
        </Words>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  summary: { fontFamily: FONTS.serif, fontSize: 20, lineHeight: 28 },
  commitment: { gap: 4, paddingHorizontal: 17, paddingVertical: 14, borderRadius: 20 },
});
