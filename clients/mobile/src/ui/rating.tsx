import { useState } from 'react';
import { Pressable, StyleSheet, View } from 'react-native';
import Svg, { Path } from 'react-native-svg';
import { ICONS } from '../../../core/src/screen/index.ts';
import { useLook } from './look.tsx';
import { Button, Words } from './parts.tsx';
import { Field } from './welcome.tsx';

const STARS = [1, 2, 3, 4, 5];

export function RatingForm() {
  const { model, words, colors } = useLook();
  const { rating } = words;
  const [stars, setStars] = useState(0);
  const [feedback, setFeedback] = useState('');
  const [state, setState] = useState<'open' | 'sent' | 'failed'>('open');
  if (state === 'sent') return <Words role="status">{rating.thanks}</Words>;
  const send = () =>
    model.recap.rate(stars, feedback).then(
      () => setState('sent'),
      () => setState('failed'),
    );
  return (
    <View style={styles.rating}>
      <Words medium>{rating.title}</Words>
      <View accessibilityRole="radiogroup" style={styles.stars}>
        {STARS.map((n) => (
          <Pressable
            key={n}
            accessibilityRole="radio"
            aria-checked={n === stars}
            accessibilityLabel={rating.stars(n)}
            onPress={() => setStars(n)}
            style={styles.star}
          >
            <Svg width={30} height={30} viewBox="0 0 24 24" aria-hidden>
              <Path
                d={ICONS.star}
                stroke={colors.warm}
                strokeWidth={1.5}
                strokeLinejoin="round"
                fill={n <= stars ? colors.warm : 'none'}
              />
            </Svg>
          </Pressable>
        ))}
      </View>
      {stars > 0 && (
        <>
          <Field label={rating.feedback} value={feedback} onChangeText={setFeedback} multiline maxLength={4000} />
          <Button kind="secondary" label={rating.send} onPress={() => void send()} />
        </>
      )}
      {state === 'failed' && (
        <Words tone="danger" role="alert">
          {words.failures.other}
        </Words>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  rating: { gap: 8 },
  stars: { flexDirection: 'row', gap: 2, marginLeft: -7 },
  star: { width: 44, height: 44, alignItems: 'center', justifyContent: 'center' },
});
