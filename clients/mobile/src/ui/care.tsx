/** Whom the person can call: shown while the session is in care, to be had again from then on, and when it is over. */
import { useEffect, useState } from 'react';
import { AccessibilityInfo, Linking, Platform, Pressable, ScrollView, StyleSheet, Text, View } from 'react-native';
import type { ServerMessageOf } from '../../../../protocol/messages.ts';
import { callsOf, type Call, type Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Button, Card, Title, Words } from './parts.tsx';
import { FONTS } from './theme.ts';

interface CareProps {
  conversation: Conversation;
  /** Where it stands beside a talk: of what is higher, the rest is scrolled to. */
  maxHeight?: number;
}

export function CareCard({ conversation, maxHeight }: CareProps) {
  const { words } = useLook();
  const help = useValue(conversation.help);
  const inCare = useValue(conversation.view)?.care === true;
  const isOver = ['ended', 'failed'].includes(useValue(conversation.state).name);
  /** While the talk is about it. */
  const needed = inCare && !isOver ? help : undefined;
  const isOn = needed !== undefined;
  const [chosen, setChosen] = useState({ inCare, help, isOpen: inCare });
  // Each time harm is spoken of it is shown again; once the talk goes on it makes room.
  const isOpen = chosen.inCare === inCare && chosen.help === help ? chosen.isOpen : inCare;
  const open = (wanted: boolean) => setChosen({ inCare, help, isOpen: wanted });
  const { title, show } = words.care;
  // Said once, after what the coach says; the numbers are read by who goes there. Browsers are told by the status.
  useEffect(() => {
    if (needed) AccessibilityInfo.announceForAccessibility(`${title}: ${show}.`);
  }, [needed, title, show]);
  const card = help && isOpen && <HelpCard {...{ conversation, help, isOn }} onHide={() => open(false)} />;
  return (
    <>
      {Platform.OS === 'web' && (
        <Text role="status" style={styles.unseen}>
          {isOn ? `${title}: ${show}.` : ''}
        </Text>
      )}
      {card &&
        (maxHeight === undefined ? card : <ScrollView style={[styles.scroll, { maxHeight }]}>{card}</ScrollView>)}
      {help && !isOpen && (
        <Button kind="secondary" label={show} expanded={false} style={styles.again} onPress={() => open(true)} />
      )}
    </>
  );
}

interface HelpCardProps {
  conversation: Conversation;
  help: ServerMessageOf<'care'>;
  /** The talk goes on, and is about this. */
  isOn: boolean;
  onHide: () => void;
}

function HelpCard({ conversation, help, isOn, onHide }: HelpCardProps) {
  const { words } = useLook();
  const { care } = words;
  return (
    <Card style={styles.card}>
      <Title size={22}>{care.title}</Title>
      <Words>{help.lines.length > 0 ? care.lead : care.noLine}</Words>
      {callsOf(help, care).map((call) => (
        <CallLine key={call.number} call={call} />
      ))}
      {help.emergency === undefined && <Words>{care.noEmergency}</Words>}
      {isOn && (
        <Words size={14} tone="soft">
          {care.stands}
        </Words>
      )}
      <View style={styles.choices}>
        <Button kind="quiet" label={care.hide} onPress={onHide} />
        {isOn && <Button kind="quiet" label={care.leave} onPress={() => void conversation.leave()} />}
      </View>
    </Card>
  );
}

function CallLine({ call: { name, number, link, note } }: { call: Call }) {
  const { colors } = useLook();
  // In a browser it is a link like any other. A device that can't dial still shows the number.
  const leads =
    Platform.OS === 'web' ? { href: link } : { onPress: () => void Linking.openURL(link).catch(() => undefined) };
  return (
    <View style={styles.call}>
      <Pressable accessibilityRole="link" {...leads} style={[styles.number, { backgroundColor: colors.wash }]}>
        <Words style={{ color: colors.accent }}>
          {/* In one line, so that it is read as one number. */}
          {name}: <Text style={{ fontFamily: FONTS.bold }}>{number.replaceAll(' ', '\u00a0')}</Text>
        </Words>
      </Pressable>
      <Words size={14} tone="soft" style={styles.note}>
        {note}
      </Words>
    </View>
  );
}

const styles = StyleSheet.create({
  unseen: { position: 'absolute', width: 1, height: 1, overflow: 'hidden' },
  scroll: { flexGrow: 0 },
  card: { gap: 10, paddingBottom: 8 },
  call: { gap: 2 },
  number: { minHeight: 48, paddingHorizontal: 16, paddingVertical: 10, borderRadius: 14, justifyContent: 'center' },
  note: { paddingHorizontal: 16 },
  choices: { flexDirection: 'row', flexWrap: 'wrap', marginLeft: -19 },
  again: { alignSelf: 'flex-start' },
});
