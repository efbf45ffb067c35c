import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** The one that plays now: two voices at once help nobody. */
let playing: HTMLAudioElement | undefined;

/** Plays a spoken reply; pressed again, it stops. */
export function PlayButton({ src, words }: { src: string; words: { play: string; stop: string } }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  useEffect(() => () => audio.current?.pause(), []);
  const toggle = () => {
    const { current } = audio;
    if (!current) return;
    if (on) return current.pause();
    playing?.pause();
    playing = current;
    current.currentTime = 0;
    current.play().catch(() => setOn(false));
  };
  return (
    <>
      <button
        type="button"
        class="round small play"
        aria-label={on ? words.stop : words.play}
        aria-pressed={on}
        onClick={toggle}
      >
        <Icon name={on ? 'stop' : 'play'} />
      </button>
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => setOn(false)}
      />
    </>
  );
}
