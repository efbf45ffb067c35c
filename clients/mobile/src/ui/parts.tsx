/** The parts that screens are made of. */
import type { ReactNode } from 'react';
import { Platform, Pressable, StyleSheet, Switch, Text, View, type TextProps, type ViewStyle } from 'react-native';
import Svg, { Path } from 'react-native-svg';
import { ICONS, type IconName } from '../../../core/src/screen/index.ts';
import { useLook } from './look.tsx';
import { FONTS } from './theme.ts';

export function Icon({ name, color, size = 22 }: { name: IconName; color: string; size?: number }) {
  const stroke = { stroke: color, strokeWidth: 1.7, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
  return (
    <Svg width={size} height={size} viewBox="0 0 24 24" aria-hidden>
      <Path d={ICONS[name]} fill="none" {...stroke} />
    </Svg>
  );
}

type Kind = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps {
  label: string;
  onPress: () => void;
  kind?: Kind;
  icon?: IconName;
  large?: boolean;
  disabled?: boolean;
  /** Of a button that shows and hides something. */
  expanded?: boolean;
  style?: ViewStyle;
}

export function Button({ label, onPress, kind = 'primary', icon, large, disabled, expanded, style }: ButtonProps) {
  const { colors } = useLook();
  const faces = {
    primary: { back: colors.accent, front: colors.onAccent, line: colors.accent },
    danger: { back: colors.danger, front: colors.paper, line: colors.danger },
    secondary: { back: colors.raised, front: colors.ink, line: colors.line },
    quiet: { back: 'transparent', front: colors.accent, line: 'transparent' },
  };
  const { back, front, line } = faces[kind];
  return (
    <Pressable
      accessibilityRole="button"
      {...(expanded !== undefined && { 'aria-expanded': expanded })}
      disabled={disabled}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        { backgroundColor: back, borderColor: line, opacity: disabled ? 0.4 : pressed ? 0.75 : 1 },
        large && styles.large,
        style,
      ]}
    >
      {icon && <Icon name={icon} color={front} />}
      <Text style={{ color: front, fontFamily: FONTS.bold, fontSize: large ? 18 : 16 }}>{label}</Text>
    </Pressable>
  );
}

/** A picture to tap, with words for who can't see it. */
export function Tool({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  const { colors } = useLook();
  return (
    <Pressable accessibilityRole="button" accessibilityLabel={label} onPress={onPress} hitSlop={4} style={styles.tool}>
      <Icon name={icon} color={colors.soft} />
    </Pressable>
  );
}

export function Title({ children, size = 30, centered }: { children: ReactNode; size?: number; centered?: boolean }) {
  const { colors } = useLook();
  return (
    <Text
      accessibilityRole="header"
      style={[
        { color: colors.ink, fontFamily: FONTS.serif, fontSize: size, lineHeight: size * 1.18 },
        centered && styles.centered,
      ]}
    >
      {children}
    </Text>
  );
}

interface WordsProps extends TextProps {
  tone?: 'ink' | 'soft' | 'warm' | 'danger';
  size?: number;
  centered?: boolean;
  medium?: boolean;
}

export function Words({ tone = 'ink', size = 16, centered, medium, style, ...rest }: WordsProps) {
  const { colors } = useLook();
  const fontFamily = medium ? FONTS.medium : FONTS.sans;
  const base = { color: colors[tone], fontFamily, fontSize: size, lineHeight: size * 1.5 };
  return <Text {...rest} style={[base, centered && styles.centered, style]} />;
}

export function Card({ children, style }: { children: ReactNode; style?: ViewStyle }) {
  const { colors } = useLook();
  return (
    <View style={[styles.card, { backgroundColor: colors.raised, borderColor: colors.line }, style]}>{children}</View>
  );
}

export function SwitchRow({
  label,
  hint,
  on,
  onChange,
}: {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const { colors } = useLook();
  return (
    <View style={styles.row}>
      <View style={styles.grow}>
        <Words>{label}</Words>
        {hint && (
          <Words tone="soft" size={14}>
            {hint}
          </Words>
        )}
      </View>
      <Switch
        accessibilityLabel={label}
        value={on}
        onValueChange={onChange}
        trackColor={{ true: colors.accent, false: colors.line }}
        thumbColor={colors.raised}
        {...(Platform.OS === 'web' && { activeThumbColor: colors.raised })}
      />
    </View>
  );
}

export interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChoose: (value: T) => void;
}

/** One of a few. */
export function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  const { colors } = useLook();
  return (
    <View accessibilityRole="radiogroup" accessibilityLabel={label} style={styles.choice}>
      <Words>{label}</Words>
      <View style={[styles.segments, { borderColor: colors.line }]}>
        {options.map(([option, name]) => (
          <Pressable
            key={option}
            accessibilityRole="radio"
            accessibilityState={{ checked: option === value }}
            aria-checked={option === value}
            onPress={() => onChoose(option)}
            style={[styles.segment, option === value && { backgroundColor: colors.wash }]}
          >
            <Words size={14} medium tone={option === value ? 'ink' : 'soft'}>
              {name}
            </Words>
          </Pressable>
        ))}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  button: {
    flexDirection: 'row',
    gap: 9,
    minHeight: 46,
    paddingHorizontal: 19,
    paddingVertical: 9,
    borderRadius: 999,
    borderWidth: 1.5,
    alignItems: 'center',
    justifyContent: 'center',
  },
  large: { minHeight: 56, paddingHorizontal: 30 },
  tool: { width: 44, height: 44, alignItems: 'center', justifyContent: 'center' },
  centered: { textAlign: 'center' },
  card: { gap: 14, padding: 20, borderRadius: 22, borderWidth: 1 },
  row: { flexDirection: 'row', gap: 14, alignItems: 'center', minHeight: 44 },
  grow: { flex: 1 },
  choice: { gap: 8 },
  segments: { flexDirection: 'row', borderWidth: 1.5, borderRadius: 14, overflow: 'hidden' },
  segment: { flex: 1, minHeight: 44, alignItems: 'center', justifyContent: 'center', paddingHorizontal: 6 },
});
