/** Browsers don't say. */
export const useLowPowerMode = (): boolean => false;
