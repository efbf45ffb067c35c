/**
 * Questions between instances over Redis' publish and subscribe: nothing is kept, so an answer that nobody waits for any
 * more is dropped by itself, and an instance that is gone is known at once: nobody subscribes to its channel.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { InstanceBus } from '../../ports/instance-bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type Answer, awaitAnswer } from '../bus-answer.ts';
import { fromWireError, ownerAway, toWireError } from '../bus-errors.ts';
import type { RedisConnection } from './connection.ts';

const CHANNEL = 'kuku:bus:';
/** A subscription whose network is gone is silent, like one that has nothing to say: it is asked now and then. */
const PING_MS = 5000;
/** Questions that are remembered: Redis' client may send one again when its connection broke. */
const MAX_REMEMBERED = 1000;

const Envelope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('question'), id: z.string(), from: z.string(), request: z.unknown() }),
  z.object({ kind: z.literal('answer'), id: z.string(), answer: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.string(), error: z.unknown() }),
]);
type Envelope = z.infer<typeof Envelope>;

export interface RedisBusOptions {
  connection: RedisConnection;
  clock: Clock;
  log: Log;
}

export function createRedisBus({ connection, clock, log }: RedisBusOptions): InstanceBus {
  const subscriber = connection.open({ commandTimeout: undefined, maxRetriesPerRequest: null });
  const answersTo = CHANNEL + randomUUID();
  const answers = new Map<string, Answer>();
  const handlers = new Map<string, (request: unknown) => Promise<unknown>>();
  const remembered = new Set<string>();

  const publish = (channel: string, envelope: Envelope) =>
    connection.send((redis) => redis.publish(channel, JSON.stringify(envelope)));

  const isNew = (id: string) => {
    if (remembered.has(id)) return false;
    remembered.add(id);
    for (const oldest of remembered) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(oldest);
    }
    return true;
  };

  const serveOne = async (channel: string, { id, from, request }: Extract<Envelope, { kind: 'question' }>) => {
    const handler = handlers.get(channel);
    if (!handler || !isNew(id)) return;
    const reply = await handler(request).then(
      (answer): Envelope => ({ kind: 'answer', id, answer }),
      (error: unknown): Envelope => ({ kind: 'failure', id, error: toWireError(error) }),
    );
    await publish(from, reply);
  };

  const receive = (channel: string, text: string) => {
    const envelope = Envelope.parse(JSON.parse(text));
    if (envelope.kind === 'question') {
      serveOne(channel, envelope).catch((error: unknown) => log.warn({ err: error }, 'an answer could not be sent'));
      return;
    }
    const answer = answers.get(envelope.id);
    if (envelope.kind === 'answer') answer?.resolve(envelope.answer);
    else answer?.reject(fromWireError(envelope.error));
  };

  subscriber.on('message', (channel, text) => {
    try {
      receive(channel, text);
    } catch (error) {
      log.warn({ err: error }, 'a message between instances could not be read');
    }
  });
  const subscribe = (channel: string) =>
    subscriber.subscribe(channel).catch((error: unknown) => log.warn({ err: error }, 'a subscription failed'));
  let isListening = false;
  const listening = subscribe(answersTo).then(() => void (isListening = true));
  /** An answer needs somebody to hear it. Rejects when Redis is away. */
  const hearing = async () => {
    if (isListening) return;
    await connection.ping();
    await listening;
  };
  const stopPinging = keepAlive(clock, () => subscriber.ping());

  return {
    serve(instanceId, handler) {
      const channel = CHANNEL + instanceId;
      handlers.set(channel, handler);
      const subscribed = subscribe(channel);
      return async () => {
        handlers.delete(channel);
        // Never subscribed, when Redis was away all the while: then there is nothing to wait for.
        if (subscriber.status === 'ready') await subscribed.then(() => subscriber.unsubscribe(channel));
      };
    },
    async ask(instanceId, request, options) {
      options.signal.throwIfAborted();
      const id = randomUUID();
      const answer = awaitAnswer(clock, options);
      answers.set(id, answer);
      const question: Envelope = { kind: 'question', id, from: answersTo, request };
      hearing()
        .then(() => publish(CHANNEL + instanceId, question))
        .then((receivers) => (receivers === 0 ? answer.reject(ownerAway()) : undefined))
        .catch((error: unknown) => answer.reject(error));
      return answer.promise.finally(() => answers.delete(id));
    },
    async close() {
      stopPinging();
      handlers.clear();
      subscriber.disconnect();
    },
  };
}

/** The result stops it. */
function keepAlive(clock: Clock, ping: () => Promise<unknown>): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(PING_MS, () => {
      // What is wrong with the connection its own listener says.
      ping().catch(() => {});
      next();
    });
  };
  next();
  return () => cancel();
}
