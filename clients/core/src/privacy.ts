/** What a server keeps of a person: what they agree to, all of it to take along, and the end of it. */
import type { ConsentBody } from '../../../protocol/rest.ts';
import { call, type RestOptions } from './rest.ts';

export type { ConsentBody } from '../../../protocol/rest.ts';

/** What happens to what people say, and whether this one agreed to that. */
export function getConsent(url: string, options: RestOptions = {}): Promise<ConsentBody> {
  return call(url, '/api/consent', options);
}
