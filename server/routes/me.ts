/** `/api/me`: all that is kept of the caller, to take along or to be gone. */
import type { FastifyPluginAsync } from 'fastify';
import { DeletedMeBody, type Success } from '../../protocol/rest.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { Consents } from '../ports/consents.ts';
import { OWN_ISSUER } from '../ports/token-verifier.ts';
import { type Callers, GUEST_COOKIE } from './callers.ts';
import { exportZip, nothingKept } from './export-zip.ts';
import { type ForgetOptions, forgetUser } from './forget-session.ts';
import { untilGone } from './rest.ts';
import type { RouteDoc } from './route-doc.ts';
import type { SignInCookie } from './sign-in-cookie.ts';

export interface MeRoutesOptions extends ForgetOptions {
  consents: Consents;
  callers: Callers;
  cookie: SignInCookie;
  /** Absent: nobody has an account here. */
  accounts: Pick<Accounts, 'remove' | 'profile' | 'signIns'> | undefined;
}

export function meRoutes(options: MeRoutesOptions): FastifyPluginAsync {
  const { accounts, archive, audio, callers, clock, consents, cookie } = options;
  const accountOf = async (subject: string) => ({
    account: { ...(await accounts?.profile(subject)), signIns: await accounts?.signIns(subject) },
  });
  return async (app) => {
    app.get('/api/me/export', { config: { doc: DOCS.export } }, async (request, reply) => {
      const { userId, issuer, subject } = await callers.of(request);
      const user = userId === undefined ? undefined : await archive.user(userId);
      if (!user) throw nothingKept();
      const exportedAt = clock.now();
      const account = issuer === OWN_ISSUER && subject !== undefined ? await accountOf(subject) : {};
      const facts = { exportedAt, user, consents: await consents.of(user.id), ...account };
      const name = `kuku-coach-${new Date(exportedAt).toISOString().slice(0, 10)}.zip`;
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      });
      return reply.send(exportZip(user.id, facts, { archive, audio, log: request.log, signal: untilGone(reply) }));
    });
    app.delete('/api/me', { config: { doc: DOCS.delete } }, async (request, reply): Promise<Success<DeletedMeBody>> => {
      const { userId, guestId, issuer, subject } = await callers.of(request);
      if (userId === undefined) throw nothingKept();
      const sessions = await forgetUser(userId, options);
      // Last: while something of it is left, its owner can sign in and ask again.
      if (issuer === OWN_ISSUER && subject !== undefined) await accounts?.remove(subject);
      cookie.clear(request, reply);
      if (userId === guestId) reply.clearCookie(GUEST_COOKIE, { path: '/' });
      return { success: true, data: { sessions } };
    });
  };
}

const DOCS = {
  export: {
    summary: 'All that is kept of the caller: a zip with `me.json`, and a folder a session with its JSON and audio.',
    tag: 'me',
    bare: { 'application/zip': undefined },
    refusals: { 404: 'Nothing is kept under that name' },
  },
  delete: {
    summary:
      'Removes the caller and all that is kept of them: sessions, what was said, recaps, ratings, audio, and an account here. At once, for good.',
    tag: 'me',
    data: DeletedMeBody,
    refusals: { 404: 'Nothing is kept under that name' },
  },
} as const satisfies Record<string, RouteDoc>;
