import { useEffect, useState } from 'preact/hooks';
import { canChooseSpeaker } from '../audio-io.ts';
import { languages } from '../words/catalogues.ts';
import { Dialog } from './dialog.tsx';
import type { VoicesBody } from '../../../../protocol/rest.ts';
import { getVoices } from '../../../core/src/history.ts';
import { seconds } from '../../../core/src/screen/format.ts';
import { HelpItems } from './home.tsx';
import type { Model } from './model.ts';
import { isTheme, THEMES } from './preferences.ts';
import { privacyWords } from '../words/privacy.ts';
import styles from '../styles/settings.css?inline';

export function SettingsDialog({ model }: { model: Model }) {
  model.adopt(styles);
  const { attributes, preferences, words, lang, conversation, dialog } = model;
  const { settings } = words.value;
  const { captions, holdToTalk } = preferences.value;
  const total = conversation.value?.latency.value?.total;
  return (
    <Dialog title={settings.title} class="settings" onCancel={() => (dialog.value = undefined)}>
      {attributes.value.lang === undefined && (
        <Choice
          label={settings.language}
          value={lang.value}
          options={languages().map(({ lang, name }) => [lang, name])}
          onChoose={(value) => model.choose({ lang: value })}
        />
      )}
      {attributes.value.theme === undefined && (
        <Choice
          label={settings.theme}
          value={preferences.value.theme}
          options={THEMES.map((theme) => [theme, settings.themes[theme]])}
          onChoose={(value) => {
            if (isTheme(value)) model.choose({ theme: value });
          }}
        />
      )}
      <CoachVoice model={model} />
      <Devices model={model} />
      <Switch label={settings.captions} on={captions} onChange={(on) => model.choose({ captions: on })} />
      <Switch
        label={settings.holdToTalk}
        hint={settings.holdHint}
        on={holdToTalk}
        onChange={(on) => {
          model.choose({ holdToTalk: on });
          conversation.value?.mute(on);
        }}
      />
      {total !== undefined && (
        <p class="hint">
          {settings.latency} {seconds(total)}.
        </p>
      )}
      <div class="choices">
        <button type="button" class="primary" onClick={() => (dialog.value = undefined)}>
          {words.value.close}
        </button>
        <button type="button" class="quiet" onClick={() => (dialog.value = 'help')}>
          {settings.help}
        </button>
        <button type="button" class="quiet" onClick={() => (dialog.value = 'data')}>
          {privacyWords(lang.value).mine}
        </button>
      </div>
    </Dialog>
  );
}

export function HelpDialog({ model }: { model: Model }) {
  model.adopt(styles);
  const { words, dialog } = model;
  const { help } = words.value;
  const close = () => (dialog.value = undefined);
  return (
    <Dialog title={help.title} class="help" onCancel={close}>
      <HelpItems model={model} />
      <h3>{help.keysTitle}</h3>
      <dl class="keys">
        {help.keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="choices">
        <button type="button" class="primary" onClick={close}>
          {help.gotIt}
        </button>
      </div>
    </Dialog>
  );
}

/** Heard from the coach's next sentence on. */
function CoachVoice({ model }: { model: Model }) {
  const { preferences, words, conversation, server, rest } = model;
  const { settings } = words.value;
  const [voices, setVoices] = useState<VoicesBody['voices']>([]);
  const url = server.value;
  useEffect(
    () =>
      void getVoices(url, rest()).then(
        ({ voices }) => setVoices(voices),
        () => {},
      ),
    [url],
  );
  if (voices.length < 2) return null;
  const accents = new Intl.DisplayNames([model.lang.value], { type: 'language' });
  const options = voices.map(({ id, name, language }): [string, string] => [
    id,
    language === undefined ? name : `${name} · ${accents.of(language) ?? language}`,
  ]);
  const { voice } = preferences.value;
  const known = voices.some(({ id }) => id === voice);
  return (
    <Choice
      label={settings.voice}
      value={known ? voice : (voices[0]?.id ?? '')}
      options={options}
      onChoose={(chosen) => {
        model.choose({ voice: chosen });
        conversation.value?.chooseVoice(chosen);
      }}
    />
  );
}

/** Browsers name devices only after the microphone was allowed; before that there is nothing to choose from. */
function Devices({ model }: { model: Model }) {
  const { preferences, words, conversation } = model;
  const { settings } = words.value;
  const devices = useDevices();
  const optionsOf = (kind: MediaDeviceKind): [string, string][] => [
    ['', settings.systemDevice],
    ...devices
      .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      .map((device, i): [string, string] => [device.deviceId, device.label || settings.unnamed(i + 1)]),
  ];
  const microphones = optionsOf('audioinput');
  const speakers = optionsOf('audiooutput');
  return (
    <>
      {microphones.length > 1 && (
        <Choice
          label={settings.microphone}
          value={preferences.value.microphoneId}
          options={microphones}
          onChoose={(microphoneId) => {
            model.choose({ microphoneId });
            void conversation.value?.audio.chooseMicrophone(microphoneId);
          }}
        />
      )}
      {speakers.length > 1 && canChooseSpeaker() && (
        <Choice
          label={settings.speaker}
          value={preferences.value.speakerId}
          options={speakers}
          onChoose={(speakerId) => {
            model.choose({ speakerId });
            void conversation.value?.audio.chooseSpeaker(speakerId);
          }}
        />
      )}
    </>
  );
}

function useDevices(): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    const media: MediaDevices | undefined = navigator.mediaDevices;
    const look = () => void media?.enumerateDevices().then(setDevices, () => {});
    look();
    media?.addEventListener('devicechange', look);
    return () => media?.removeEventListener('devicechange', look);
  }, []);
  return devices;
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <label class="setting">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

function Switch({ label, hint, on, onChange }: SwitchProps) {
  return (
    <label class="setting">
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
