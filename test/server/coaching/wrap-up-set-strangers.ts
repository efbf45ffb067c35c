/**
 * Strangers whom the rules had never heard, and what everybody says. First look at the 156 utterances of the strangers,
 * spoken as far from plain English as they could: requests found 62 %, yes 70 %, no 92 %, unclear 84 %, new content 79 %,
 * one false end and one false request ("you can stop now pretending"). First look at the 229 of `everybody`, after that
 * lesson: requests 88 %, yes 98 %, no 97 %, unclear 100 %, new content 96 %, no false end, one false request.
 */
import { readLines, type LabelledUtterance } from './wrap-up-set.ts';

const nurseAfterNightShift = readLines({
  active: {
    request: `
      SORRY I'M DEAD ON MY FEET CAN WE LEAVE IT THERE
      honestly I'm gonna have to call it
      uh yeah I think I'm good for today thanks
      I need to get to bed so can we like finish now
      lets rapper up
    `,
    none: `
      they had to stop the heart and start it again
      my shift ended at seven and I was still charting at nine
      I'm just done with being nice to everybody
      when she says are we done I want to scream
    `,
  },
  confirming: {
    yes: `
      YES WRAPUP
      oh god yes please
      yep bed is calling
      mhm that works
    `,
    no: `
      UM NO NOT JUST YET
      give me like two more minutes
      nah I've still got a bit in me
    `,
    unclear: `
      huh
      sorry you cut out say that again
      maybe I don't mind
    `,
    new_content: `
      the thing is my manager texted me again at midnight
      okay but like how do I tell her
    `,
  },
});

const engineerFromStuttgart = readLines({
  active: {
    request: `
      So we make now an end please
      I sink we can stop here for today
      Can we please make here a cut
      I must now go to my next appointment
      okay that was it from my side
    `,
    none: `
      We must finish the machine until Friday
      My colleague makes always an end of the discussion
      I want that this ends with the overtime
    `,
  },
  confirming: {
    yes: `
      Yes we can do so
      Ja yes please
      Yes that is okay for me
      yes let us make an end
    `,
    no: `
      No I have still a question
      not yet please I have still time
      No we are not yet ready
      no I would like to speak further
    `,
    unclear: `
      Please what
      I have not understood you
      how do you mean this
    `,
    new_content: `
      What means this now for my team
      I have still to tell you from my chief
    `,
  },
});

const teenager = readLines({
  active: {
    request: `
      ok im out
      can we just be done now
      imma head out
      alright peace
      ok bye bye
    `,
    none: `
      bro I was so done with him
      she was like bye and just hung up on me
      I literally can't stop thinking about it
      then he goes let's end this and I was like what
    `,
  },
  confirming: {
    yes: `
      ya
      bet
      yeah whatever let's just finish
      sure why not
      k
    `,
    no: `
      nope nope nope
      naw I'm not done
      wait wait wait no
    `,
    unclear: `
      I mean idk
      wdym
      um
    `,
    new_content: `
      he literally just texted me yes what do I say
      can you tell me what to say to my mom though
    `,
  },
});

const managingDirector = readLines({
  active: {
    request: `
      I've a hard stop at the hour, so let's bring it in to land.
      I'm conscious of time. Shall we close?
      I have another call coming in, I need to drop off
      Very useful. I'll let you go.
      let's park it here and pick it up next week
      can you give me the recap and we'll close
    `,
    none: `
      We need to close the deal before quarter end
      I told the board we should wrap up the Asian business
      The end of the session with the auditors was brutal
      I should stop micromanaging
      let's finish the thought about delegation
      should I end the contract or not
    `,
  },
  confirming: {
    yes: `
      Please do.
      Yes, I think we've covered it.
      Agreed. Let's close.
      By all means.
      Go ahead and close it out.
    `,
    no: `
      Not quite, bear with me.
      I'd rather carry on if that's all right
      Let's use the remaining time
      No, let me finish my thought
    `,
    unclear: `
      How long have we got left?
      Remind me what we agreed?
      it depends
      either way is fine
    `,
    new_content: `
      Before that, the succession question is still bothering me
      Yes, and there's also the matter of my deputy
      I don't think we have talked about the merger at all
    `,
  },
});

const grandfather = readLines({
  active: {
    request: `
      well dear I think I'll say goodbye now
      my tea is getting cold so I'll love you and leave you
      I'll have to ring off now
    `,
    none: `
      my wife used to say goodbye to the cat every morning
      I stopped smoking the day our Susan was born
      that was the end of the war for us
    `,
  },
  confirming: {
    yes: `
      yes dear
      aye go on then
      very well
      I suppose so yes
    `,
    no: `
      oh no not yet
      no no I'm enjoying this
      hold your horses
    `,
    unclear: `
      beg your pardon
      what did you say dear
    `,
    new_content: `
      yes well my brother never forgave me you see
    `,
  },
});

const actress = readLines({
  active: {
    none: `
      you can stop now pretending
      cut that's a wrap he shouted and everybody cried
      I pretend to be done but I'm never done
    `,
  },
  confirming: {
    no: `
      don't you dare stop now
      oh please let's not
    `,
    new_content: `
      you can stop now pretending
      yes said the director and then no
    `,
  },
});

/** As most people say it. */
const everybody = readLines({
  active: {
    request: `
      okay so I think we can wrap up for today
      um I'd like to wrap up now if that's okay
      let's wrap it up please
      I think I'm ready to wrap up
      can we finish here
      I'd like to end the session
      I think that's everything for today
      alright I think I've got what I needed let's end it here
      you know what let's call it a day
      I need to get going in a minute can we wrap up
      hey can we stop here
      so yeah I think that's it
      okay let's finish up
      could you wrap up the session please
      I have to leave now
      I gotta run
      we should probably wrap things up
      time to wrap up I guess
      I think it's time to end this
      I'm done for today thank you
      please stop the session now
      let's end this session
      that's enough for today I think
      okay thank you that was really helpful let's stop here
      I wanna stop now
      can we end the coaching session
      sorry my next meeting is starting so I have to stop
      let's wind down
      would it be possible to finish now
      can we conclude
      I'd say we're done
      let's finish for the day
      I think we're at a good stopping point
      this feels like a good place to stop
      WE CAN RAP UP NOW
      I believe that's all from me today
      I don't have anything else so we can stop
      I want to wrap this up and go to bed
      let's do the wrap up
      let's move to the wrap up
      can we do the recap now and finish
      I'm running out of time so let's wrap up
      okay let's close for today
      I would like to stop the coaching now
      it's late let's stop
      uh let's uh wrap up uh now
      my kid is crying I have to go
      can we wrap up in the next two minutes
    `,
    none: `
      let's wrap up the budget topic first
      I don't want to stop
      she said yes yesterday
      it's the end of the quarter
      I want to wrap up the project by Friday
      I want to finish my degree
      my boss wants to end my contract
      we need to wrap up this point before we go on
      let's finish this topic and then talk about my sister
      I'd like to stop procrastinating
      can we stop talking about him and look at me
      how do I end a conversation with my mother
      I wish I could stop
      I never finish anything
      when I leave the office I'm done
      I wanted to end the relationship
      the project has to be finished today
      let's stop there for a second and look at that
      he told me to wrap up my things and go
      I have to go to work at six every day
      I'm so done with this job
      I'm tired of ending up alone
      at the end of the day it's my decision
      I think we should close the shop
      should I quit
      I want to leave my husband
      I'm finished with apologising
      how should I close the presentation
      I have to go through this every single day
      we said goodbye at the station
      I can't stop thinking about her
      it would be good to stop drinking
      I need to finish this report tonight
      let's go deeper
      I want to stop being afraid
      my therapist ended the session early
      I'm not done yet
      no let's not wrap up
      it feels like it's over between us
      I need to stop saying yes to everything
      they wrapped up the meeting without me
      I told her let's stop here and she cried
    `,
  },
  confirming: {
    yes: `
      yes
      yes please
      yeah sure
      yes let's wrap up
      yes wrap up
      okay
      sure let's do it
      yes I'm ready
      yes that would be great
      yeah I think so
      I think we can
      yep let's finish
      that's fine
      okay fine
      yes go ahead
      sounds good
      absolutely
      yeah let's end it here
      yes we can stop here
      of course
      yes thank you
      okay let's wrap up
      I'd like that
      yes I'd like to wrap up
      yes I want to end the session
      right yes
      um yeah okay
      uh sure
      YES PLEASE WRAP UP
      YEAH I GUESS SO
      yes that's all
      yes I have to go
      that's it for today
      no more questions from my side let's end
      no I'm good let's wrap up
      nothing else thanks
      yes end the session
      yup I'm finished
      perfect yes
      good idea
      I agree
      alright
      yes, we're done here
      yes it's late anyway
      great thank you goodbye
      okay yes please I'm tired
      yes definitely let's call it a day
      well yes I suppose we can
    `,
    no: `
      no
      not yet
      no not yet
      no thanks
      no I'd like to continue
      let's continue
      not really
      I'm not ready
      no please wait
      no let's keep going
      give me five more minutes
      can we go on a bit longer
      I don't want to stop
      I don't want to end yet
      hold on
      wait
      no I'm not finished
      nah let's go on
      I'd rather continue
      not now
      I need more time
      please not yet
      no we still have time
      five more minutes please
      let's not stop
      I want to keep talking
      no no no
      um not yet no
      can we have ten minutes more
      NOPE NOT YET
      no not right now thank you
      yes I mean no
      no I don't think so
      I don't think so
      I don't think we're done
      don't stop
      don't end the session
    `,
    unclear: `
      what
      sorry
      I don't know
      maybe
      could you repeat that
      hmm
      I'm not sure
      what do you mean
      can you say that again
      I didn't hear you
      what was the question
      it depends
      possibly
      what time is it
      how much time is left
      um
      I guess
      perhaps
      not sure
      what did you say
      you decide
      do you think we should
      I can't decide
      I didn't understand
      hm let me think
      I'm still thinking
      please
      well
    `,
    new_content: `
      yesterday was fine
      actually one more thing about my boss
      my boss called me yesterday
      I also wanted to ask about my sister
      but what about my sister
      yes but what about the promotion
      okay but what do I do on Monday
      I forgot to tell you about the interview
      wait one more question
      she said yes yesterday
      I just realised that I'm angry with my father
      what should I say to her tomorrow
      before we stop I want to mention my mother
      there's something else that bothers me
      it's the end of the quarter and I'm stressed
      I feel like he doesn't respect me
      yes and then he told me to leave
      he said okay let's wrap up and left the room
      I think the real problem is my brother
      can I ask you one thing about the plan
      sure my boss would say that
      okay so my plan is to talk to him on Friday
      I keep thinking about the argument
      yes I felt terrible when he left
      we haven't talked about my sister yet
      what if he says no
    `,
  },
});

/** What few people say: each line is all that holds one of the rules. */
const rarely = readLines({
  active: {
    request: `
      my next meeting starts soon
      I don't have any more time today
      I have no time left
      have a nice evening
      take care
      let's not continue
      I can't continue right now
    `,
  },
  confirming: {
    yes: `
      ja
      jawohl
      not a problem
      I don't see why not
      I don't mind if we stop
      yes do that
      make it so
      we have no problem with it
    `,
    no: `
      we not finish yet
      there is no need to stop
      some more please
      still have time
      I would want to go on
      more time
      please not yet
    `,
    unclear: `
      I don't mind
      uncertain about it
      will you ask that again
      say it again
    `,
  },
});

const readOffTheScreen = readLines({
  active: {
    request: `
      LETS RAP UP
      PLEASE END THE SESSIONS
      I WANNA WRAP IT UP
      THAT'S ALL FOR TO DAY
      GOOD BYE COACH
      LET US RAP THIS UP
      CAN WE WRAP UP PLEASE I HAVE A MEETING
      stop the session
      end conversation
      finish
    `,
    none: `
      I RAPPED UP ALL THE PRESENTS
      LETS TALK ABOUT THE END OF THE YEAR
      I HAVE TO GO TO THE DENTIST EVERY WEEK
      WE SHOULD WRAP UP WARM IN THE WINTER
      I GOT TO GO TO PARIS LAST YEAR
      IF I STOP NOW I WILL NEVER START AGAIN
    `,
  },
  confirming: {
    yes: `
      YES WRAP UP
      YEAH LETS RAPPER UP
      YES THATS FINE BY
      OKAY LETS DO THAT
      SURE THING
      UH HUH
      YEAH I'M ALL DONE THANK YOU SO MUCH
      YES YES YES
    `,
    no: `
      NO DONT RAP UP
      NOT RIGHT NOW THANKS
      KNOW I WANT TO KEEP GOING
      LETS KEEP TALKING
      CAN WE KEEP GOING FOR A LITTLE WHILE
      ACTUALLY LETS CONTINUE
    `,
    unclear: `
      WRAP WHAT UP
      WHAT
      I DONT KNOW MAYBE
      HELLO
    `,
    new_content: `
      YES TODAY HE WAS LATE AGAIN
      SHE SAID OKAY AND LEFT
      WHAT SHOULD I DO IF HE SAYS NO
      YESTERDAY WAS FINE
      THE OTHER THING IS MY SLEEP
      I JUST FEEL LIKE NOBODY LISTENS
      CAN I ASK YOU SOMETHING ABOUT MY RENT
    `,
  },
});

export const strangersSet: readonly LabelledUtterance[] = [
  ...nurseAfterNightShift,
  ...engineerFromStuttgart,
  ...teenager,
  ...managingDirector,
  ...grandfather,
  ...actress,
  ...everybody,
  ...rarely,
  ...readOffTheScreen,
];

/** Said while a proposal stands, and no consent to it: promises, echoes, half of a yes. */
export const neverYesEither: readonly string[] = `
  yes but not yet
  yes in a minute
  yes soon
  yeah but I have one more thing
  okay one more question
  sure after this
  okay let me just say
  yes I was saying
  okay so he left
  yes exactly he said that
  right and then she cried
  okay that makes sense
  yes that makes sense
  that's a good question
  yes it is hard
  yeah it hurts
  yes it's about work
  okay I will call her
  yes I will call her tomorrow
  I'll do it
  I will do that
  yes I'll do that
  yes I can do that by Friday
  yes a seven
  okay maybe later
  sure maybe in five minutes
  fine but I'm not happy
  fine whatever you say
  yes if we can talk about Anna tomorrow
  yes once I told you about the call
  okay what about Anna
  yes what about Anna
  well yes and no
  yes no
  yes no I don't know
  yes yes I know
  I know
  okay I see
  I see
  got it
  understood
  true
  correct me if I'm wrong
  exactly my point
  sure he agreed
  she agreed
  he said yes
  my answer to her was yes
  I told him yes
  I said yes to the job
  I want to say yes to the job
  should I say yes
  do you want to stop
  do you want me to stop
  are you tired
  you want to stop
  are we done
  is that it
  is this the end
  that's not all
  that's not it
  not all of it is done
  we're not done
  I'm not okay with that
  I'm not fine
  not okay
  not sure that's fine
  it's not fine
  that's not good
  that doesn't work for me
  no problem is too small
  it would be great to hear more
  good morning
  good question
  great question
  good for you
  that's great but
  thank you but no
  thanks but I'm not finished
  I have to go on
  I have to go deeper
  let's end the relationship he said
  yes my mother is here and she wants to talk
  wrap up warm she says
  the end of it all
  I'm done with him
  I'm finished with him
  I'm through with my boss
  yes I'm done with my boss
  that's all he said
  that's it I'm quitting my job
  okay I quit my job
  I want to quit
  I want to stop smoking
  yes I want to stop smoking
  yes I want to end my marriage
  yes I want to finish my book
  let's stop lying
  let's finish my story
  let's finish this point
  we can stop there but my brother
  go on
  carry on
  please go on
  please continue
  please tell me more
  more please
  yes more please
  yes tell me more
  yes go on
  yes let's go on
  yes let's continue
  yes keep going
  sure keep going
  sure let's talk about it
  yes let's talk about that
  yes please let's talk more
  yes I'd like to talk about my dad
  yes I need help with that
  yes help me
  okay help me understand
  okay so
  okay then what
  so what now
  sure but why
  why
  yes why
  yes how
  yes when
  yes who
  ok google
  alexa stop
  stop it mom
  stop
  be quiet
  shut up
  wait yes no
  yes wait
  yes hold on
  yes just a second
  actually yes I have a question
  actually yes there is something
  yes there is something
  yes there's one thing
  yes one thing
  yes something else
  yes I have something
  yes I forgot something
  yes I wanted to ask
  yes I do have a question
  do I
  I did
  I would but
  I would if I could
  I could
  we could talk about my boss
  we should talk about my boss
  we can talk about that
  you can say that
  you can say that again
  you bet he did
  of course he did
  definitely him
  absolutely not
  certainly not
  sure not
  of course not
  hell no
  god no
  god
  jesus
  oh my god
  ja but my mother
  nein
  please don't
  please no
  please
  do it for me
  do that again
  do you
  end of story
  end of the day I'm alone
  finish what
  he can finish it here
  they stop here
  the bus stops here
  it ends here for my marriage
  that's where he stopped
  make an end with my boss
  my wife called it a day
  time is up for my company
  the time is over when men decided
  my turn
  I'm out of ideas
  I'm out of work
  I am out now
  I'm out as gay
  we have covered my mother
  we covered it with paint
  let's use the remaining time
  I call it luck
  I have to call it off
  let's leave it there on the table and talk about Anna
  bed is where I lie awake
  peace is what I want
  slow down
  work is calling me names
  they don't mind
  I don't mind
  he doesn't mind
  if you don't mind me asking
`
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');
