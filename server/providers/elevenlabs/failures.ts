/**
 * From what ElevenLabs says went wrong to an error of ours. Of its own words only the code is kept, and only when it
 * looks like one: its sentences quote keys and texts.
 */
import type { KukuError } from '../../errors.ts';
import { type ProviderFailure, providerFailure } from '../../ports/provider-failure.ts';

const PROVIDER = 'ElevenLabs';
const CODE = /^[a-z][a-z_]{2,60}$/;

/** What is known of a refused request, an error frame, or a closed socket. */
export interface Problem {
  status?: number | undefined;
  /** As in `detail.status`, the `error` of a frame, or the reason of a close. */
  code?: string | undefined;
  closeCode?: number | undefined;
  retryAfterMs?: number | undefined;
}

export interface Failures {
  ofProblem(problem: Problem, model: string): KukuError;
  unreachable(cause?: unknown): KukuError;
  timeout(what: string): KukuError;
  broken(what: string): KukuError;
  busy(): KukuError;
}

export function createFailures(): Failures {
  const fail = (code: ProviderFailure, detail?: string, problem?: Problem) =>
    providerFailure(code, {
      provider: PROVIDER,
      detail,
      ...(problem && { cause: new ProviderRemark(problem), retryAfterMs: problem.retryAfterMs }),
    });
  return {
    ofProblem(problem, model) {
      const code = classify(problem);
      const named = code === 'provider_model_unknown' || code === 'provider_bad_request';
      return fail(code, named ? `model "${model}"` : undefined, problem);
    },
    unreachable(cause) {
      const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
      return fail('provider_unreachable', undefined, { code });
    },
    timeout: (what) => fail('provider_timeout', what),
    broken: (what) => fail('provider_broken_answer', what),
    busy: () => fail('provider_rate_limited', 'all its sockets are in use'),
  };
}

/** The provider's side of a failure, for the log: numbers and codes. */
class ProviderRemark extends Error {
  readonly httpStatus: number | undefined;
  readonly closeCode: number | undefined;

  constructor({ status, closeCode, code = '' }: Problem) {
    super(CODE.test(code) || /^E[A-Z_]+$/.test(code) ? code : '(what the provider says is left out)');
    this.name = 'ProviderRemark';
    this.httpStatus = status;
    this.closeCode = closeCode;
  }
}

const BY_CODE: readonly (readonly [RegExp, ProviderFailure])[] = [
  [/quota|payment|subscription_required|credits/, 'provider_quota_exhausted'],
  [/api_key|auth_error|unauthori[sz]ed|missing_permission|unaccepted_terms|sign_in_required/, 'provider_unauthorized'],
  [
    /voice_not_found|voice_id_does_not_exist|model_not_found|unsupported_model|model_can_not|invalid_model/,
    'provider_model_unknown',
  ],
  [/rate_limit|too_many|throttled|queue_overflow|resource_exhausted|concurren/, 'provider_rate_limited'],
  [/content|moderation|unsafe|terms_violation/, 'provider_refused'],
  [/max_active_conversations|context|time_limit|inactivity|timeout/, 'provider_broken_answer'],
  [/system_busy|internal|transcriber_error|^error$/, 'provider_failed'],
  [/input_error|invalid|chunk_size|bad_request|unprocessable/, 'provider_bad_request'],
];

function classify({ status, code = '' }: Problem): ProviderFailure {
  const known = CODE.test(code) ? BY_CODE.find(([pattern]) => pattern.test(code)) : undefined;
  if (known) return known[1];
  if (status === undefined) return 'provider_broken_answer';
  if (status === 401 || status === 403) return 'provider_unauthorized';
  if (status === 402) return 'provider_quota_exhausted';
  if (status === 404) return 'provider_model_unknown';
  if (status === 429) return 'provider_rate_limited';
  if (status >= 500 || status === 408 || status === 409 || status === 425) return 'provider_failed';
  return 'provider_bad_request';
}

/** Of an answer that is no success: `{detail: {status, code, …}}`, or `{detail: "…"}`. */
export function problemOf(status: number, body: string, retryAfter: string | null | undefined): Problem {
  const seconds = Number.parseFloat(retryAfter ?? '');
  return { status, code: codeIn(body), ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }) };
}

function codeIn(body: string): string | undefined {
  try {
    const { detail } = JSON.parse(body) as { detail?: { status?: unknown; code?: unknown } };
    const code = detail?.status ?? detail?.code;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
