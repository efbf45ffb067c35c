/** From what the SDK, the socket or the wire say went wrong to an error of ours, without the key in any corner of it. */
import { APIConnectionError, APIError } from 'openai';
import { KukuError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ProviderFailure, providerFailure } from '../../ports/provider-failure.ts';

const PROVIDER = 'OpenAI';
/** Longer texts of a provider tend to quote the request, and with it what somebody said. */
const MAX_REMARK_CHARS = 200;
const MAX_CAUSES = 8;

/** What is known of a refused request or of an error event. */
export interface Problem {
  status?: number | undefined;
  code?: string | null | undefined;
  type?: string | null | undefined;
  param?: string | null | undefined;
  message?: string | undefined;
  retryAfterMs?: number | undefined;
  requestId?: string | null | undefined;
}

export interface Failures {
  /** `phase`: whether the provider had begun to answer. A `KukuError` comes back as it is. */
  of(error: unknown, about: { model: string; phase: 'before' | 'answering' }): KukuError;
  ofProblem(problem: Problem, model: string): KukuError;
  timeout(what: string): KukuError;
  broken(what: string): KukuError;
  refused(): KukuError;
}

export function createFailures({ apiKey, clock }: { apiKey: string | undefined; clock: Clock }): Failures {
  const fail = (code: ProviderFailure, detail?: string, cause?: unknown, retryAfterMs?: number) =>
    providerFailure(code, { provider: PROVIDER, detail, cause, retryAfterMs });

  const ofProblem: Failures['ofProblem'] = (problem, model) => {
    const code = classify(problem);
    const cause = new ProviderRemark(problem, scrubber(apiKey));
    return fail(code, detailOf(code, problem, model), cause, problem.retryAfterMs);
  };

  return {
    of(error, { model, phase }) {
      const own = findOwn(error);
      if (own) return own;
      if (error instanceof APIError && !(error instanceof APIConnectionError)) {
        return ofProblem(problemOf(error, clock), model);
      }
      const cause = new ProviderRemark({ message: wordsOf(error) }, scrubber(apiKey));
      return fail(phase === 'before' ? 'provider_unreachable' : 'provider_broken_answer', undefined, cause);
    },
    ofProblem,
    timeout: (what) => fail('provider_timeout', what),
    broken: (what) => fail('provider_broken_answer', what),
    refused: () => fail('provider_refused'),
  };
}

/** The provider's side of a failure, for the log: codes, and its words where they are short and harmless. */
class ProviderRemark extends Error {
  readonly httpStatus: number | undefined;
  readonly providerCode: string | undefined;
  readonly providerType: string | undefined;
  readonly param: string | undefined;
  readonly requestId: string | undefined;

  constructor(problem: Problem, clean: (text: string) => string) {
    const { status, message = '' } = problem;
    // Providers like to quote a key that they don't accept.
    const quotesKey = status === 401 || status === 403 || message.length > MAX_REMARK_CHARS;
    super(quotesKey ? '(what the provider says is left out)' : clean(message));
    this.name = 'ProviderRemark';
    const cleaned = (text: string | null | undefined) => (text ? clean(text).slice(0, MAX_REMARK_CHARS) : undefined);
    this.httpStatus = status;
    this.providerCode = cleaned(problem.code);
    this.providerType = cleaned(problem.type);
    this.param = cleaned(problem.param);
    this.requestId = cleaned(problem.requestId);
  }
}

const MODEL_CODES =
  /^(model_not_found|model_not_available|model_decommissioned|unknown_model|invalid_model|deprecated_model)$/;
const MODEL_WORDS =
  /\bmodel\b.{0,120}\b(does not exist|not exist|not found|retired|deprecated|decommissioned|no longer|shut ?down|unknown|not supported|invalid)/i;

function classify({ status, code, type, param, message = '' }: Problem): ProviderFailure {
  const words = `${code ?? ''} ${type ?? ''}`;
  if (/content_(filter|policy)|moderation/.test(words)) return 'provider_refused';
  if (status === 402 || /insufficient_quota|billing/.test(words)) return 'provider_quota_exhausted';
  if (status === 429 || /rate_limit|too_many_requests/.test(words)) return 'provider_rate_limited';
  if (status === 401 || /invalid_api_key|authentication|unauthori[sz]ed/.test(words)) return 'provider_unauthorized';
  if (MODEL_CODES.test(code ?? '') || MODEL_WORDS.test(message) || /(^|\.)model$/.test(param ?? '')) {
    return 'provider_model_unknown';
  }
  if (status === 403) return 'provider_unauthorized';
  if ((status ?? 0) >= 500 || status === 408 || status === 409 || /server_error|overloaded/.test(words)) {
    return 'provider_failed';
  }
  return status === undefined && !/invalid_request/.test(words) ? 'provider_failed' : 'provider_bad_request';
}

function detailOf(code: ProviderFailure, { status, param }: Problem, model: string): string | undefined {
  if (code === 'provider_model_unknown') return `"${model}" is unknown or retired`;
  if (code !== 'provider_bad_request') return undefined;
  // Most often the base URL of a server that has no such service.
  if (status === 404) return `it has nothing at that address, asked for model "${model}"`;
  return `model "${model}"${param && /^[\w.[\]]{1,60}$/.test(param) ? `, parameter ${param}` : ''}`;
}

function problemOf(error: APIError, clock: Clock): Problem {
  const { status, code, type, param, requestID: requestId, headers } = error;
  const body: unknown = error.error;
  const words = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  const message = typeof words === 'string' ? words : '';
  return {
    status,
    code,
    type,
    param,
    message,
    requestId,
    retryAfterMs: retryAfterMs((name) => headers?.get(name), clock),
  };
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterMs(header: (name: string) => string | null | undefined, clock: Clock): number | undefined {
  const inMs = Number.parseFloat(header('retry-after-ms') ?? '');
  if (inMs >= 0) return inMs;
  const after = header('retry-after') ?? '';
  if (/^\s*\d+(\.\d+)?\s*$/.test(after)) return Number.parseFloat(after) * 1000;
  const at = Date.parse(after);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

/** An error of ours that came back through the SDK: the deadline's, the connection's. */
function findOwn(error: unknown): KukuError | undefined {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    if (current instanceof KukuError) return current;
    current = current.cause;
  }
  return undefined;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause =
    error.cause instanceof Error ? ` (${(error.cause as NodeJS.ErrnoException).code ?? error.cause.message})` : '';
  return `${error.message}${cause}`;
}

function scrubber(apiKey: string | undefined): (text: string) => string {
  const shapes = /\bBearer\s+\S+|\b(?:sk|gsk|xi|key|pk)[-_][\w-]{6,}/g;
  return (text) => {
    const known = apiKey ? text.replaceAll(apiKey, '…').replaceAll(encodeURIComponent(apiKey), '…') : text;
    return known.replaceAll(shapes, '…');
  };
}
