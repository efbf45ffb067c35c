/** Whether the phone saves power: then pictures stand still. */
export { useLowPowerMode } from 'expo-battery';
