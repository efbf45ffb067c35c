/** The coach's presence: the pebble of light of the page, drawn with paths. What it shows is said in words beside it. */
import { useEffect, useRef, useState } from 'react';
import Svg, { Circle, Defs, G, LinearGradient, Path, RadialGradient, Stop } from 'react-native-svg';
import { approach, LAYERS, lookOf, outline, type Mood } from '../../../core/src/screen/index.ts';
import { useLook } from './look.tsx';
import { ORB } from './theme.ts';

export interface OrbProps {
  mood: Mood;
  size: number;
  /** Loudness of the person and of the coach now, RMS, 0 to 1. */
  you?: () => number;
  coach?: () => number;
}

/** Calm, and cheap. Standing still, it only shows how loud it is. */
const FRAME_MS = 33;
const STILL_FRAME_MS = 200;
const SIDE = 200;
/** What is drawn of it: the ring of a loud voice reaches beyond. */
const VIEW = 212;

export function Orb(props: OrbProps) {
  const { still } = useLook();
  const { mood, size } = props;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const [{ look, seconds }, draw] = useState(() => ({ look: lookOf(mood), seconds: 0 }));
  useEffect(() => {
    const now = lookOf(latest.current.mood);
    let lastMs = performance.now();
    const timer = setInterval(
      () => {
        const nowMs = performance.now();
        const { mood, you, coach } = latest.current;
        const passedSeconds = Math.min(nowMs - lastMs, 200) / 1000;
        lastMs = nowMs;
        approach(now, { mood, you: you?.() ?? 0, coach: coach?.() ?? 0 }, { seconds: passedSeconds, still });
        draw({ look: { ...now }, seconds: nowMs / 1000 });
      },
      still ? STILL_FRAME_MS : FRAME_MS,
    );
    return () => clearInterval(timer);
  }, [still]);
  const at = still ? 0 : seconds;
  const radius = SIDE * (0.3 + 0.008 * Math.sin(at * 1.4) + 0.045 * look.coach * look.warmth);
  return (
    <Svg width={size} height={size} viewBox={`${-VIEW / 2} ${-VIEW / 2} ${VIEW} ${VIEW}`} aria-hidden>
      <Defs>
        {(['warm', 'cool'] as const).map((name) => (
          <LinearGradient key={name} id={name} x1="0" y1="0" x2="1" y2="1">
            <Stop offset="0" stopColor={ORB[name][0]} />
            <Stop offset="1" stopColor={ORB[name][1]} />
          </LinearGradient>
        ))}
        <RadialGradient id="sheen" cx="0.32" cy="0.28" r="0.5">
          <Stop offset="0" stopColor="#fff" stopOpacity="0.5" />
          <Stop offset="1" stopColor="#fff" stopOpacity="0" />
        </RadialGradient>
      </Defs>
      {look.you > 0.02 && (
        <Circle
          r={radius * (1.22 + 0.26 * look.you)}
          fill="none"
          stroke={look.warmth > 0.5 ? ORB.warm[0] : ORB.cool[0]}
          strokeWidth={radius * (0.015 + 0.06 * look.you)}
          opacity={(0.12 + 0.3 * look.you) * look.light}
        />
      )}
      {LAYERS.map((layer) => {
        const d = pathOf(outline(radius * layer.size, { ...look, ...layer, seconds: at }, 48));
        return (
          // One colour fades over the other: halfway between coral and sea lies grey.
          <G key={layer.size} opacity={layer.alpha * look.light}>
            <Path d={d} fill="url(#cool)" opacity={look.warmth < 0.98 ? 1 : 0} />
            <Path d={d} fill="url(#warm)" opacity={look.warmth} />
          </G>
        );
      })}
      <Path
        d={pathOf(outline(radius * 0.94, { ...look, lobes: 3, phase: 4.2, seconds: at }, 48))}
        fill="url(#sheen)"
        opacity={look.light}
      />
    </Svg>
  );
}

const pathOf = (points: readonly (readonly [number, number])[]): string =>
  `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
