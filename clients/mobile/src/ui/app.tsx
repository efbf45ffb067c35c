import { Figtree_400Regular } from '@expo-google-fonts/figtree/400Regular';
import { Figtree_500Medium } from '@expo-google-fonts/figtree/500Medium';
import { Figtree_600SemiBold } from '@expo-google-fonts/figtree/600SemiBold';
import { Newsreader_500Medium } from '@expo-google-fonts/newsreader/500Medium';
import { useFonts } from 'expo-font';
import { useEffect, useState } from 'react';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { device } from '../device/device.ts';
import { useLowPowerMode } from '../device/power';
import { useReducedMotion } from '../device/reduced-motion.ts';
import { createModel } from '../model.ts';
import { useValue } from '../signals.ts';
import { LookProvider } from './look.tsx';
import { Shell } from './shell.tsx';

export function App() {
  const [model] = useState(() => createModel(device));
  // Letters that don't come in a moment are not waited for: an error counts as loaded.
  const [loaded, failed] = useFonts({
    Figtree_400Regular,
    Figtree_500Medium,
    Figtree_600SemiBold,
    Newsreader_500Medium,
  });
  useEffect(() => {
    const begun = model.begin();
    return () => void begun.then((end) => end());
  }, [model]);
  const lowPower = useLowPowerMode();
  const reduced = useReducedMotion();
  const screen = useValue(model.screen);
  if (!screen || !(loaded || failed)) return null;
  return (
    <SafeAreaProvider>
      <LookProvider model={model} still={lowPower || reduced}>
        <Shell model={model} />
      </LookProvider>
    </SafeAreaProvider>
  );
}
