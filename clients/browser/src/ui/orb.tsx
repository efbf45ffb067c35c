/**
 * The coach's presence: a pebble of light that breathes while it listens, is drawn to your voice, turns inward while it
 * thinks and opens while it speaks. What it shows is said in words beside it.
 */
import { useEffect, useRef } from 'preact/hooks';

export type Mood = 'idle' | 'listening' | 'hearing' | 'thinking' | 'speaking' | 'muted' | 'away';

export interface OrbProps {
  mood: Mood;
  /** Loudness of the person and of the coach now, RMS, 0 to 1. */
  you?: () => number;
  coach?: () => number;
}

/** Quietest and loudest level that is shown, in dB below full scale: a quiet room, and speech close by. */
const DB = { from: -50, to: -14 };
/** Half of most screens' rate: calm, and cheap where there is no graphics card. */
const FRAME_MS = 32;

export function shownLevel(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.max(0, Math.min(1, (db - DB.from) / (DB.to - DB.from)));
}

export function Orb(props: OrbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => (canvas.current ? animate(canvas.current, () => latest.current) : undefined), []);
  return <canvas ref={canvas} class="orb" part="orb" data-mood={props.mood} aria-hidden="true" />;
}

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

interface Look extends Shape {
  you: number;
  coach: number;
  turn: number;
}

/** Draws until the result is called. */
function animate(canvas: HTMLCanvasElement, props: () => OrbProps): () => void {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const look: Look = { ...SHAPES.idle, you: 0, coach: 0, turn: 0 };
  let frame = 0;
  let lastMs = 0;
  const draw = (nowMs: number) => {
    frame = requestAnimationFrame(draw);
    const passedMs = nowMs - lastMs;
    if (passedMs < FRAME_MS) return;
    lastMs = nowMs;
    approach(look, props(), Math.min(passedMs, 100) / 1000, still.matches);
    paint(canvas, look, still.matches ? 0 : nowMs / 1000);
  };
  frame = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(frame);
}

/** Moves what is shown towards what is. Levels rise at once and fall slowly, as ears expect it. */
function approach(look: Look, { mood, you, coach }: OrbProps, seconds: number, still: boolean): void {
  const target = SHAPES[mood];
  const part = 1 - Math.exp(-seconds * 5);
  for (const key of ['wobble', 'spin', 'warmth', 'light'] as const) look[key] += (target[key] - look[key]) * part;
  const fall = 1 - Math.exp(-seconds * 7);
  for (const [key, level] of [
    ['you', you?.() ?? 0],
    ['coach', coach?.() ?? 0],
  ] as const) {
    const shown = shownLevel(level);
    look[key] = shown > look[key] ? shown : look[key] + (shown - look[key]) * fall;
  }
  if (!still) look.turn += seconds * look.spin * 2 * Math.PI;
}

const LAYERS = [
  { size: 1.16, alpha: 0.2, lobes: 2, phase: 0 },
  { size: 1.06, alpha: 0.35, lobes: 3, phase: 2.1 },
  { size: 0.94, alpha: 1, lobes: 3, phase: 4.2 },
];

function paint(canvas: HTMLCanvasElement, look: Look, seconds: number): void {
  const side = Math.round(canvas.clientWidth * Math.min(devicePixelRatio, 2));
  if (side === 0) return;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const ink = canvas.getContext('2d');
  if (!ink) return;
  const style = getComputedStyle(canvas);
  const color = (n: 1 | 2) => {
    const [cool, warm] = [style.getPropertyValue(`--orb-cool-${n}`), style.getPropertyValue(`--orb-warm-${n}`)];
    // By hue: halfway in RGB, coral and sea would meet in grey.
    return `color-mix(in oklch, ${warm} ${Math.round(look.warmth * 100)}%, ${cool})`;
  };
  const radius = side * (0.3 + 0.008 * Math.sin(seconds * 1.4) + 0.045 * look.coach * look.warmth);
  ink.clearRect(0, 0, side, side);
  ink.translate(side / 2, side / 2);
  drawHalo(ink, look, { radius, color: color(1) });
  const fill = ink.createLinearGradient(-radius, -radius, radius, radius);
  fill.addColorStop(0, color(1));
  fill.addColorStop(1, color(2));
  ink.fillStyle = fill;
  for (const layer of LAYERS) {
    outline(ink, radius * layer.size, { ...look, ...layer, seconds });
    ink.globalAlpha = layer.alpha * look.light;
    ink.fill();
  }
  drawSheen(ink, radius, look.light);
  ink.setTransform(1, 0, 0, 1, 0, 0);
  ink.globalAlpha = 1;
}

/** One's own voice: a ring that widens. */
function drawHalo(ink: CanvasRenderingContext2D, { you, light }: Look, ring: { radius: number; color: string }): void {
  if (you < 0.02) return;
  ink.beginPath();
  ink.arc(0, 0, ring.radius * (1.22 + 0.26 * you), 0, 2 * Math.PI);
  ink.globalAlpha = (0.12 + 0.3 * you) * light;
  ink.lineWidth = ring.radius * (0.015 + 0.06 * you);
  ink.strokeStyle = ring.color;
  ink.stroke();
}

function drawSheen(ink: CanvasRenderingContext2D, radius: number, light: number): void {
  const sheen = ink.createRadialGradient(-radius * 0.3, -radius * 0.4, 0, -radius * 0.3, -radius * 0.4, radius * 0.9);
  sheen.addColorStop(0, 'rgb(255 255 255 / 50%)');
  sheen.addColorStop(1, 'rgb(255 255 255 / 0%)');
  ink.globalAlpha = light;
  ink.fillStyle = sheen;
  ink.fill();
}

/** A closed curve around the middle: a circle and two waves that travel along it. */
function outline(
  ink: CanvasRenderingContext2D,
  radius: number,
  wave: Look & { lobes: number; phase: number; seconds: number },
): void {
  const { lobes, phase, seconds, turn } = wave;
  const amount = wave.wobble + 0.07 * wave.coach * wave.warmth;
  ink.beginPath();
  for (let step = 0; step <= 72; step++) {
    const angle = (step / 72) * 2 * Math.PI;
    const bend =
      Math.sin(angle * lobes + phase + seconds * 0.9) * 0.5 + Math.sin(angle * 2 - phase + seconds * 0.6) * 0.5;
    const at = radius * (1 + amount * bend);
    ink.lineTo(Math.cos(angle + turn) * at, Math.sin(angle + turn) * at);
  }
  ink.closePath();
}
