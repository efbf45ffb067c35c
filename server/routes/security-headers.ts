/** What every answer tells a browser: what may be loaded by it and done in it, and which pages may show or embed it. */
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isSecure } from './sign-in-cookie.ts';

export interface SecurityHeadersOptions {
  /** Where clients reach the server; absent: each request says whether it came over TLS. */
  publicUrl?: string | undefined;
}

type Directives = Record<string, string[]>;

/** For an answer that is no page: whatever it holds, nothing of it runs. */
const NOTHING: Directives = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** What the page uses, for itself alone; the rest of what a browser can do is off. */
const USED = 'microphone autoplay clipboard-write screen-wake-lock';
const UNUSED =
  'accelerometer camera clipboard-read display-capture encrypted-media fullscreen geolocation gyroscope hid ' +
  'idle-detection local-fonts magnetometer midi payment picture-in-picture publickey-credentials-create ' +
  'publickey-credentials-get serial storage-access sync-xhr usb window-management xr-spatial-tracking';
const PERMISSIONS = [permitted(USED, '(self)'), permitted(UNUSED, '()')].join(', ');

/** A year, for this host: what else there is under its domain is not ours to decide. */
const TLS_ONLY = 'max-age=31536000';

/** For refusals that are sent before there is a route, or even a request. */
export const REFUSAL_HEADERS = {
  'content-security-policy': policyOf(NOTHING),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'permissions-policy': PERMISSIONS,
};

/** Before everything that could answer, so that nothing is answered without. */
export async function secureAnswers(app: FastifyInstance, { publicUrl }: SecurityHeadersOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: NOTHING },
    frameguard: { action: 'deny' },
    // Below, as it may come over TLS or not. Hosts of the same domain are not made to.
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS);
    if (isSecure(request, publicUrl)) reply.header('strict-transport-security', TLS_ONLY);
  });
}

/** For an answer that is a page: what it loads besides nothing. */
export function allowInPage(reply: FastifyReply, directives: Directives): void {
  const contentSecurityPolicy = { useDefaults: false, directives: { ...NOTHING, ...directives } };
  void reply.helmet({ contentSecurityPolicy });
}

/** For a file that pages of other origins may load: scripts, and sound without CORS. */
export const FOR_ANY_PAGE = { 'cross-origin-resource-policy': 'cross-origin' };

function permitted(names: string, to: string): string {
  return names
    .split(' ')
    .map((name) => `${name}=${to}`)
    .join(', ');
}

function policyOf(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join(';');
}
