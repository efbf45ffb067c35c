/** What a server keeps of a person: what they agree to, all of it to take along, and the end of it. */
import type { ConsentBody, DeletedMeBody } from '../../../protocol/rest.ts';
import { call, send, type RestOptions } from './rest.ts';

export type { ConsentBody } from '../../../protocol/rest.ts';

/** What happens to what people say, and whether this one agreed to that. */
export function getConsent(url: string, options: RestOptions = {}): Promise<ConsentBody> {
  return call(url, '/api/consent', options);
}

/** All that is kept of the person, as a zip to be read from the answer's body. Throws a `RestError`. */
export function exportMe(url: string, options: RestOptions = {}): Promise<Response> {
  return send(url, '/api/me/export', options);
}

/** Removes the person and all that is kept of them, an account there included: at once, for good. */
export function deleteMe(url: string, options: RestOptions = {}): Promise<DeletedMeBody> {
  return call(url, '/api/me', options, { method: 'DELETE' });
}
