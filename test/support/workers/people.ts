/** A thread of `../people.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Crowd, Order, ThreadJob } from '../people.ts';
import { type Person, startPerson } from '../person.ts';

const { url, count, thinkMs, arriveMs, thread } = workerData as ThreadJob;

const people: Person[] = await Promise.all(
  Array.from({ length: count }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, (index * arriveMs) / count));
    return startPerson({ url, thinkMs, name: `t${thread}p${index}` });
  }),
);

async function obey(order: Order): Promise<unknown> {
  switch (order.type) {
    case 'count': {
      const live = people.filter(({ isLive }) => isLive).length;
      const quiet = people.filter(({ isQuiet }) => isQuiet).length;
      const over = people.filter(({ isOver }) => isOver).length;
      return { people: people.length, live, quiet, over } satisfies Crowd;
    }
    case 'hush':
      for (const person of people) person.hush();
      return undefined;
    case 'probe':
      for (const person of people.slice(0, Math.round(people.length * order.share))) person.probe();
      return undefined;
    case 'records':
      return people.map((person) => person.record());
    case 'leave':
      await Promise.all(people.map((person) => person.leave()));
      return undefined;
  }
}

parentPort?.on('message', (order: Order) => {
  void obey(order).then((answer) => parentPort?.postMessage(answer));
});
parentPort?.postMessage('arrived');
