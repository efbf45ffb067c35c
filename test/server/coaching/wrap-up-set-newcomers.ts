/**
 * Two more sets that the rules had never heard. First look at `neighbours`, in Irish, Indian, Texan and other voices:
 * requests found 87 %, yes 88 %, no 97 %, unclear 100 %, new content 95 %, no false end, one false request. First look at
 * `plainSpeakers`, after that lesson: requests 88 %, yes 100 %, no 100 %, unclear 100 %, new content 88 %, no false end,
 * one false request ("do we have to stop soon").
 */
import { readLines, type LabelledUtterance } from './wrap-up-set.ts';

const neighbours = readLines({
  active: {
    request: `
      ah sure I'll let you get on now
      right so, I think that'll do me for today
      I've to collect the grandkids so we'd better finish
      that's me done for today love
      let's leave it at that so
      I think we are good to close now
      shall we conclude the session
      kindly end the session
      okay I think we can close this call
      I have another call to attend so let us wrap up here
      y'all been great but I gotta hit the road
      reckon we can call it there
      I'm fixin to head out so let's finish up
      let's put a pin in it for today
      I'd like to end our session please
      can we stop for today
      could we finish up now please
      I'm ready to wrap up
      I think this is a good place to stop
      let's bring this to a close
      okay so maybe we should wrap things up
      can you summarise and finish please
      please give me the summary I need to go
      I'm running out of time can we finish
      my bus is here I have to go now
      the baby's crying I've got to go
      someone's at the door let's stop here
      I have a meeting in two minutes let's end
      goodnight kuku
      talk to you tomorrow bye
      I want to finish for today
      I'm happy to stop there
      LETS WRAP UP
      CAN WE RAP IT UP NOW
      OKAY LET'S RAP UP
      UH CAN WE UM FINISH THE SESSION
      I THINK I'M DONE FOR TODAY
      WE CAN END THE SESSION NOW
      SO YEAH I THINK THAT IS ALL FOR TODAY
    `,
    none: `
      let's wrap up the budget topic first
      she said yes yesterday
      I don't want to stop
      end of the quarter
      I have to go to the dentist every month
      I need to finish my thesis by June
      we ended up arguing about the dishes
      I just want this to be over with my ex
      I quit smoking last year
      I need to stop comparing myself with others
      I can't finish anything I start
      my contract ends in December
      I said goodbye to my father at the airport
      the session with my therapist ended badly
      it's time to stop pretending at work
      I always have to go first
      he wants to close the office in Leeds
      closing the deal took us six months
      we're wrapping up the merger next week
      how do I end a conversation with a difficult client
      I'd love to leave my job
      I should be done with the report by noon
      my boss told me to wrap it up
      she goes okay let's end it here and walks out
      that's it that's the problem
      that's all he ever says
      I have to run the whole department alone
      I'm done being the nice one
      when I finish work I have no energy left
      I want to be able to say stop
      what happens after we finish
      is there an end to this
      how long have we got
      YESTERDAY WAS FINE
      I NEED TO WRAP UP THE PROJECT BY FRIDAY
      THE END OF THE DAY IS THE WORST
      I WANT TO STOP WORRYING
      HE SAID LET'S STOP HERE
      BYE BYE IS WHAT MY SON SAYS NOW
      I'm not ready to wrap up
      please don't end the session
      let's not wrap up yet
      we don't need to stop do we
    `,
  },
  confirming: {
    yes: `
      yes please
      yes, wrap up
      yes wrap up please
      yes please wrap up the session
      ah go on then
      grand, yeah
      sure look, yes
      yes ma'am
      yes sir
      yup let's do her
      yes kindly go ahead
      yes yes please end it
      ok you can end
      please do
      I'd say so yes
      yes that'll do
      that'd be lovely
      okay then
      okay yes
      okay, fine
      sure thing
      yeah go for it
      absolutely
      certainly
      yes I'm done
      yes I'm ready
      yeah I think that's it
      no that's it, wrap up
      I think so, yes
      right, let's wrap up
      let's wrap up then
      we can wrap up
      wrap up
      okay wrap up
      YES PLEASE
      YES WRAP UP
      YES RAP UP
      YEAH RAP IT UP
      YES YES LET'S FINISH
      SURE
      OKAY YES PLEASE GO AHEAD
      UM YEAH OKAY
      UH HUH
      YEP
      I SUPPOSE WE CAN YES
      yes and thank you very much for your time
      yeah thanks that was really helpful
      yes, I've got what I needed
      yes, good night
    `,
    no: `
      not yet
      no not yet please
      no
      nope
      nah keep going
      no let's continue please
      I'd like a few more minutes
      could I have five more minutes
      hold on, I'm not finished
      not now
      not just now love
      give us another five minutes
      no no I want to go on
      I still want to talk
      let's carry on a bit
      can we keep talking
      I'd prefer to continue
      don't stop yet
      don't end it
      please no
      no wait
      NOT YET
      NO NOT YET
      NO LET'S KEEP GOING
      I AM NOT READY
      WAIT NO
      yes but not yet
      in a bit
      later
      maybe later
    `,
    unclear: `
      what
      pardon
      come again
      sorry what did you say
      hmm
      um
      I'm not sure
      I don't know
      maybe
      what do you think
      how much time is left
      say that again please
      HUH
      UM I DON'T KNOW
    `,
    new_content: `
      yesterday was fine
      yesterday was okay actually
      she said yes yesterday
      yes my boss said the same thing
      my husband says I'm too soft
      actually I wanted to ask about my sister
      one more thing, I haven't told my team yet
      I also need to talk about the money
      what should I say to him tomorrow
      okay but what if he says no
      I finished the report yesterday
      I was sure he would call
      the surest way is to ask him
      YESTERDAY WAS FINE
      I FEEL SO ALONE AT WORK
      MY YES IS NEVER GOOD ENOUGH FOR HIM
      I said sure and then I regretted it
      right after that he left
      okay is what I always say to her
      I keep saying yes to everybody
    `,
  },
});

const plainSpeakers = readLines({
  active: {
    request: `
      I think we should wrap up now
      can we start wrapping up
      let's start to wrap up
      it's time to wrap up
      I want to end this session
      please wrap up the session
      I'd like to finish our session now
      okay I think I have what I need
      I think that covers it
      we can stop there for now
      I'd like to stop the session now thank you
      can you end this for me
      alright let's finish up here
      that's everything I wanted to discuss today
      I'm good, let's wrap
      I have to get going
      I need to leave now
      sorry I have to jump to another call
      let's close the session
      please close the session now
      could we bring the session to a close
      I'm done talking for today
      I feel like we can end here
      I feel ready to end the session
      maybe it's time we stopped
      how about we wrap up
      why don't we finish here
      would it be okay if we stopped now
      is it okay if we end here
      let's call it a day
      I guess that's it for today
      end the conversation please
      stop the conversation
      end this conversation
      quit the session
      exit
      I want out of this session
      WE SHOULD PROBABLY WRAP THINGS UP
      CAN YOU WRAP UP THE SESSION PLEASE
      I'D LIKE TO RAP UP NOW
      I HAVE TO GO NOW
      LET'S END THE SESSION
      okay thanks that's enough for today
      that's all thank you
      thank you goodbye
      no further questions, let's end
      I'm getting tired, can we finish soon
      can we end early today
      let's finish early
    `,
    none: `
      can we wrap up this topic and talk about my sister
      let's finish the goal part first
      I want to finish what I was saying
      before we end I want to tell you about Tom
      when should I end the relationship
      I ended the relationship in May
      they want to end my contract
      I need closure
      how can I bring the conflict to a close
      we stopped talking after the wedding
      I told him I have to go now
      the call ended and I just cried
      I could finish the application tonight
      I'll finish the draft by Friday
      I will stop checking email after eight
      I'll end the meeting on time
      maybe I could wrap up my work at five
      I'm going to leave the office at six
      I have to leave the house at seven every day
      I'm tired of all this
      I'm so tired today
      nothing else works
      that's enough pressure for one person
      enough is enough I told him
      I need to go to my mother on Sunday
      thanks that helps a lot
      thank you for saying that
      good night's sleep is all I want
      I need a break from my job
      can we take a short break
      I'm finished as a manager
      I'm not done with my master's
      we need to close two positions
      I just can't go on like this
      goodbye is the hardest word for me
      end of story
      at the end of the session I'd like to have a plan
      what will happen at the end
      I hope by the end I know what to do
      do we have to stop soon
      FINISHING THE THESIS IS MY GOAL
      I WANT TO CLOSE THE DEAL
      LET'S TALK ABOUT THE END OF MY CONTRACT
    `,
  },
  confirming: {
    yes: `
      yes
      yes we can
      yes I would like that
      yes let's end it here
      yeah sure
      yeah let's finish
      okay
      okay let's do it
      alright then
      fine by me
      sounds good to me
      yes I am ready to wrap up
      I'm ready
      ready
      yes that's all for today
      yes that is fine
      I think we can
      that works for me
      yes end it
      end it
      finish it
      stop here
      let's stop here
      yes we're done
      we're done
      I'm done
      perfect
      great
      go ahead
      do it
      yes do it
      please wrap up
      right, yes
      yes of course
      of course yes
      why not
      yep, wrap it up
      let's end the session
      okay bye
      yes goodbye
      YES LETS WRAP UP
      YES I WOULD LIKE TO WRAP UP
      OKAY LET'S WRAP UP
      YEAH THAT'S FINE
      YES THAT'S OKAY
      YES UH YES
      UM YES PLEASE
      SURE LET'S WRAP UP
      SURE THAT'S GOOD
      YEAH I THINK WE CAN WRAP UP NOW
      I THINK SO
      yes I think it's time
      yes it's time
      yes for today that's enough
    `,
    no: `
      no thanks
      no thank you
      no I want to continue
      no I'd like to continue
      no not really
      not quite yet
      I'd rather continue
      let's continue
      continue
      keep going
      please continue
      go on please
      I want to keep going
      I need more time
      can I have more time
      a few more minutes please
      five more minutes
      give me a minute
      just a little longer
      we're not done
      I'm not done yet
      I don't want to stop
      I don't want to end yet
      I don't think so
      no way
      absolutely not
      hell no
      let's not
      don't
      not today
      NO I'M NOT DONE
      NO I WANT TO TALK MORE
      LET'S CONTINUE PLEASE
      I WANT TO CONTINUE
      NOT RIGHT NOW
    `,
    unclear: `
      I'm not sure yet
      hmm let me think
      I don't know maybe
      could you repeat the question
      what did you say
      sorry
      what was that
      are we out of time
      do we have time left
      is it time already
      well
      what happens then
      yeah right
      I guess okay
      and then what
      not sure yet
      are you still there
    `,
    new_content: `
      actually there's something else
      wait I forgot to mention my father
      I'm still worried about the presentation
      but I haven't told you about the interview
      what about my presentation tomorrow
      and then my boss called me
      yesterday was really hard
      yesterday was good
      I think my team would say yes
      he said okay and walked away
      I was okay until yesterday
      I said yes to the job
      I'm sure she'll be angry
      my son said no
      no one listens to me at home
      now I feel worse
      nobody at work knows
      okay so the next day I went to his office and told him
      how do I tell my wife
      can I ask you something about my sleep
      YESTERDAY WAS OKAY
      SHE SAID YES YESTERDAY
      MY BOSS SAID FINE BUT HE DIDN'T MEAN IT
      I ALSO WANTED TO TALK ABOUT MY DAUGHTER
    `,
  },
});

export const newcomersSet: readonly LabelledUtterance[] = [...neighbours, ...plainSpeakers];
