import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExternalIssuer, type VerifyJwt } from '../../../server/auth/external-issuer.ts';
import { silentLog } from '../../../server/ports/log.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const verifierOf = ({ env }: TestIssuer): VerifyJwt =>
  createExternalIssuer({
    jwksUrl: env.AUTH_JWKS_URL,
    issuer: env.AUTH_ISSUER,
    audience: env.AUTH_AUDIENCE,
    log: silentLog,
  });

describe('tokens of an external issuer', () => {
  let issuer: TestIssuer;
  let verify: VerifyJwt;
  beforeAll(async () => {
    issuer = await startIssuer();
    verify = verifierOf(issuer);
  });
  afterAll(() => issuer.close());

  it('speak for their subject', async () => {
    expect(await verify(await issuer.token({ subject: 'ada' }))).toEqual({
      issuer: issuer.env.AUTH_ISSUER,
      subject: 'ada',
    });
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('are taken when signed with %s', async (alg) => {
    const other = await startIssuer(alg);
    expect(await verifierOf(other)(await other.token())).toMatchObject({ subject: 'person-1' });
    await other.close();
  });

  it.each([
    ['of another issuer', () => issuer.token({ issuer: 'https://else.example' })],
    ['for another audience', () => issuer.token({ audience: 'another-service' })],
    ['signed by nobody (alg: none)', async () => issuer.unsigned()],
    ['signed with the public key as a secret', () => issuer.signedWithPublicKey()],
    ['without a subject', () => issuer.token({ subject: '' })],
    ['with a subject that no database takes', () => issuer.token({ subject: 'a\0b' })],
    ['that are none', async () => 'a.b.c'],
    ['whose signature was cut', async () => (await issuer.token()).slice(0, -4)],
    ['whose claims were changed', async () => withSubject(await issuer.token(), 'somebody-else')],
  ])('%s are refused', async (_what, token) => {
    await expect(verify(await token())).rejects.toMatchObject({ code: 'invalid_token', status: 401 });
  });

  it('that have run out are refused, and it is said that this is why', async () => {
    const late = await issuer.token({ expiresIn: -60 });
    await expect(verify(late)).rejects.toMatchObject({ code: 'token_expired', status: 401 });
  });

  it('of another key server with the same claims are refused', async () => {
    const impostor = await startIssuer();
    const token = await impostor.token({ issuer: issuer.env.AUTH_ISSUER });
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_token' });
    await impostor.close();
  });

  it('are taken when the issuer has rotated its keys, without a restart, and those of the old key no longer', async () => {
    const before = await issuer.token();
    expect(await verify(before)).toMatchObject({ subject: 'person-1' });
    await issuer.rotate();
    const after = await issuer.token({ subject: 'ada' });
    // Keys are fetched again at most once a second, however many tokens with unknown keys come.
    await sleep(1100);
    expect(await verify(after)).toMatchObject({ subject: 'ada' });
    await expect(verify(before)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('with unknown keys do not make the server ask the issuer again and again', async () => {
    const impostor = await startIssuer();
    await impostor.rotate();
    await impostor.rotate();
    const strange = await impostor.token({ issuer: issuer.env.AUTH_ISSUER });
    const asked = issuer.asked;
    for (let i = 0; i < 50; i += 1) await expect(verify(strange)).rejects.toMatchObject({ code: 'invalid_token' });
    expect(issuer.asked - asked).toBeLessThan(50);
    await impostor.close();
  });

  it('can’t be checked while the issuer’s keys can’t be had, which is no refusal', async () => {
    const away = await startIssuer();
    away.fail(true);
    const check = verifierOf(away);
    const token = await away.token();
    await expect(check(token)).rejects.toMatchObject({ code: 'issuer_away', status: 503, retryable: true });
    away.fail(false);
    await sleep(1100);
    expect(await check(token)).toMatchObject({ subject: 'person-1' });
    await away.close();
    await expect(verifierOf(away)(token)).rejects.toMatchObject({ code: 'issuer_away' });
  });
});

function withSubject(token: string, sub: string): string {
  const [head, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object;
  return [head, Buffer.from(JSON.stringify({ ...claims, sub })).toString('base64url'), signature].join('.');
}
