import { useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';

const STARS = [1, 2, 3, 4, 5];

export function RatingForm({ model }: { model: Model }) {
  const { rating: words, failures } = model.words.value;
  const [stars, setStars] = useState(0);
  const [feedback, setFeedback] = useState('');
  const [state, setState] = useState<'open' | 'sent' | 'failed'>('open');
  if (state === 'sent') {
    return (
      <p class="rated" role="status">
        <Icon name="check" /> {words.thanks}
      </p>
    );
  }
  const send = async () => {
    try {
      await model.recap.rate(stars, feedback);
      model.tell('rated', { rating: stars });
      setState('sent');
    } catch {
      setState('failed');
    }
  };
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        if (stars > 0) void send();
      }}
    >
      <fieldset class="stars">
        <legend>{words.title}</legend>
        {STARS.map((n) => (
          <label key={n} class={n <= stars ? 'lit' : ''}>
            <input
              type="radio"
              name="rating"
              value={n}
              checked={n === stars}
              aria-label={words.stars(n)}
              onChange={() => setStars(n)}
            />
            <Icon name="star" />
          </label>
        ))}
      </fieldset>
      {stars > 0 && (
        <div class="feedback">
          <textarea
            rows={2}
            maxLength={4000}
            aria-label={words.feedback}
            placeholder={words.feedback}
            onInput={(event) => setFeedback(event.currentTarget.value)}
          />
          <button type="submit" class="secondary">
            {words.send}
          </button>
        </div>
      )}
      {state === 'failed' && (
        <p class="hint" role="alert">
          {failures.other}
        </p>
      )}
    </form>
  );
}
