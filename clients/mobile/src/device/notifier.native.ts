import * as Notifications from 'expo-notifications';
import { Platform } from 'react-native';
import type { Notifier } from '../reminders.ts';

const CHANNEL = 'reminders';

export function createNotifier(channelName: string): Notifier {
  // Also while the app is open.
  Notifications.setNotificationHandler({
    handleNotification: async () => ({
      shouldPlaySound: false,
      shouldSetBadge: false,
      shouldShowBanner: true,
      shouldShowList: true,
    }),
  });
  return {
    isAvailable: true,
    async mayNotify() {
      // Android asks only once there is a channel.
      if (Platform.OS === 'android') {
        const importance = Notifications.AndroidImportance.DEFAULT;
        await Notifications.setNotificationChannelAsync(CHANNEL, { name: channelName, importance });
      }
      const { granted, canAskAgain } = await Notifications.getPermissionsAsync();
      if (granted || !canAskAgain) return granted;
      return (await Notifications.requestPermissionsAsync()).granted;
    },
    schedule: ({ title, body, at, sessionId }) =>
      Notifications.scheduleNotificationAsync({
        content: { title, body, data: { sessionId } },
        trigger: { type: Notifications.SchedulableTriggerInputTypes.DATE, date: at, channelId: CHANNEL },
      }),
    cancel: (id) => Notifications.cancelScheduledNotificationAsync(id),
    onTap(fn) {
      const tell = (response: Notifications.NotificationResponse | null) => {
        const sessionId = response?.notification.request.content.data?.['sessionId'];
        if (typeof sessionId === 'string') fn(sessionId);
      };
      tell(Notifications.getLastNotificationResponse());
      const subscription = Notifications.addNotificationResponseReceivedListener(tell);
      return () => subscription.remove();
    },
  };
}
