/** OpenAI's error answers, as its documentation and its SDK's types have them. */
import type { Trouble } from './script.ts';

interface ErrorBody {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

export function refusal(
  status: number,
  error: Partial<ErrorBody> & { message: string },
  headers: Readonly<Record<string, string>> = {},
): Trouble {
  const whole: ErrorBody = { type: 'invalid_request_error', param: null, code: null, ...error };
  return { trouble: 'status', status, headers: { 'x-request-id': 'req_loopback', ...headers }, body: { error: whole } };
}

/** Quotes the key whole, as careless vendors do. */
export const unauthorized = (key: string) =>
  refusal(
    401,
    { message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' },
    { 'x-echo': `Bearer ${key}` },
  );

export const rateLimited = (retryAfter: string) =>
  refusal(
    429,
    { message: 'Rate limit reached for requests', type: 'requests', code: 'rate_limit_exceeded' },
    { 'retry-after': retryAfter },
  );

export const outOfQuota = refusal(429, {
  message: 'You exceeded your current quota, please check your plan and billing details.',
  type: 'insufficient_quota',
  code: 'insufficient_quota',
});

export const serverError = refusal(500, { message: 'The server had an error.', type: 'server_error' });

export const unsupported = (param: string) =>
  refusal(400, { message: `Unsupported parameter: '${param}'.`, param, code: 'unsupported_parameter' });

export const unknownModel = (model: string) =>
  refusal(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  });
