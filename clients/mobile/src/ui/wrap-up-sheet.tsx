/** The question whether to wrap up; saying it answers it, too. */
import { useEffect, useState } from 'react';
import { StyleSheet, View } from 'react-native';
import type { Asking, Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Button, Words } from './parts.tsx';
import { Sheet } from './sheet.tsx';

export function WrapUpSheet({ conversation, asking }: { conversation: Conversation; asking: Asking }) {
  const { words } = useLook();
  const { wrapUp } = words;
  const { answer } = conversation.wrapUp;
  const listens = useValue(conversation.session)?.listens;
  const reasons: Record<string, string> = wrapUp.reasons;
  const why = asking.reason === undefined ? wrapUp.asking : reasons[asking.reason];
  return (
    <Sheet title={wrapUp.title} onCancel={() => answer(false)}>
      {why && <Words>{why}</Words>}
      {listens && <Words tone="soft">{wrapUp.say}</Words>}
      <Button large label={wrapUp.yes} onPress={() => answer(true)} />
      <Button kind="secondary" label={wrapUp.no} onPress={() => answer(false)} />
      <Countdown expiresAtMs={asking.expiresAtMs} />
      <Button kind="quiet" label={wrapUp.leave} onPress={() => void conversation.leave()} />
    </Sheet>
  );
}

/** Its place is there before there is anything to count. */
function Countdown({ expiresAtMs }: { expiresAtMs: number | undefined }) {
  const { words, colors } = useLook();
  const [leftMs, setLeftMs] = useState<number | undefined>(undefined);
  useEffect(() => {
    const look = () => setLeftMs(expiresAtMs === undefined ? undefined : Math.max(0, expiresAtMs - performance.now()));
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [expiresAtMs]);
  const part = Math.min(1, (leftMs ?? 60_000) / 60_000);
  return (
    <View role="timer" style={styles.countdown}>
      <View style={[styles.bar, { backgroundColor: colors.line }]}>
        <View style={{ width: `${part * 100}%`, height: 4, backgroundColor: colors.accent }} />
      </View>
      <Words size={14} tone="soft" centered>
        {leftMs === undefined ? ' ' : words.wrapUp.expires(Math.ceil(leftMs / 1000))}
      </Words>
    </View>
  );
}

const styles = StyleSheet.create({
  countdown: { gap: 6 },
  bar: { height: 4, borderRadius: 4, overflow: 'hidden' },
});
