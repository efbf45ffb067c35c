/**
 * The coach's presence: a pebble of light that breathes while it listens, is drawn to your voice, turns inward while it
 * thinks and opens while it speaks. What it shows is said in words beside it.
 */
import { useEffect, useRef } from 'preact/hooks';
import { approach, LAYERS, lookOf, outline, type Look } from '../../../core/src/screen/orb.ts';
import type { Mood } from '../../../core/src/screen/mood.ts';

export interface OrbProps {
  mood: Mood;
  /** Loudness of the person and of the coach now, RMS, 0 to 1. */
  you?: () => number;
  coach?: () => number;
}

/** Half of most screens' rate: calm, and cheap where there is no graphics card. */
const FRAME_MS = 32;

export function Orb(props: OrbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => (canvas.current ? animate(canvas.current, () => latest.current) : undefined), []);
  return <canvas ref={canvas} class="orb" part="orb" data-mood={props.mood} aria-hidden="true" />;
}

/** Draws until the result is called. */
function animate(canvas: HTMLCanvasElement, props: () => OrbProps): () => void {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const look: Look = lookOf('idle');
  let frame = 0;
  let lastMs = 0;
  const draw = (nowMs: number) => {
    frame = requestAnimationFrame(draw);
    const passedMs = nowMs - lastMs;
    if (passedMs < FRAME_MS) return;
    lastMs = nowMs;
    const { mood, you, coach } = props();
    const now = { mood, you: you?.() ?? 0, coach: coach?.() ?? 0 };
    approach(look, now, { seconds: Math.min(passedMs, 100) / 1000, still: still.matches });
    paint(canvas, look, still.matches ? 0 : nowMs / 1000);
  };
  frame = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(frame);
}

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
  drawHalo(ink, look, { radius, most: side / 2, color: color(1) });
  const fill = ink.createLinearGradient(-radius, -radius, radius, radius);
  fill.addColorStop(0, color(1));
  fill.addColorStop(1, color(2));
  ink.fillStyle = fill;
  for (const layer of LAYERS) {
    ink.beginPath();
    for (const [x, y] of outline(radius * layer.size, { ...look, ...layer, seconds })) ink.lineTo(x, y);
    ink.closePath();
    ink.globalAlpha = layer.alpha * look.light;
    ink.fill();
  }
  drawSheen(ink, radius, look.light);
  ink.setTransform(1, 0, 0, 1, 0, 0);
  ink.globalAlpha = 1;
}

interface Ring {
  radius: number;
  /** The canvas ends here. */
  most: number;
  color: string;
}

/** One's own voice: a ring that widens. */
function drawHalo(ink: CanvasRenderingContext2D, { you, light }: Look, ring: Ring): void {
  if (you < 0.02) return;
  ink.lineWidth = ring.radius * (0.015 + 0.06 * you);
  ink.beginPath();
  ink.arc(0, 0, Math.min(ring.radius * (1.22 + 0.26 * you), ring.most - ink.lineWidth), 0, 2 * Math.PI);
  ink.globalAlpha = (0.12 + 0.3 * you) * light;
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
