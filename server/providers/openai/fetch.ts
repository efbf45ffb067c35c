/** What the SDK sends and receives through: connections of an agent of ours, and answers that it can make sense of. */
import { type Agent, fetch as undiciFetch } from 'undici';
import type { Clock } from '../../ports/clock.ts';

/** How long the end of an answer is waited for that nobody reads on. */
const LINGER_MS = 250;

type Fetch = typeof globalThis.fetch;

/** undici's own `fetch`, since the one in Node may be of another version than the agent. */
export function fetchThrough(agent: Agent, clock: Clock): Fetch {
  const through = async (url: unknown, init: RequestInit = {}) => {
    const request = init.body instanceof FormData ? await encoded(init, init.body) : init;
    const answer = await undiciFetch(url as string, { ...(request as object), dispatcher: agent });
    const response = answer as unknown as Response;
    return response.status < 400 ? lingering(response, { clock, signal: init.signal }) : withError(response);
  };
  // The SDK looks there whether forms can be sent.
  return Object.assign(through as Fetch, { Response });
}

/** undici's `fetch` does not know Node's form. */
async function encoded(init: RequestInit, form: FormData): Promise<RequestInit> {
  const whole = new Response(form);
  const headers = new Headers(init.headers);
  headers.set('content-type', whole.headers.get('content-type') ?? 'multipart/form-data');
  return { ...init, headers, body: new Uint8Array(await whole.arrayBuffer()) };
}

/**
 * The SDK cancels an answer at its `[DONE]`, when the end of the body is often still on its way, and a cancelled body
 * takes its connection along: every turn would begin with a handshake. So what is cancelled without an abort is read on
 * for a moment.
 */
function lingering(response: Response, { clock, signal }: { clock: Clock; signal: AbortSignal | null | undefined }) {
  if (!response.body) return response;
  const reader = response.body.getReader();
  const drain = async () => {
    const stop = clock.after(LINGER_MS, () => void reader.cancel().catch(() => {}));
    try {
      for (let end = false; !end;) ({ done: end } = await reader.read());
    } finally {
      stop();
    }
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        if (signal?.aborted) await reader.cancel(reason);
        else drain().catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/**
 * The SDK reads what is under `error` and forgets the rest, but some servers have their message at the top, or under
 * `detail`: without it nobody would know which parameter was wrong.
 */
async function withError(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, headers } = response;
  return new Response(hasError(text) ? text : JSON.stringify({ error: { message: text } }), { status, headers });
}

function hasError(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'error' in body;
  } catch {
    return false;
  }
}
