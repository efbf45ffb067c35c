import type { Stage } from '../../../../protocol/messages.ts';

/** The steps in their order: `STAGES` of the protocol, which brings the whole schema along. A test compares the two. */
export const STAGES = ['topic', 'goal', 'reality', 'options', 'way_forward'] as const satisfies readonly Stage[];
