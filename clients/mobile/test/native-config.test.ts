/** What the phones are told about this app, as Expo generates it. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

interface Introspected {
  scheme: string;
  _internal: {
    modResults: {
      ios: { infoPlist: Record<string, unknown>; entitlements: Record<string, unknown> };
      android: {
        manifest: {
          manifest: {
            'uses-permission': { $: Record<string, string> }[];
            application: { $: Record<string, string>; activity: { 'intent-filter'?: unknown[] }[] }[];
          };
        };
      };
    };
  };
}

const root = resolve(__dirname, '..');
let config: Introspected;

beforeAll(() => {
  const node = resolve(root, 'node_modules/.bin/node');
  const args = [resolve(root, 'node_modules/.bin/expo'), 'config', '--type', 'introspect', '--json'];
  const env = { ...process.env, EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1' };
  config = JSON.parse(execFileSync(node, args, { cwd: root, env, encoding: 'utf8' }));
}, 120_000);

const permissions = () => {
  const used = config._internal.modResults.android.manifest.manifest['uses-permission'];
  const names = used.filter(({ $ }) => $['tools:node'] !== 'remove').map(({ $ }) => $['android:name'] ?? '');
  return names.map((name) => name.replace('android.permission.', '')).sort();
};

describe('iOS', () => {
  test('says why it wants the microphone, and goes on sounding in the background', () => {
    const { infoPlist } = config._internal.modResults.ios;
    expect(infoPlist['NSMicrophoneUsageDescription']).toMatch(/coach listens/);
    expect(infoPlist['UIBackgroundModes']).toEqual(['audio']);
  });

  test('opens its own links, and asks for no face and for no traffic without TLS', () => {
    const { infoPlist } = config._internal.modResults.ios;
    const types = infoPlist['CFBundleURLTypes'] as { CFBundleURLSchemes: string[] }[];
    expect(types.flatMap(({ CFBundleURLSchemes }) => CFBundleURLSchemes)).toContain('kukucoach');
    expect(infoPlist).not.toHaveProperty('NSFaceIDUsageDescription');
    expect(infoPlist['NSAppTransportSecurity']).toMatchObject({ NSAllowsArbitraryLoads: false });
  });
});

describe('Android', () => {
  test('wants microphone, audio routes, Bluetooth headsets and notifications, and nothing of the person’s files', () => {
    for (const wanted of [
      'RECORD_AUDIO',
      'MODIFY_AUDIO_SETTINGS',
      'BLUETOOTH_CONNECT',
      'POST_NOTIFICATIONS',
      'INTERNET',
    ])
      expect(permissions()).toContain(wanted);
    for (const refused of ['READ_EXTERNAL_STORAGE', 'WRITE_EXTERNAL_STORAGE', 'CAMERA', 'ACCESS_FINE_LOCATION'])
      expect(permissions()).not.toContain(refused);
  });

  test('opens its own links, and keeps its secrets out of backups', () => {
    const [application] = config._internal.modResults.android.manifest.manifest.application;
    expect(JSON.stringify(application?.activity)).toContain('"android:scheme":"kukucoach"');
    expect(application?.$['android:dataExtractionRules']).toBe('@xml/secure_store_data_extraction_rules');
  });
});
