/** A session as people have it, for tests and for the pictures of the documentation. */
import type { Message, Recap } from '../../../../protocol/messages.ts';
import type { PastSession } from './scripted-rest.ts';

export const RECAP: Recap = {
  topic: 'Too much work, and a manager who keeps adding to it',
  goal: 'Leave the office at six, three days a week, by Christmas',
  insights: ['You say yes before you have looked at your week.', 'Your manager may not know how full it is.'],
  commitments: [
    { what: 'Show your manager the list of open projects', by: 'Monday', confidence: 8 },
    { what: 'Wait an hour before saying yes to anything new', confidence: 6 },
  ],
  summary:
    'You came with a week that never ends. You want your evenings back, and you found that the first step is a talk, not a trick.',
};

const said = (id: string, sender: Message['sender'], text: string, audioUrl?: string): Message => ({
  id,
  sender,
  text,
  timestamp: '2026-11-20T09:00:00.000Z',
  ...(audioUrl && { audioUrl }),
});

export const MESSAGES: readonly Message[] = [
  said(
    'm1',
    'ai',
    'Hello, I am Kuku, an AI coach. We have half an hour. What would you like to talk about?',
    '/audio/m1.wav',
  ),
  said('m2', 'user', 'I want to talk about my job. My manager gives me too much work.'),
  said('m3', 'ai', 'That sounds heavy. What would be different if it went well?', '/audio/m3.wav'),
  said('m4', 'user', 'I would leave the office at six.'),
];

const listed = { status: 'ended', endReason: 'confirmed', stage: 'way_forward', messageCount: 4 } as const;

export const PAST: readonly PastSession[] = [
  {
    session: {
      ...listed,
      sessionId: 'p1',
      title: 'My manager gives me too much work',
      createdAt: '2026-11-20T09:00:00.000Z',
      updatedAt: '2026-11-20T09:28:00.000Z',
      endedAt: '2026-11-20T09:28:00.000Z',
      elapsedMs: 1_680_000,
    },
    messages: MESSAGES,
    recap: RECAP,
  },
  {
    session: {
      ...listed,
      sessionId: 'p2',
      title: 'Whether to move to the coast',
      createdAt: '2026-11-12T18:30:00.000Z',
      updatedAt: '2026-11-12T18:52:00.000Z',
      endedAt: '2026-11-12T18:52:00.000Z',
      elapsedMs: 1_320_000,
      messageCount: 31,
    },
    messages: [said('n1', 'user', 'I keep thinking about the sea.'), said('n2', 'ai', 'What is it about the sea?')],
  },
  {
    session: {
      ...listed,
      sessionId: 'p3',
      title: 'Saying no without feeling guilty',
      createdAt: '2026-11-03T07:15:00.000Z',
      updatedAt: '2026-11-03T07:46:00.000Z',
      endedAt: '2026-11-03T07:46:00.000Z',
      elapsedMs: 1_860_000,
      messageCount: 42,
    },
    messages: [said('o1', 'user', 'I always say yes.')],
  },
];
