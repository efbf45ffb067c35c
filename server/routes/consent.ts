/** `/api/consent`: what people agree to, and that they did. */
import type { FastifyPluginAsync } from 'fastify';
import { ConsentBody, GivingConsent, type Success } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Consents, ConsentText } from '../ports/consents.ts';
import type { Callers } from './callers.ts';
import { checked } from './rest.ts';
import type { RouteDoc } from './route-doc.ts';

export interface ConsentOptions {
  consent: ConsentText & {
    /** Nobody starts a session who did not agree to this version. */
    required: boolean;
  };
  consents: Consents;
  callers: Callers;
  clock: Clock;
}

export function consentRoutes(options: ConsentOptions): FastifyPluginAsync {
  const { consent, consents, callers } = options;
  const answer = async (userId: string | undefined): Promise<Success<ConsentBody>> => {
    const given = userId === undefined ? [] : await consents.of(userId);
    const { givenAt } = given.find(({ version }) => version === consent.version) ?? {};
    return { success: true, data: { ...consent, givenAt: givenAt === undefined ? null : isoTime(givenAt) } };
  };
  return async (app) => {
    app.get('/api/consent', { config: { doc: DOCS.read } }, async (request) => {
      // Shown to everybody, also before they have signed in.
      const userId = await callers.userOf(request).catch((error: unknown) => {
        if (error instanceof KukuError && error.status === 401) return undefined;
        throw error;
      });
      return answer(userId);
    });
    app.post('/api/consent', { config: { doc: DOCS.give } }, async (request, reply) => {
      const { version } = checked(GivingConsent, request.body);
      const userId = await callers.welcome(request, reply);
      await giveConsent(userId, version, options);
      return answer(userId);
    });
  };
}

/** Throws `consent_changed` (409) for another text than today's, `nobody` (403) for one who has no identity. */
async function giveConsent(userId: string | undefined, version: string, options: ConsentOptions): Promise<void> {
  const { consent, consents, clock } = options;
  if (version !== consent.version) {
    const message = 'The text has changed; please read it again.';
    throw new KukuError(message, { code: 'consent_changed', status: 409 });
  }
  if (userId === undefined) {
    const message = 'Consent is recorded with a name, and you have none here: please sign in.';
    throw new KukuError(message, { code: 'nobody', status: 403 });
  }
  await consents.give(userId, { version, text: consent.text }, clock.now());
}

/**
 * Before a session is started, with the version that may come along with the wish: throws `consent_required` (403) where
 * it is needed and was not given.
 */
export async function mustConsent(
  given: string | undefined,
  userId: string | undefined,
  options: ConsentOptions,
): Promise<void> {
  const { consent, consents } = options;
  if (given !== undefined) return giveConsent(userId, given, options);
  if (!consent.required) return;
  const before = userId === undefined ? [] : await consents.of(userId);
  if (before.some(({ version }) => version === consent.version)) return;
  const message = 'Please read what happens to your words (GET /api/consent), and agree to it first.';
  throw new KukuError(message, { code: 'consent_required', status: 403 });
}

const isoTime = (at: number) => new Date(at).toISOString();

const DOCS = {
  read: {
    summary: 'What happens to the words of those who talk here, in its version, and whether the caller agreed to it.',
    tag: 'me',
    data: ConsentBody,
  },
  give: {
    summary: 'The caller agrees to that version of the text. A browser also gets a cookie that it is known by.',
    tag: 'me',
    bodies: { 'application/json': GivingConsent },
    data: ConsentBody,
    refusals: { 400: 'No version', 403: 'The caller has no identity', 409: 'The text has changed' },
  },
} as const satisfies Record<string, RouteDoc>;
