import { createLocalBus } from '../../../server/storage/local-bus.ts';
import { instanceBusContract } from '../../contracts/instance-bus.ts';

instanceBusContract('one process', async () => {
  const bus = createLocalBus();
  return { one: bus, other: bus, settled: async () => {}, close: () => bus.close() };
});
