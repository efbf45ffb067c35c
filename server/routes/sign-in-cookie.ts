/** The cookie of a sign-in: no script reads it, no other site's page sends it, and over TLS no other host sets it. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface SignInCookie {
  of(request: FastifyRequest): string | undefined;
  set(request: FastifyRequest, reply: FastifyReply, value: string, expiresInMs: number): void;
  clear(request: FastifyRequest, reply: FastifyReply): void;
}

const NAME = 'kuku_sign_in';

export function createSignInCookie(publicUrl: string | undefined): SignInCookie {
  const placeOf = (request: FastifyRequest) => {
    const secure = isSecure(request, publicUrl);
    // Browsers take a name that begins so over TLS only, for this host alone.
    return {
      name: secure ? `__Host-${NAME}` : NAME,
      options: { path: '/', httpOnly: true, secure, sameSite: 'strict' },
    } as const;
  };
  return {
    of: (request) => request.cookies[placeOf(request).name],
    set(request, reply, value, expiresInMs) {
      const { name, options } = placeOf(request);
      reply.setCookie(name, value, { ...options, maxAge: Math.floor(expiresInMs / 1000) });
    },
    clear(request, reply) {
      const { name, options } = placeOf(request);
      reply.clearCookie(name, options);
    },
  };
}

export function isSecure(request: FastifyRequest, publicUrl: string | undefined): boolean {
  return (publicUrl ?? `${request.protocol}:`).startsWith('https:');
}
