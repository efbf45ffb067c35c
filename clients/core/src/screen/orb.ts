/** The shape of the coach's presence, wherever it is drawn: a pebble of light that breathes, turns and opens. */
import { shownLevel, type Mood } from './mood.ts';

interface Shape {
  /** How far the outline leaves the circle, as a part of the radius. */
  wobble: number;
  /** Turns a second. */
  spin: number;
  /** Weight of the coach's colour against the person's. */
  warmth: number;
  /** Opacity of the whole. */
  light: number;
}

const SHAPES: Record<Mood, Shape> = {
  idle: { wobble: 0.05, spin: 0.02, warmth: 1, light: 1 },
  listening: { wobble: 0.045, spin: 0.03, warmth: 0, light: 1 },
  hearing: { wobble: 0.07, spin: 0.06, warmth: 0, light: 1 },
  thinking: { wobble: 0.09, spin: 0.2, warmth: 0.72, light: 0.95 },
  speaking: { wobble: 0.06, spin: 0.05, warmth: 1, light: 1 },
  muted: { wobble: 0.03, spin: 0.01, warmth: 0, light: 0.5 },
  away: { wobble: 0.03, spin: 0.01, warmth: 0.2, light: 0.4 },
};

export interface Look extends Shape {
  you: number;
  coach: number;
  turn: number;
}

export const lookOf = (mood: Mood): Look => ({ ...SHAPES[mood], you: 0, coach: 0, turn: 0 });

/** Loudness of the person and of the coach now, root mean square, 0 to 1. */
interface Heard {
  mood: Mood;
  you: number;
  coach: number;
}

/** Moves what is shown towards what is. Levels rise at once and fall slowly, as ears expect it. */
export function approach(
  look: Look,
  { mood, ...heard }: Heard,
  { seconds, still }: { seconds: number; still: boolean },
): void {
  const target = SHAPES[mood];
  const part = 1 - Math.exp(-seconds * 5);
  for (const key of ['wobble', 'spin', 'warmth', 'light'] as const) look[key] += (target[key] - look[key]) * part;
  const fall = 1 - Math.exp(-seconds * 7);
  for (const key of ['you', 'coach'] as const) {
    const shown = shownLevel(heard[key]);
    look[key] = shown > look[key] ? shown : look[key] + (shown - look[key]) * fall;
  }
  if (!still) look.turn += seconds * look.spin * 2 * Math.PI;
}

export const LAYERS = [
  { size: 1.16, alpha: 0.2, lobes: 2, phase: 0 },
  { size: 1.06, alpha: 0.35, lobes: 3, phase: 2.1 },
  { size: 0.94, alpha: 1, lobes: 3, phase: 4.2 },
];

/** Points of a closed curve around the middle: a circle and two waves that travel along it. */
export function outline(
  radius: number,
  wave: Look & { lobes: number; phase: number; seconds: number },
  steps = 72,
): [x: number, y: number][] {
  const { lobes, phase, seconds, turn } = wave;
  const amount = wave.wobble + 0.07 * wave.coach * wave.warmth;
  return Array.from({ length: steps }, (_, step) => {
    const angle = (step / steps) * 2 * Math.PI;
    const bend =
      Math.sin(angle * lobes + phase + seconds * 0.9) * 0.5 + Math.sin(angle * 2 - phase + seconds * 0.6) * 0.5;
    const at = radius * (1 + amount * bend);
    return [Math.cos(angle + turn) * at, Math.sin(angle + turn) * at];
  });
}
