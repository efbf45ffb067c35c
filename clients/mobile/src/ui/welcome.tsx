/** Who is there, and where: the server, then guest or account. */
import { useState } from 'react';
import { ScrollView, StyleSheet, TextInput, View, type TextInputProps } from 'react-native';
import { serverAddress } from '../preferences.ts';
import { useValue } from '../signals.ts';
import { Head } from './head.tsx';
import { useLook } from './look.tsx';
import { Orb } from './orb.tsx';
import { Button, Card, Title, Words } from './parts.tsx';
import { FONTS } from './theme.ts';

export function WelcomeScreen() {
  const { model, words } = useLook();
  const me = useValue(model.account.me);
  const server = useValue(model.server);
  const [signing, setSigning] = useState(false);
  const [moving, setMoving] = useState(false);
  return (
    <>
      <Head />
      <ScrollView contentContainerStyle={styles.body} keyboardShouldPersistTaps="handled">
        <Orb mood="idle" size={190} />
        <Title centered>{words.start.title}</Title>
        <Words tone="soft" centered>
          {words.app.welcome.lead}
        </Words>
        {moving || !me || !server ? (
          <ServerForm onConnected={() => setMoving(false)} />
        ) : signing ? (
          <SignForm onCancel={() => setSigning(false)} />
        ) : (
          <Ways onSign={() => setSigning(true)} onMove={() => setMoving(true)} />
        )}
      </ScrollView>
    </>
  );
}

export function ServerForm({ onConnected }: { onConnected: () => void }) {
  const { model, words } = useLook();
  const [typed, setTyped] = useState(model.server.peek());
  const [state, setState] = useState<'open' | 'asking' | 'failed'>('open');
  const connect = async () => {
    const address = serverAddress(typed);
    if (!address) {
      setState('failed');
      return;
    }
    setState('asking');
    await model.connect(address).then(onConnected, () => setState('failed'));
  };
  return (
    <Card style={styles.card}>
      <Field
        label={words.app.welcome.server}
        placeholder={words.app.welcome.serverHint}
        value={typed}
        onChangeText={setTyped}
        onSubmitEditing={() => void connect()}
        inputMode="url"
      />
      {state === 'failed' && (
        <Words tone="danger" size={14} role="alert">
          {words.app.welcome.unreachable}
        </Words>
      )}
      <Button label={words.app.welcome.connect} disabled={state === 'asking'} onPress={() => void connect()} />
    </Card>
  );
}

function Ways({ onSign, onMove }: { onSign: () => void; onMove: () => void }) {
  const { model, words } = useLook();
  const server = useValue(model.server);
  const me = useValue(model.account.me);
  const { welcome } = words.app;
  return (
    <Card style={styles.card}>
      {me?.guests ? (
        <>
          <Button large label={welcome.guest} onPress={() => void enter(model)} />
          <Words tone="soft" size={14} centered>
            {welcome.guestHint}
          </Words>
        </>
      ) : (
        <Words centered>{welcome.mustSignIn}</Words>
      )}
      {me?.accounts ? (
        <>
          <Button kind={me.guests ? 'secondary' : 'primary'} label={welcome.account} onPress={onSign} />
          <Words tone="soft" size={14} centered>
            {welcome.accountHint}
          </Words>
        </>
      ) : (
        <Words tone="soft" size={14} centered>
          {welcome.noAccounts}
        </Words>
      )}
      <Words tone="soft" size={14} centered>
        {words.app.settings.server}: {server}
      </Words>
      <Button kind="quiet" label={words.app.settings.change} onPress={onMove} />
    </Card>
  );
}

/** Once in, the app remembers the server. */
async function enter(model: ReturnType<typeof useLook>['model']): Promise<void> {
  model.choose({ server: model.server.peek() });
  await model.home();
}

export function SignForm({ onCancel }: { onCancel: () => void }) {
  const { model, words } = useLook();
  const { sign, welcome } = words.app;
  const [isNew, setIsNew] = useState(false);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [state, setState] = useState<'open' | 'asking' | 'refused' | 'failed'>('open');
  const send = async () => {
    setState('asking');
    const refusal = await model.account.enter(model.server.peek(), { email: email.trim(), password }, isNew);
    setState(refusal ?? 'open');
    if (!refusal) await enter(model);
  };
  return (
    <Card style={styles.card}>
      <Field label={sign.email} value={email} onChangeText={setEmail} inputMode="email" autoComplete="email" />
      <Field
        label={sign.password}
        value={password}
        onChangeText={setPassword}
        secureTextEntry
        autoComplete={isNew ? 'new-password' : 'current-password'}
        onSubmitEditing={() => void send()}
      />
      {(state === 'refused' || state === 'failed') && (
        <Words tone="danger" size={14} role="alert">
          {isNew ? sign.failed : sign[state]}
        </Words>
      )}
      <Button
        label={isNew ? sign.up : sign.in}
        disabled={state === 'asking' || !email || !password}
        onPress={() => void send()}
      />
      <Button kind="quiet" label={isNew ? sign.toIn : sign.toUp} onPress={() => setIsNew(!isNew)} />
      <Button kind="quiet" label={words.back} onPress={onCancel} />
      {!model.device.store.isSecure && (
        <Words tone="soft" size={14}>
          {welcome.unsafe}
        </Words>
      )}
    </Card>
  );
}

export function Field({ label, ...input }: TextInputProps & { label: string }) {
  const { colors } = useLook();
  return (
    <View style={styles.field}>
      <Words size={14} tone="soft" medium>
        {label}
      </Words>
      <TextInput
        accessibilityLabel={label}
        autoCapitalize="none"
        autoCorrect={false}
        placeholderTextColor={colors.soft}
        {...input}
        style={[styles.input, { borderColor: colors.line, color: colors.ink }]}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  body: { flexGrow: 1, alignItems: 'center', justifyContent: 'center', gap: 16, padding: 20, paddingBottom: 32 },
  card: { alignSelf: 'stretch', maxWidth: 480, width: '100%', marginHorizontal: 'auto' },
  field: { gap: 5 },
  input: {
    minHeight: 48,
    paddingHorizontal: 14,
    borderWidth: 1.5,
    borderRadius: 14,
    fontFamily: FONTS.sans,
    fontSize: 16,
  },
});
