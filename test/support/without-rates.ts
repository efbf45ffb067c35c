/** For a server that a whole test file talks with from one address, in the time that a person takes for one sentence. */
export const WITHOUT_RATES = {
  LIMIT_REQUESTS_PER_MINUTE: '1000000',
  LIMIT_SESSIONS_PER_HOUR: '1000000',
  LIMIT_MESSAGES_PER_MINUTE: '1000000',
  LIMIT_HANDSHAKES_PER_MINUTE: '1000000',
  LIMIT_SIGN_INS_PER_MINUTE: '1000000',
} as const;
