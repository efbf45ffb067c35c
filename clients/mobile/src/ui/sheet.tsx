import type { ReactNode } from 'react';
import { Modal, Pressable, ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useLook } from './look.tsx';
import { Title } from './parts.tsx';

/** A question or a choice above the screen. Beside it, and Android's way back: `onCancel`. */
export function Sheet({ title, onCancel, children }: { title: string; onCancel: () => void; children: ReactNode }) {
  const { colors, still, words } = useLook();
  const { bottom } = useSafeAreaInsets();
  return (
    <Modal transparent animationType={still ? 'none' : 'slide'} onRequestClose={onCancel}>
      <View style={styles.over}>
        <Pressable
          accessibilityLabel={words.cancel}
          onPress={onCancel}
          style={[StyleSheet.absoluteFill, styles.veil]}
        />
        <View role="dialog" aria-label={title} style={[styles.sheet, { backgroundColor: colors.raised }]}>
          <ScrollView contentContainerStyle={[styles.body, { paddingBottom: 22 + bottom }]}>
            <Title size={28}>{title}</Title>
            {children}
          </ScrollView>
        </View>
      </View>
    </Modal>
  );
}

const styles = StyleSheet.create({
  over: { flex: 1, justifyContent: 'flex-end' },
  veil: { backgroundColor: 'rgba(16, 26, 24, 0.45)' },
  sheet: { maxHeight: '90%', borderTopLeftRadius: 26, borderTopRightRadius: 26 },
  body: { gap: 16, paddingHorizontal: 24, paddingTop: 28 },
});
