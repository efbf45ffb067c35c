/**
 * Utterances with the intent that a careful listener gives them, one a line. This half was in sight while the rules
 * were written; `wrap-up-held-out.ts` was not.
 *
 * `active` is said in the middle of a session, `confirming` right after the coach asked "Shall we wrap up?".
 */
import type { WrapUpIntent } from '../../../server/coaching/wrap-up.ts';

export interface LabelledUtterance {
  phase: 'active' | 'confirming';
  intent: WrapUpIntent;
  text: string;
}

export type LabelledLines = Record<'active' | 'confirming', Partial<Record<WrapUpIntent, string>>>;

export function readLines(lines: LabelledLines): LabelledUtterance[] {
  return (['active', 'confirming'] as const).flatMap((phase) =>
    Object.entries(lines[phase]).flatMap(([intent, block]) =>
      block
        .split('\n')
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .map((text) => ({ phase, intent: intent as WrapUpIntent, text })),
    ),
  );
}

export const wrapUpSet = readLines({
  active: {
    request: `
      let's wrap up
      Let's wrap up.
      LET'S RAP UP
      lets wrap it up here
      let's wrap things up
      LET US WRAPPED UP NOW
      let's warp up for today
      can we wrap up
      Could we maybe wrap this up?
      shall we wrap up then
      SHELL WE WRAP UP
      I'd like to wrap up now please
      I would like to end the session
      I WANT TO AND THE SESSION
      LET'S AND THE SESSION HERE
      end session
      End the session please.
      please stop the session
      Could you end this session?
      I want to stop here
      can we stop here
      CAN WE STOP HEAR
      let's stop there for today
      okay um let's uh stop for today
      I think we're done here
      I THINK WERE DONE HERE
      I think we are done for today
      we're done
      I'm done for today
      I guess we're done for now, thanks
      that's all for today
      THAT'S ALL FOUR TODAY
      That's all I wanted to talk about today.
      that's it for today
      that's it from me, thank you
      well I think that's everything for today
      that will be all thank you
      that's enough for today
      I have to go
      i have to go now
      I've got to go, sorry
      sorry I gotta run
      gotta go
      I need to leave in a minute so let's finish
      I need to go in five minutes
      oh my daughter just came home I have to go
      I really must dash
      I'd better go now
      I should get going
      let's call it a day
      LET'S CALL IT TODAY
      let's call it a night
      can we call it here
      let's leave it there
      shall we leave it at that for today
      Let's finish here.
      I'd like to finish now
      can we finish up
      time to wrap up I think
      I think it's time to stop
      it's probably time to end our session
      we should probably wrap up
      we should stop here
      maybe we should call it a day
      how about we stop here
      why don't we wrap up for today
      do you mind if we end here
      is it okay if we stop now
      would it be alright if we finished here
      I think this is a good place to stop
      this feels like a good point to end on
      I'm ready to wrap up
      I'm ready to finish for today
      let's pick this up next time
      can we continue this tomorrow
      let's carry on next week, I'm tired
      let's do the rest another time
      goodbye
      bye bye
      okay bye
      Thanks, that was helpful, goodbye!
      thank you for your time, talk to you next week
      see you next time
      I have a meeting in two minutes, can we stop
      my next call starts in a minute so we need to finish
      I'm running out of time, let's end here
      I think I have what I need, let's close
      let's close the session
      let's conclude for today
      Let us bring this to a close.
      I've got everything I needed for today thank you
      I talked to my boss and it went well and I feel good about the plan so let's wrap up
      it was a good talk about my sister and I know what to do now I think we can stop here
      yeah no I think I'm good for today
      like I said I have to leave now
      I don't have any more time today, let's stop
      I don't want to talk any more, let's finish
      can you wrap up please
      you can wrap up now
      finish the session
      I want to quit the session
      let's finish this conversation
      Would you mind wrapping up?
      I'd appreciate if we could wrap up soon
      I've had enough for today
    `,
    none: `
      let's wrap up the budget topic first
      let's wrap up the budget topic and go to the next one
      I want to wrap up the project by Friday
      I need to wrap up my thesis
      we have to wrap up this quarter with better numbers
      can we wrap up the part about my mother before we go on
      she said yes yesterday
      I don't want to stop
      I do not want to end the session
      please don't end the session
      don't stop
      let's not stop yet
      let's not wrap up yet
      I'm not ready to wrap up
      we're not done
      I don't think we're done here
      end of the quarter
      it's the end of the quarter and everybody is stressed
      at the end of the day it's my decision
      I need to end this relationship
      I want to end things with him
      I think I should end my contract
      we finished the session with my team early
      we wrapped up early yesterday
      we ended the session with a retrospective
      how do I stop procrastinating
      I want to stop smoking
      I can't stop thinking about it
      I need to stop saying yes to everything
      can we stop my habit of interrupting people
      I want to stop being afraid of my manager
      I said goodbye to him
      I had to say goodbye to my dog
      my boss said let's call it a day
      she told me we're done here
      and then he goes I think we're done and walked out
      he was like let's wrap up and I was furious
      my manager always says let's wrap up when I start talking
      I usually call it a day at six
      I'd like to call it a day earlier
      I have to go to the dentist on Monday
      I have to go back to my boss and ask for more
      I need to go through this step by step
      I have to leave my job
      I should leave him
      I want to leave the company by summer
      when I have to go to a meeting I get nervous
      every morning I have to go and feed the horses
      if I have to leave early people talk
      what if we end up losing the client
      I need to finish the report by Friday
      I never finish what I start
      I want to finish my degree
      can we finish the exercise first
      I want to close the deal this week
      I need closure
      we need to close the gap between sales and support
      that's all he ever says
      that's all I can think about
      that's it that's the problem
      that's everything to me
      I'm done with his excuses
      I'm done being the nice one
      we are done with the first phase of the project
      the kitchen is done
      I'm good at my job
      I'm ready to change
      I'm ready to quit my job
      it's time to stop pretending
      it's time to end the meeting culture in our company
      it is time to talk to her
      before we wrap up I want to talk about money
      how much time do we have before we stop
      when does the session end
      how long until we finish
      let's stop here for a second and look at what I just said
      can we pause for a moment I need to think
      wait a minute
      hang on let me think
      let's continue
      let's carry on
      let's continue with my sister
      can we go on to the next topic
      let's move on
      I'll see him next week
      I'll talk to her next time
      see you is what she wrote
      I want to pick up running again next week
      let's do it
      okay
      yes
      no
      thank you that helps
      thanks
      I want to be more confident at work
      my session with the therapist ended badly
      the meeting has to stop at five
      I have to stop at the shop on my way home
      I told her that I have to go and she cried
      sometimes I just want to stop
      I've had enough of this job
      enough about work let's talk about my family
      I have no time for my kids
      I'm running out of time on this project
      let's leave my boss out of this
      let's leave that topic for now and talk about Anna
      we could wrap up the offer and send it
      my goal for today is to finish the session with a plan
      I hope that we end the session with a clear next step
      I want to end the session with a concrete plan
      should I stop working there
      why do I always stop when it gets hard
      the call with the client we ended it after ten minutes
      he wants to end it
      they want us to wrap up by June
      I quit my last job in March
      my kids say bye bye to me every morning
      I keep saying bye and he keeps talking
      and the session with my therapist was good
      I wrap up warm when I go running
      wrap up warm
      rap music helps me focus
      I listen to rap
      the close of business on Friday is my deadline
      no more meetings after four
      I just want it to end
      I wish it would all stop
      I want this pain to end
    `,
  },
  confirming: {
    yes: `
      yes
      Yes.
      YES
      yeah
      yep
      yup
      sure
      okay
      ok
      alright
      all right
      of course
      yes please
      yes yes
      yeah sure
      sure why not
      why not
      absolutely
      definitely
      please do
      go ahead
      sounds good
      sounds good to me
      that sounds good
      yep let's do that
      yes let's do that
      let's do it
      yes wrap up
      YES RAP UP
      yes let's wrap up
      YES LET'S WRAPPED UP
      yes and the session
      yes end the session
      let's wrap up
      wrap up please
      um yes
      uh yeah I think so
      I think so yes
      well okay then
      hmm okay yes
      okay let's stop here
      okay let's finish
      yes we can stop
      yes we're done
      I'm done
      I think we're done
      that's all
      that's it for today
      no that's all
      no that's it thank you
      nope that's everything for today
      no I think we're done here
      nothing else
      no nothing else thanks
      yes thank you
      yes thank you so much
      yeah thanks that was really helpful
      yes please I'm tired
      yes I have to go anyway
      yes because I have another meeting
      yeah I think that's a good idea
      good idea
      fine by me
      fine
      that's fine
      works for me
      that works
      I agree
      I'm okay with that
      I'm fine with that
      I'm ready
      yes I'm ready
      ready when you are
      no problem
      sure no problem
      yes we can do that
      you can wrap up
      yeah let's call it a day
      let's leave it there
      yes I would like that
      I'd like that
      yes I'd like to stop now
      great let's do that
      perfect
      for sure
      certainly
      by all means
      I'd love to
      no wait yes let's stop
      no sorry I meant yes
      not yet actually yes let's wrap up
      hang on um yes okay
      wait yes
      bye
      yes goodbye
      yes let's continue next time
      let's pick it up next week
      I don't want to continue
      I don't need more time
      oh yes please do
      mm-hmm
      uh-huh
      aye
      I have to go
      yeah I gotta run
      YEAH LET'S DO THAT
      OK LET'S END IT HERE
      yes it's getting late
      Yes, I'd say we are good for today.
      yes, I think I have everything I need
      okay thank you bye
    `,
    no: `
      no
      No.
      NO
      nope
      nah
      no thanks
      no thank you
      not yet
      NOT YET
      no not yet
      not now
      not quite
      not really
      not just yet please
      no let's keep going
      let's keep going
      keep going
      let's continue
      LET'S CONTINUE PLEASE
      I'd like to continue
      can we continue
      can we keep going for a bit
      yes let's continue
      yes I want to keep going
      okay let's go on
      sure let's keep talking
      five more minutes
      5 more minutes please
      can I have five more minutes
      give me ten more minutes
      just a few more minutes
      a bit longer please
      a little more time would be nice
      I need more time
      hang on
      hold on
      wait
      wait a second
      just a moment
      one moment
      I don't want to stop
      I don't want to wrap up
      I DON'T WANT TO WRAP UP YET
      I don't want to end the session
      don't stop
      please don't end it
      let's not
      let's not stop
      let's not wrap up yet
      I'd rather not
      I'd rather continue
      I'm not done
      I'm not done yet
      we're not done
      I'm not ready
      I'm not ready to stop
      I don't think so
      no no no
      no way
      nah I'm good let's keep going
      not at the moment
      maybe later
      later
      in five minutes
      yes in a few minutes
      okay but not yet
      yes but five more minutes
      sure but can we keep going a bit
      yes, I mean no, not yet
      yes no wait not yet
      yeah no
      yeah actually no
      yes sorry I meant no
      okay wait no
      uh no I don't think we should stop
      I do not think we are done
      probably not
      rather not
      no we should carry on
      I still have time
      we still have time
      there's still time
      absolutely not
      definitely not
      of course not
      never
      uh-uh
      I would prefer to go on
      no need to stop
      it's too early
      no, keep going, this is helpful
      no, I want to talk about my sister too
      not yet, there is something I want to say about the meeting
      no because I still don't know what to do about Anna
    `,
    unclear: `
      um
      uh
      hmm
      what
      What?
      sorry
      pardon
      sorry what
      what did you say
      can you repeat that
      could you say that again please
      hmm let me think
      let me think about it
      maybe
      perhaps
      I don't know
      I'm not sure
      not sure
      dunno
      well
      I mean
      so
      it depends
      either way
      up to you
      what do you think
      do you think we should
      what do you mean
      what do you mean by wrap up
      how much time is left
      how much time do we have
      is it over already
      are we done
      are we out of time already
      already
      really
      um I uh
      I didn't understand
      I didn't hear you
      can you hear me
      hello
      are you there
      maybe yes maybe no
      yes or no hmm
      I can't decide
      you decide
      whatever you think
      possibly
      I'm not sure if I want to stop
      let me see
      say again
      the what
    `,
    new_content: `
      actually one more thing about my boss
      Actually, one more thing about my boss, he wrote to me last night.
      one more thing
      oh one more thing I forgot to mention
      wait I forgot to tell you about the email
      can we talk about my sister
      I also wanted to talk about money
      what about my presentation on Monday
      there's something else that bothers me
      yesterday was fine
      yesterday was fine but today he shouted at me again
      she said yes yesterday
      yes but what about the deadline
      yes but first I want to talk about my sister
      okay but I have one more question
      yeah my boss was really angry with me last week
      yeah so my boss called me and said that the project is cancelled
      okay so about my sister she called again
      sure but I still don't know how to tell him
      let's wrap up the budget topic first
      I want to wrap up the project by Friday
      I have another question
      I have a quick question before we stop
      by the way I got the job
      you know what I just realised that I never asked her
      I think the real problem is that I don't trust him
      I need to end this relationship
      my sister said yes to the wedding
      it's the end of the quarter and I'm stressed
      I could call my manager on Thursday and ask for a meeting
      I will write down three points tonight
      the thing is that I'm afraid of losing my job
      he told me okay let's stop and then he left
      do you think I should tell my mother
      how do I tell him that I want more money
      I was thinking about what you said about my father
      before we finish I want to say something about the team
      yes before that I want to mention my colleague
      oh I almost forgot the thing with the contract
      also there is this conflict with Peter
      I wanted to ask you something about delegation
      another thing is my health
      yes I told her yesterday that I want to leave the company and she cried
      okay I will talk to him on Monday and ask him about the raise
      right the reason is that I'm scared of him
      so I was in the meeting and he just stopped talking to me
      I feel guilty about my kids when I work late
      and then there is the matter of the house
      I said no to him
      I finally said no to my boss
      I said yes to too many things this month
      sure he is nice but he never listens to me
      fine weather makes me happier I noticed
      okay here is the thing I hate my job
    `,
  },
});
