export type Failure = 'replaced' | 'no_such_session' | 'no_answer' | 'no_audio' | 'quota' | 'budget_spent' | 'other';

/** Which of the failures that there are words for a code is. */
export function failureOf(code: string): Failure {
  switch (code) {
    case 'replaced_by_a_newer_socket':
      return 'replaced';
    case 'no_such_session':
    case 'not_yours':
      return 'no_such_session';
    case 'no_answer':
    case 'unreachable':
    case 'connection_lost':
      return 'no_answer';
    case 'no_audio':
    case 'quota':
    case 'budget_spent':
      return code;
    default:
      return 'other';
  }
}
