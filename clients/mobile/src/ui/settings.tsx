import { useState } from 'react';
import { View } from 'react-native';
import { dateTime, seconds } from '../../../core/src/screen/index.ts';
import { THEMES } from '../preferences.ts';
import { useValue } from '../signals.ts';
import { CATALOGUES, type Language } from '../words/catalogues.ts';
import { Traffic } from './banners.tsx';
import { useLook } from './look.tsx';
import { Button, Choice, SwitchRow, Words } from './parts.tsx';
import { Sheet } from './sheet.tsx';

const LANGUAGES = Object.entries(CATALOGUES).map(([tag, { name }]) => [tag as Language, name] as const);

export function SettingsSheet() {
  const { model, words, language, still } = useLook();
  const { captions, holdToTalk, voice, saveData, theme } = useValue(model.preferences);
  const conversation = useValue(model.conversation);
  const { settings, app } = words;
  const close = model.closeSettings;
  return (
    <Sheet title={settings.title} onCancel={close}>
      <Choice
        label={settings.language}
        value={language}
        options={LANGUAGES}
        onChoose={(chosen) => model.choose({ language: chosen })}
      />
      <Choice
        label={settings.theme}
        value={theme}
        options={THEMES.map((each) => [each, settings.themes[each]] as const)}
        onChoose={(chosen) => model.choose({ theme: chosen })}
      />
      <SwitchRow label={settings.captions} on={captions} onChange={(on) => model.choose({ captions: on })} />
      <SwitchRow
        label={settings.holdToTalk}
        on={holdToTalk}
        onChange={(on) => {
          model.choose({ holdToTalk: on });
          conversation?.mute(on);
        }}
      />
      <SwitchRow
        label={app.settings.voice}
        hint={app.settings.voiceHint}
        on={voice}
        onChange={(on) => model.choose({ voice: on })}
      />
      <SwitchRow
        label={app.settings.saveData}
        hint={app.settings.saveDataHint}
        on={saveData}
        onChange={(on) => model.choose({ saveData: on })}
      />
      {conversation && (
        <View>
          <Words size={14} tone="soft">
            {app.settings.nextSession}
          </Words>
          <Traffic total />
          <Latency />
        </View>
      )}
      {still && (
        <Words size={14} tone="soft">
          {app.settings.lowPower}
        </Words>
      )}
      <WhatIsKept />
      <Who />
      <Button label={words.close} onPress={close} />
    </Sheet>
  );
}

function Latency() {
  const { model, words } = useLook();
  const total = model.conversation.value?.latency.value?.total;
  if (total === undefined) return null;
  return (
    <Words size={14} tone="soft">
      {words.settings.latency} {seconds(total)}.
    </Words>
  );
}

/** The text that was agreed to, to be read again. */
function WhatIsKept() {
  const { model, words, language } = useLook();
  const shown = useValue(model.gate.text);
  const [isOpen, setOpen] = useState(false);
  if (!shown) return null;
  const { privacy } = words;
  return (
    <View>
      <Button kind="quiet" label={privacy.consentRead} expanded={isOpen} onPress={() => setOpen(!isOpen)} />
      {isOpen && (
        <Words size={14} tone="soft">
          {shown.text}
          {shown.givenAt !== null && `\n\n${privacy.consentGiven(dateTime(shown.givenAt, language))}`}
        </Words>
      )}
    </View>
  );
}

/** The server, and who one is to it. In the middle of a conversation there is no changing either. */
function Who() {
  const { model, words } = useLook();
  const { sign, settings } = words.app;
  const server = useValue(model.server);
  const me = useValue(model.account.me);
  const conversation = useValue(model.conversation);
  const change = model.welcome;
  const email = me?.user?.email;
  return (
    <View>
      <Words>
        {settings.server}: {server}
      </Words>
      <Words size={14} tone="soft">
        {me?.user ? sign.as(email ?? me.user.id) : sign.asGuest}
      </Words>
      {!conversation && <Button kind="quiet" label={settings.change} onPress={change} />}
      {!conversation && me?.user && (
        <Button kind="quiet" label={sign.out} onPress={() => void model.account.leave(server).then(change)} />
      )}
    </View>
  );
}
