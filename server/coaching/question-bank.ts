/**
 * The questions, by stage and by what they are after. Open, short, one at a time. `{about}` is the topic's short name,
 * `{person}` somebody who was mentioned, `{option}` one of the person's own options; a question that needs one which
 * isn't known is left out. The slots follow the stages of T-GROW (J. Whitmore, Coaching for Performance; M. Downey added
 * the topic); the wording is our own.
 */
import type { Stage } from '../../protocol/messages.ts';

export interface Question {
  readonly id: string;
  readonly slot: string;
  readonly text: string;
}

/** Slots in the order they are worked through. The second and later questions of a slot serve as spares. */
export const QUESTIONS: Readonly<Record<Stage, readonly Question[]>> = {
  topic: [
    { id: 't-weight', slot: 'weight', text: 'What makes this important to you right now?' },
    { id: 't-weight-2', slot: 'weight', text: 'Why is {about} on your mind today, of all days?' },
    { id: 't-detail', slot: 'detail', text: 'Which part of it would be most useful to look at together?' },
    { id: 't-core', slot: 'detail', text: 'If you had to put the heart of it in one sentence, what would you say?' },
    { id: 't-long', slot: 'history', text: 'How long has this been going on?' },
    { id: 't-cost', slot: 'weight', text: 'What does it cost you to leave it the way it is?' },
    { id: 't-example', slot: 'history', text: 'What happened most recently that brought it up?' },
  ],
  goal: [
    { id: 'g-goal', slot: 'goal', text: 'What would you like to be different?' },
    {
      id: 'g-goal-2',
      slot: 'goal',
      text: "Suppose this went really well: what would you have that you don't have now?",
    },
    { id: 'g-sign', slot: 'sign', text: 'How would you notice that you had got there?' },
    { id: 'g-sign-2', slot: 'sign', text: 'What would be the first small sign that it is getting better?' },
    { id: 'g-today', slot: 'scope', text: 'What would you like to take away from our talk today?' },
    { id: 'g-why', slot: 'why', text: 'What would that give you?' },
    { id: 'g-control', slot: 'scope', text: 'Which part of that is in your own hands?' },
    { id: 'g-person', slot: 'sign', text: 'What would {person} notice about you, if you got there?' },
    { id: 'g-time', slot: 'when', text: 'By when would you like to be there?' },
    { id: 'g-wish', slot: 'goal', text: 'If you could change one thing about {about}, what would it be?' },
  ],
  reality: [
    { id: 'r-now', slot: 'situation', text: 'Where do you stand with that today?' },
    { id: 'r-obstacle', slot: 'obstacle', text: 'What gets in the way the most?' },
    { id: 'r-tried', slot: 'tried', text: 'What have you already tried?' },
    { id: 'r-effect', slot: 'feeling', text: 'How does that affect you, day to day?' },
    { id: 'r-moment', slot: 'situation', text: 'Can you tell me about a recent moment when it showed?' },
    { id: 'r-strength', slot: 'strength', text: 'What has helped you with something like this before?' },
    { id: 'r-own', slot: 'own', text: 'What is your own part in it, if you are honest with yourself?' },
    { id: 'r-works', slot: 'strength', text: 'What is already working, even a little?' },
    { id: 'r-else', slot: 'people', text: 'Who else is part of this, and what do they need?' },
    { id: 'r-person', slot: 'people', text: 'How do you think it looks from the side of {person}?' },
    { id: 'r-assume', slot: 'own', text: 'What are you assuming here that might not be true?' },
    { id: 'r-inner', slot: 'obstacle', text: 'And inside you, what holds you back?' },
    { id: 'r-matter', slot: 'own', text: 'What matters most to you in all of this?' },
    { id: 'r-missing', slot: 'obstacle', text: 'What is missing for you to move?' },
    { id: 'r-nothing', slot: 'feeling', text: 'What happens if nothing changes for another half year?' },
  ],
  options: [
    { id: 'o-could', slot: 'option', text: 'What could you do about it?' },
    { id: 'o-more', slot: 'option', text: 'What else could you do?' },
    { id: 'o-friend', slot: 'option', text: 'What would you tell a good friend in your place to try?' },
    { id: 'o-free', slot: 'option', text: 'If you had all the courage in the world, what would you do?' },
    { id: 'o-weigh', slot: 'weigh', text: 'Of all that, what appeals to you most?' },
    { id: 'o-small', slot: 'option', text: 'What would be the smallest version of that?' },
    { id: 'o-help', slot: 'option', text: 'Who could help you with it, and how?' },
    { id: 'o-opposite', slot: 'option', text: 'What if you did the opposite of what you usually do?' },
    { id: 'o-person', slot: 'option', text: "What could you say to {person} that you haven't said yet?" },
    { id: 'o-stop', slot: 'option', text: 'What could you stop doing?' },
    { id: 'o-for', slot: 'weigh', text: 'What speaks for it, and what against?' },
    { id: 'o-admire', slot: 'option', text: 'How would someone you admire go about this?' },
    { id: 'o-wild', slot: 'option', text: 'And a slightly crazy idea, just for fun: what would that be?' },
    { id: 'o-past', slot: 'option', text: 'What did you do the last time you solved something hard?' },
  ],
  way_forward: [
    { id: 'w-act', slot: 'act', text: 'What will you do, as a first step?' },
    { id: 'w-act-2', slot: 'act', text: 'Which one step are you willing to take this week?' },
    { id: 'w-block', slot: 'ahead', text: 'What could get in the way of it?' },
    { id: 'w-block-2', slot: 'ahead', text: 'And if that happens, how will you handle it?' },
    { id: 'w-support', slot: 'support', text: 'Who could you tell about it, so that it becomes real?' },
    { id: 'w-remind', slot: 'remind', text: 'What will remind you when the day comes?' },
    { id: 'w-insight', slot: 'insight', text: "What do you see now that you didn't see when we started?" },
    { id: 'w-feel', slot: 'insight', text: 'How do you feel about it now, compared with the start of our talk?' },
    { id: 'w-first', slot: 'ahead', text: 'What is the very first thing you have to do to get it going?' },
    { id: 'w-proud', slot: 'insight', text: 'How will it feel when it is done?' },
    { id: 'w-easier', slot: 'ahead', text: 'How could you make it a little easier for yourself?' },
    { id: 'w-next', slot: 'act', text: 'And after that first step, what comes next?' },
    { id: 'w-self', slot: 'insight', text: 'What have you learned about yourself here?' },
    { id: 'w-celebrate', slot: 'support', text: 'How will you reward yourself for it?' },
    { id: 'w-else', slot: 'insight', text: 'What else would you like to say before we close?' },
  ],
};

/** For somebody who answers with a word or two: narrower, easier to answer. */
export const GENTLE: Readonly<Record<Stage, readonly Question[]>> = {
  topic: [
    { id: 'n-t-week', slot: 'topic', text: 'What took up the most energy this week?' },
    { id: 'n-t-area', slot: 'topic', text: 'Is it more about work, about people, or about yourself?' },
    { id: 'n-t-better', slot: 'topic', text: 'What is one small thing you wish were easier?' },
  ],
  goal: [
    { id: 'n-g-scale', slot: 'scale', text: 'On a scale from one to ten, where are you with this today?' },
    { id: 'n-g-day', slot: 'goal', text: 'Picture a good day a month from now: what is happening?' },
    { id: 'n-g-less', slot: 'goal', text: 'What would you like less of?' },
    { id: 'n-g-more', slot: 'goal', text: 'And what would you like more of?' },
  ],
  reality: [
    { id: 'n-r-example', slot: 'situation', text: 'Can you give me one example, even a small one?' },
    { id: 'n-r-scale', slot: 'scale', text: 'On a scale from one to ten, how hard is it at the moment?' },
    { id: 'n-r-last', slot: 'situation', text: 'What happened the last time?' },
    { id: 'n-r-worst', slot: 'obstacle', text: 'What is the hardest part?' },
  ],
  options: [
    { id: 'n-o-one', slot: 'option', text: 'If you had to do one thing tomorrow, what would it be?' },
    { id: 'n-o-ten', slot: 'option', text: 'What could you do in ten minutes?' },
    { id: 'n-o-who', slot: 'option', text: 'Who could you ask?' },
    { id: 'n-o-least', slot: 'option', text: 'What is the easiest thing you could change?' },
  ],
  way_forward: [
    { id: 'n-w-tiny', slot: 'act', text: 'What is a step so small that you would surely do it?' },
    { id: 'n-w-today', slot: 'act', text: 'Is there something you could do before you go to bed tonight?' },
    { id: 'n-w-week', slot: 'act', text: 'What would you like to have done by this time next week?' },
  ],
};
