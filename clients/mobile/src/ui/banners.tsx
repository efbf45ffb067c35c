/** What a person should know now: the line, the microphone, notices, what it costs. */
import { useEffect, useState } from 'react';
import { Linking, Platform, StyleSheet, View } from 'react-native';
import { noticeText, type Conversation } from '../../../core/src/screen/index.ts';
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Button, Icon, Words } from './parts.tsx';

export function Banners({ conversation }: { conversation: Conversation }) {
  const { model, words, colors } = useLook();
  const notice = useValue(conversation.notice);
  const { online, cellular } = useValue(model.network);
  return (
    <>
      <Secrecy conversation={conversation} />
      <LineBanner conversation={conversation} online={online} />
      <MicProblem conversation={conversation} />
      {notice && (
        <Words role="status" accessibilityLiveRegion="polite" size={15} medium style={{ color: colors.warm }}>
          {noticeText(notice, words)}
        </Words>
      )}
      {cellular && <Traffic />}
    </>
  );
}

/** The sign that what is said is not kept. */
function Secrecy({ conversation }: { conversation: Conversation }) {
  const { words, colors } = useLook();
  const view = useValue(conversation.view);
  const sign = view?.ephemeral ? words.start.private : view?.offRecord && words.talk.notKept;
  return (
    <View role="status" accessibilityLiveRegion="polite">
      {sign && (
        <View style={styles.sign}>
          <Icon name="lock" size={18} color={colors.warm} />
          <Words size={14} tone="warm" style={styles.shrink}>
            {sign}
          </Words>
        </View>
      )}
    </View>
  );
}

function LineBanner({ conversation, online }: { conversation: Conversation; online: boolean }) {
  const { words, colors } = useLook();
  const state = useValue(conversation.state);
  const { banner } = words;
  if (state.name !== 'reconnecting' && online) return null;
  const attempt = state.name === 'reconnecting' ? state.attempt + 1 : 1;
  const lost = attempt > 1 ? banner.attempt(attempt) : banner.lost;
  return (
    <View role="status" testID="line-banner" style={[styles.banner, { backgroundColor: colors.wash }]}>
      <Words size={15} style={styles.grow}>
        {online ? lost : banner.offline}
      </Words>
      {online && <Button kind="quiet" label={banner.now} onPress={conversation.probe} />}
    </View>
  );
}

/** The microphone was refused, or is missing: what to do about it, and that typing works. */
function MicProblem({ conversation }: { conversation: Conversation }) {
  const { model, words, colors } = useLook();
  const problem = useValue(conversation.micProblem);
  const { mic, app } = words;
  if (!problem) return null;
  const isPhone = Platform.OS !== 'web';
  const help = problem === 'refused' ? ` ${isPhone ? app.mic.refusedHelp : mic.refusedHelp}` : '';
  const again = () => {
    const { sessionId, wishes } = conversation;
    model.start({ microphone: true, sessionId: sessionId.value, wishes });
  };
  return (
    <View role="alert" style={[styles.banner, { backgroundColor: colors.warmWash }]}>
      <Words size={15} style={styles.grow}>
        {mic[problem]}
        {help} {mic.still}
      </Words>
      {problem === 'refused' && isPhone && (
        <Button kind="quiet" label={app.mic.openSettings} onPress={() => void Linking.openSettings()} />
      )}
      {problem !== 'insecure' && <Button kind="quiet" label={mic.retry} onPress={again} />}
    </View>
  );
}

/** What the conversation sends and fetches. */
export function Traffic({ total = false }: { total?: boolean }) {
  const { model, words } = useLook();
  const [traffic, setTraffic] = useState(() => model.meter.read());
  useEffect(() => {
    const timer = setInterval(() => setTraffic(model.meter.read()), 2000);
    return () => clearInterval(timer);
  }, [model]);
  const { upKbps, downKbps, totalBytes } = traffic;
  const { settings, network } = words.app;
  const parts = [
    total ? settings.total((totalBytes / 1e6).toFixed(1)) : network.cellular,
    settings.traffic(upKbps, downKbps),
  ];
  return (
    <Words size={13} tone="soft" testID="traffic">
      {parts.join(' · ')}
    </Words>
  );
}

const styles = StyleSheet.create({
  banner: {
    flexDirection: 'row',
    flexWrap: 'wrap',
    gap: 8,
    alignItems: 'center',
    paddingHorizontal: 16,
    paddingVertical: 10,
    borderRadius: 20,
  },
  sign: { flexDirection: 'row', gap: 8, alignItems: 'center', justifyContent: 'center' },
  shrink: { flexShrink: 1 },
  grow: { flexGrow: 1, flexShrink: 1, flexBasis: 190 },
});
