import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { LEASE_MS } from '../../../server/ports/session-store.ts';
import { sessionStoreContract } from '../../contracts/session-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

sessionStoreContract('the memory store', async () => {
  const clock = createFakeClock();
  return {
    store: createMemorySessions({ clock }),
    now: () => Promise.resolve(clock.now()),
    advance: (ms) => clock.advance(ms),
    leaseMs: LEASE_MS,
    userId: 'u',
  };
});
