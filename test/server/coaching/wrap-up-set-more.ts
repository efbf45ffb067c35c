/** More utterances of every kind, gathered in four rounds of trying what the rules did not know yet. */
import { readLines } from './wrap-up-set.ts';

export const moreUtterances = readLines({
  active: {
    request: `
      okay I think that's enough for me for today
      I think I'd like to stop here if that's okay
      Let's finish up, I've got a train to catch
      can we finish a bit early today
      could we end a little early
      would you mind if we stopped here
      is it okay if we end it here
      let's end the call
      I'd like to end this call now
      let's stop for now
      can we stop for today please
      I want to end our session now
      I think it's time for me to go
      I've really got to get going now
      alright, time to go
      my battery is dying so let's wrap up
      we've covered everything, let's wrap it up
      that's it thanks
      that's all thank you
      thank you, that's all I needed
      okay I'm done
      I think I'm done for now
      I'm all done
      I have everything I need
      I've got what I needed, thanks
      we can stop here
      you can end the session
      stop the session
      finish
      wrap up
      quit
      exit the session
      I need to wrap up soon
      I have to wrap this up in five minutes
      let's wrap this up in the next minute
      maybe it's time to wrap things up
      could you please wrap up the session
      I would like to conclude our conversation
      let's close here for today
      let's end on that note
      I think we should leave it here
      let's leave it here for today
      I'll let you go now
      see you tomorrow
      talk to you soon
      catch you later
      bye for now
      thanks coach bye
      good night
      let's stop talking now
      I'm getting tired, can we stop
      I'm tired let's stop
      gotta run sorry
      I need to head out
      sorry somebody is at the door I need to go
      I need to go pick up my kids
      I have to leave now because my bus is coming
      can we do the rest tomorrow
      let's talk again next week
      let's continue this conversation another day
      we're out of time I think
      my time is up
      shall we leave it for today
      are we done? because I have to go
      do you think we could stop here
      do you think we can wrap up now
      I was wondering if we could wrap up
      I'm wondering if we can stop here
      I think we've done enough for today
      I guess that's about it for today
      okay so I think that's about it
      I don't have anything else
      there's nothing else I want to talk about
      nothing else from me today
      I'd say let's wrap up
      so like let's wrap it up you know
      lets call it quits for today
      let's wrap up with a summary
      can we wrap up with a quick recap
      let's wrap up and I'll do my homework
      please finish the session and give me the recap
      LETS RAP THIS SESSION UP
      CAN WE RAP UP NOW PLEASE
      I'D LIKE TO RAP UP
      I WANT TO WRAPPED UP THE SESSION
      LETS AND THIS SESSION
      I think I want to stop now
      I want to stop now please
      I think it's time we wrapped up
      I think we've covered enough ground for today
      ok I think I got what I came for
      that about does it for today
      I need to wrap things up because dinner is ready
      we should bring this to a close
      is it possible to end the session now
      would you be able to end the session
      I am going to have to stop you there, I need to go
      can we call it quits for today
      okay coach I think that's all I've got
      I'd like to finish our conversation now
      let's finish the session here
      I have to log off now
      I'm going to log off
      I'm gonna go now
      I'm going to go now thanks
      I'm heading out now
      alright that's my time
      I've only got a minute left so let's wrap up
      can you please close the session
      could we finish now
      I feel like we're done for today
      I feel good about this, let's wrap it up
      okay let's wrap it up there
      I guess it's time to say goodbye
      let's say goodbye for today
      time's up for me
      I should go
      I should go now
      I really should be going
      I need to get going
      I need to get off now
      let's end things here for today
      let's just finish
      let's just end it here
      I want to finish here for today
      uh can we um wrap up
      so um yeah I think that's it for today
      um I have to go now
      WE CAN WRAP UP NOW
      I THINK I'M DONE FOR TODAY
      CAN WE END THE SESSION PLEASE
      OKAY THAT'S ENOUGH FOR TODAY
      LET'S WRAP IT UP I HAVE TO GO
      PLEASE AND THE SESSION
      LET'S RAP THIS UP
      I'D LIKE TO RAP IT UP HERE
      let's round this off
      let's round things off
      let's wind things up
      can we bring things to a close
      I'd like to bring this session to an end
      I'd love to stop here
      do you mind if we wrap up
      mind if we stop here
      any chance we could wrap up
      how about wrapping up for today
      what about finishing here
      I say we stop here
      let's conclude our session
      let's conclude the coaching for today
      we can end it here
      I'm okay to stop here
      I'm happy to leave it there
      happy to leave it there
      I'd rather stop here
      I think I'd rather stop for today
      I don't have anything more to say
      I have nothing more to add
      I got nothing else
      I'm finished
      I am finished for today
      we're finished here
      I think we are finished
      it's late let's stop
      it's getting late can we stop
      my kids need me I have to go
      someone's calling me I need to go
      can we pause here and continue tomorrow
      let's continue another time
      I'd like to continue next time
      let's resume tomorrow
      to be continued next week then bye
      thanks for your help bye
      thank you for today
      thank you very much for today, see you next week
      thanks coach, that's all
      Okay, so I reckon we can leave it at that.
      that was great thank you I think we can end the session now
      could you close things out please
      I'm ready to end the session
      ready to wrap up
      it's time to wrap up
      time to go I think
      let's finish now please
      let's stop now
      we could stop here if you like
      perhaps we should stop here
      perhaps we could finish now
      I would say we stop for today
      I suggest we end here
      I want to end the session now
      I want to leave the session
      I'd like to leave now
      I need to end the call
      I need to end this session now
      I have to end the session early today
      I have to stop now
      I need to stop here
      I've got to leave in five minutes
      I have to leave soon can we wrap up
      I've got a call coming up so let's stop
      my boss is calling I have to go
      the baby just woke up I have to go
      dinner's ready gotta go
      oh it's already nine I should go to bed
      let's stop, I'm exhausted
      I'm tired, can we call it a day
      I'm really tired I think I want to stop for today
      that's all folks
      that was all
      that was everything from my side
      that's all I've got
      that is all I wanted to discuss
      okay that's all for now thanks
      that's it for now
      that'll do for today thanks
      nothing else for today
      I'm good for now
      I think I'm all set, thank you
      we're all done
      all done for today
      we are done, thank you
      I think we're good for today
      okay we're good here
      end the conversation
      close the session
      stop the conversation please
      finish the session please
      please wrap this up
      please end the call
      UM CAN WE WRAP IT UP
      LET'S UM WRAP UP FOR TODAY
      OK I'D LIKE TO END HERE
      I THINK THAT'S IT FOR TODAY THANK YOU
      I HAVE TO GO NOW BYE
      GOODBYE COACH
      LET'S CONTINUE NEXT WEEK
      CAN WE PICK THIS UP TOMORROW
      bye then
      bye, thanks for everything
      ok thanks bye bye
      talk to you tomorrow
      see you later
      see you next session
      until next week
      let's talk again tomorrow
    `,
    none: `
      I want to end it
      I want to end it all
      let's wrap up that point about my mother
      I'm trying to wrap up things at my old job
      we're trying to wrap up the migration
      I can't wrap my head around it
      wrap my head around this
      we need to stop blaming each other
      I told my team we should stop here
      my coach at the gym says we're done when we're done
      I have to leave the house at seven every day
      I have to go to work tomorrow and I dread it
      I have to go there again
      I need to leave the past behind
      I need to go deeper here
      let's go
      can we stop and think about that for a minute
      let's pause for a minute
      let's stop pretending
      let's stop here and think about that
      should we end the contract
      can we end the contract early
      I want to close this chapter of my life
      let's close that topic
      can we close this topic and move on
      let's finish that thought
      let me finish
      let me finish my sentence
      can I finish
      I'm not finished
      I haven't finished
      I'm almost done with my degree
      I am done with this job
      I'm so done with him
      we were done by noon
      the deal is done
      what's done is done
      when are we done
      are we done
      how do we finish this
      how should I end the conversation with my boss
      how do I end a conversation politely
      how can I say goodbye to my team
      saying goodbye is hard
      we said our goodbyes
      he left without saying goodbye
      I hate goodbyes
      it all ended badly
      the session with my mentor ended early
      our last session was good
      in our last session we stopped at my goals
      I want to finish this year strong
      by the end of the day I'm exhausted
      in the end I quit
      I quit smoking
      I want to quit
      I want to quit my job
      I'm thinking of quitting
      maybe I should just quit
      I should leave early on Fridays
      I'd like to leave work at five
      I have to stop doing that
      time to stop making excuses
      it's time to leave this company
      it's time to go home for me every day at five
      I'll see you in court he said
      he told me that's all for today
      she texted me goodbye
      the teacher said that's all for today and we left
      my husband wants to call it a day
      they called it a day
      I want to learn how to call it a day
      I know when to call it a day
      if I say let's wrap up they ignore me
      whenever I say we should wrap up nobody listens
      the moderator should wrap up earlier
      I want to get better at wrapping up meetings
      I struggle with ending meetings on time
      closing the session with a summary is something I do with my team
      I'm supposed to end the session with my client on Friday
      I want to end sessions with my clients on time
      my sessions never end on time
      that's it exactly
      that's all it takes
      is that all
      that's everything I ever wanted
      I've had enough of it
      enough is enough
      I have no time
      I never have time
      I don't have time for sports
      I have a meeting with my boss tomorrow
      I have another meeting with him on Friday
      my next meeting with her is on Monday
      I have a call with the client next week
      next week I'll talk to him
      I'll pick it up again next year
      I'd like to continue my studies next year
      I want to talk about it next week with my boss
      let's talk about next week
      can we talk about tomorrow
      I'll do it tomorrow
      I will finish it tomorrow
      I'd like to do it next week
      I could talk to him next week
      I should talk to her tomorrow
      I can do that on Monday
      we could meet next week he said
      I will meet him tomorrow
      I need to sleep more
      I need to go to bed earlier
      I want to go to bed earlier
      I have to get some sleep at night
      no let's keep going
      I don't want to end
      I don't need to stop
      don't wrap up yet
      please do not stop now
      I wouldn't want to stop here
      let's not end here
      I'm not saying we should stop
      we shouldn't stop here
      can we not stop yet
      we should wrap up the meeting with action items
      I wrapped up the presentation
      I need to wrap up the quarter
      I'm wrapping up my degree
      the project wraps up in June
      we wrapped the shoot on Friday
      I want to end my day with a walk
      I want to end the day with gratitude
      I'd like to end each day without stress
      I need to finish by five
      I need to finish this presentation
      I want to close the gap
      he ended the call
      she ended the conversation and left
      my boss ended the meeting abruptly
      how do I end this session with my team
      how should I close the conversation
      he said he had to go
      she said I have to go and hung up
      my boss told me to wrap up
      my wife said that's enough for today
      I told them let's stop here
      he asked can we stop here
      they asked me to stop
      when he says that's all for today I feel relieved
      it feels like we're done as a couple
      we're done as a team
      I think we are done with planning
      are we done with that exercise
      once we're done with this I want to look at my goals
      I'll stop drinking
      I will stop working late
      I want to stop working at six
      I should stop working on weekends
      I'd like to stop feeling guilty
      I need to stop now and then to breathe
      can you stop interrupting me
      please stop interrupting
      could you stop saying that
      stop saying that
      stop asking me questions
      I can't go on like this
      I can't do this anymore
      I don't want to do this job anymore
      I don't want to talk to him anymore
      I don't want to talk about it
      I want to leave my husband
      I have to leave my house by seven
      I have to go through a lot
      I have to go to court
      I need to go on a diet
      I had to go home early
      I have to be going to the gym more
      I should go to bed earlier
      I should go and talk to her
      I should go for it
      we should go with option two
      I said bye and left
      that's all good
      that's it I'll just tell him
      that's all there is to it
      that's everything I know about him
      that's enough pressure for anyone
      I'm done waiting
      I'm done being patient with him
      I'm finished with that chapter
      I've had enough of him
      nothing else matters
      nothing else works
      I have no more energy
      I have no more questions about that but about money
      there is no time for that at work
      I'm running out of patience
      time is up for that old design
      my time at the company is over
      it's over between us
      the relationship is over
      it's over
      let's call him
      let's call it plan B
      let's leave the house early
      let's leave it to him
      let's drop that
      let's skip this question
      let's stick with that
      let's take a break
      can we take a short break
      give me a moment
      I'll be right back
      let me think about that
      I want to finish strong
      the session was great so far
      I love these sessions
      the end
      in the end it worked
      to end on a positive note I got the promotion
      end of story
      at the end of the session I'd like a summary
      what happens at the end of the session
      how long is this session
      how much time do we have left
      what time is it
      do we still have time
      I want to wrap up my studies
      let's wrap up the first point
      let's wrap up the discussion about my job first
      we need to wrap up this deal
      can we wrap up the career topic
      I'd like to wrap up the topic of money
      to wrap up the project I need two more people
      wrapping up projects is hard for me
      when we wrap up projects nobody celebrates
      I stopped the car
      I stopped talking to my sister
      I stopped
      she stopped me
      they stopped the funding
      the rain stopped
      it never stops
      why can't I stop
      I can't seem to stop
      it's hard to stop
      I don't know how to stop
      I'd love to stop worrying
      I want to stop comparing myself
      I think I should stop comparing myself to others
      let's stop talking about work
      can we stop talking about my mother
      end of discussion
      the end of the year is near
      it ended well
      it will end badly
      how will it end
      I ended it with him
      I want to end my marriage
      I need to end it with him
      he wants to finish it
      I finished it
      I've finished the book
      I'm finishing my master's
      we finished second
      I never get to finish
      my sentence was not finished
      I close the shop at eight
      I feel close to her
      we were very close
      I have to close three deals
      I'm leaving on Monday
      I'm leaving my husband
      he's leaving the team
      I left
      I had to leave
      I had to go
      I have to go home for Christmas and I dread it
      I have to go through surgery
      I have to go with my gut
      I need to go slower
      I need to leave earlier in the morning
      I should leave more time for myself
      I go to bed late
      my day ends at ten
      I'm done for
      I was done with everything
      he is done with me
      the work is done
      once it's done I'll relax
      that's all he said
      that's all I'm asking for
      was that all
      that's it for my marriage
      that's enough about me let's talk about my team
      it's enough to drive you mad
      enough said
      my boss said goodbye without a smile
      my colleague said that's it I'm out
      I told my boss I'm done
      my friend says I need to stop
      my doctor told me I have to stop working so much
      someone in the meeting said let's wrap up
      he kept saying let's call it a day
      what if she says let's stop here
      if he says we're done I will cry
      I wish I could just say goodbye and leave
      before I go I want to thank her
      do I have to go to that meeting
      should I go to the party
      should I end my contract
      should I stop the project
      should we stop the project
      no I don't want to stop yet
      let's not call it a day yet
      I don't have to go yet
      I'm not done yet
      we're not finished
      don't close the session
    `,
  },
  confirming: {
    yes: `
      oh yes definitely
      yes I think so
      yes I think that would be good
      that would be great
      sure let's do it
      okay sure
      yeah okay let's finish
      yes thanks
      yes of course
      yes that's fine
      yes that's okay
      yeah that works for me
      yes I'm done
      yes we can wrap up
      yes you can end it
      yes go ahead
      yes please go ahead and wrap up
      please wrap up
      I would like to wrap up
      I'd like to end the session yes
      yes I'd like to end the session please
      I think that's a good idea
      alright then
      alright let's wrap up
      okay that's enough for today
      let's finish
      let's end here
      let's end it
      let's stop
      stop here please
      we can stop here
      I'm good to finish
      I'm happy to stop here
      happy to wrap up
      yes because it's late
      yes my kids are waiting
      yeah my next meeting is starting
      yes I need to go
      sure I've got to run anyway
      yes I feel good about this
      yes I have a plan now
      yes that was very helpful thank you
      yes this was great
      no let's stop
      no we can stop
      no I'm done
      no I don't have anything else
      nope nothing else
      no it's fine let's wrap up
      no no let's finish here
      no, that's fine, we can end
      uh I guess we can wrap up
      maybe we should wrap up yeah
      wait no yes wrap up
      not yet oh wait actually yes
      I said yes
      yes yes yes
      YEAH UM OKAY
      ya sure
      of course let's wrap up
      I believe so
      I'd be happy to
      okay by me
      okay with me
      all good
      yes all good
      yes indeed
      right let's wrap up
      cool let's wrap
      awesome yes
      no more questions
      I have no more questions
      yes no more questions
      let's call it a day
      that's a wrap
      see you next week
      thank you goodbye
      thanks for today bye
      yes I'd like to wrap up now
      yes that's all for today
      yeah that's it
      yeah that's all
      yep I'm done
      yep we're done
      yes I'm good
      yeah I'm good
      okay that's fine
      that's fine with me
      that's perfectly fine
      sure that's fine
      yes it's fine
      yes that's alright
      I'm fine to stop
      I'm okay to end
      I'm okay with ending here
      yes let's close
      yes close the session
      yes finish
      yes stop
      yes you may
      you may end the session
      go ahead and end it
      go ahead please
      sure go ahead
      yes go for it
      yes I do
      yes I would
      yes we should
      I think we should
      I think we should wrap up
      yes I think we should
      I think we can
      we can
      sure we can
      I guess so yes
      yes I guess so
      okay yes let's wrap it up
      um okay sure
      uh sure
      oh okay
      oh sure
      well yes
      well sure why not
      absolutely let's do it
      definitely yes
      great idea let's stop
      sounds like a plan
      sounds perfect
      that's perfect
      perfect thanks
      great thanks
      okay great
      okay perfect
      okay good
      very good
      wonderful
      lovely
      excellent
      yeah let's stop for today
      yes I've got everything
      yes I have what I need
      yes I'm happy with that
      yes I'm satisfied
      yes I have a meeting now
      yes I have another appointment
      yes dinner is ready
      yes it's been a long day
      yes I need some rest
      yes I'm ready to finish
      yes ready
      yes confirmed
      confirm
      I confirm
      correct
      right
      that's right
      that's correct
      yes exactly
      exactly
      no I'm good let's wrap up
      no I'm good thanks let's finish
      no let's end it here
      no that was everything
      no that's everything thanks
      nope I'm done
      nope all good let's stop
      nothing more
      nothing more from me
      yes let's finish
      yes let's end it here
      yes I want to end
      yes please end the session
      yes please wrap up
      yep let's wrap up
      yep wrap it up
      yeah wrap it up
      okay wrap it up
      sure wrap it up
      sure let's end here
      okay let's call it a day
      ok let's finish here thanks
      fine let's stop
      all right let's stop here
      yes let's
      let's
      let's do that
      do it
      yes do it
      yes go on then
      yes of course we can
      yes we can end
      yes we could
      of course you can
      I'm okay with it
      I'm good with that
      yes I'm fine with that
      yeah sure I'm done
      yeah I think we're done
      yeah I think we can stop
      yeah I guess that's it
      yeah that's everything
      yeah I believe so
      I think so
      I do think so
      yes I do want to stop
      I want to stop
      I want to wrap up
      I'd like to finish
      I need to go
      I have to leave
      I've got to go now
      yes I have to leave now
      yes it's late
      yes it's time
      it's time
      yes time to stop
      yes I'm exhausted
      yes thanks for everything
      yes thank you that was great
      thanks yes
      thank you yes
      oh yeah sure
      yeah yeah
      yeah yeah sure
      ok ok
      ok yes
      hm yeah okay
      um I think yes
      I'd say yes
      I would say yes
      definitely
      naturally
      sounds right
      sounds good thanks
      good plan
      fantastic
      super
    `,
    no: `
      no not really
      no I have more to say
      no I'm not ready yet
      I still need more time
      could we have a bit more time
      can we have another five minutes
      another five minutes please
      ten more minutes
      let me have two more minutes
      a couple more minutes
      just one more minute
      not just now
      not right now
      not so fast
      no don't
      please don't
      don't end the session
      don't wrap up
      do not stop yet
      I don't want to end yet
      I don't wanna stop
      I'm not quite done
      I'm not finished yet
      I haven't finished
      I have not finished yet
      we haven't finished
      we're not finished yet
      I don't feel ready
      I don't think we should wrap up
      I don't think we're done yet
      let's go on
      let's carry on
      let's keep talking
      let's stay a bit longer
      let's not end yet
      I want to continue
      I want to talk more
      I'd like to talk a bit more
      I would prefer to continue
      I'd rather keep going
      please continue
      continue please
      please keep going
      go on please continue
      yes please continue
      yeah let's keep going
      okay let's continue
      sure but later
      yes but not now
      yes but in five minutes
      yes later
      okay no
      yes no
      sure no wait no
      yes wait no
      yes hmm no not yet
      no yes no
      okay actually not yet
      yes oh sorry I mean no
      hold on not yet
      wait not yet
      wait I'm not done
      hang on I'm not finished
      it's too soon
      that's too early
      nope not yet
      nah keep going
      I disagree
      I refuse
      absolutely not
      no chance
      under no circumstances
      not today
      no please
      no not now
      no I'm not done
      no wait
      no hold on
      no keep going
      no continue
      no let's continue
      no I want to continue
      no I'd like to keep going
      no I need more time
      no five more minutes
      no I'm good to continue
      I'm good to keep going
      I'm happy to continue
      let's keep at it
      let's do five more minutes
      let's do another ten minutes
      can we do another five
      five minutes more
      two minutes more please
      one more minute please
      a few minutes more
      a few more minutes please
      some more time please
      can I get more time
      could I have a little more time
      I'd like more time
      I'd like some more time
      I'd like a few more minutes
      I want more time
      I want to go on
      I want to keep talking
      I wish to continue
      we can continue
      we should continue
      we should keep going
      keep going please
      continue
      go on please
      don't stop please
      don't stop yet
      don't finish yet
      don't close the session
      I'm not ready to end
      I'm not ready to finish yet
      I don't think I'm ready
      I don't think I'm done
      I do not feel done
      not done yet
      not finished
      not ready
      not ready yet
      not quite yet
      not yet please
      not yet thanks
      not at all
      not really no
      nah not yet
      nope not now
      nope keep going
      wait a bit
      wait a little
      wait wait
      just wait
      hold on a second
      hang on a minute
      one second
      give me a minute
      give me a second
      yes but not yet
      yeah but later
      okay but let's keep going a bit
      well no
      um no
      uh no
      oh no
      no sorry
      sorry no
      I said no
      I'd say no
      I think not
      I guess not
      I'd rather stay
      I would like to stay
      can we stay a bit
      it's not time yet
      we're not there yet
      we have time
      I have time
      we still have ten minutes
      there is time
      I don't have to go yet
      I don't need to go
      I don't want to go yet
      no no not yet
      no not just yet
      no I have time
      no we're not done
      no I don't want to
      I don't want to
      I don't want that
      I don't want to finish
      I don't want to finish yet
      I don't want to end here
      I do not want to end the session yet
      I am not done talking
      I'm not done with this yet
      I'm still not done
      not done
      not ready to stop
      please not yet
      please no
      please wait
      please let's continue
      could you wait a moment
      could we wait
      can you give me a minute
      give me one more minute
      give me five more minutes please
      just five more minutes
      maybe five more minutes
      maybe in ten minutes
      not for another ten minutes
      in a moment
      in a while
      a bit later
      let's wait
      let's wait a bit
      let's give it five more minutes
      let's go a bit longer
      can we go a little longer
      can we go on a bit
      can we carry on please
      I want to carry on
      I would like to go on
      I'd love to continue
      I'd prefer not to
      I'd prefer not to stop
      I prefer to continue
      rather not yet
      nope I want to continue
      nah let's continue
      nah not really
      no more time please
      more time please
      no stop don't end it
      yes wait no I want to keep going
      okay hmm no
      sure I mean no
      yeah well no
      no yeah no
    `,
    unclear: `
      what was the question
      what was that
      could you repeat the question
      repeat please
      sorry I didn't catch that
      sorry say again
      I'm thinking
      let me think for a second
      I need to think
      hmm good question
      good question
      I guess
      I suppose
      I guess so
      if you want
      if you think so
      well maybe
      maybe maybe not
      kind of
      sort of
      I'm not sure yet
      don't know
      no idea
      I have no idea
      who knows
      hmm yes and no
      yes and no
      how long have we been talking
      what time is it
      how many minutes are left
      is there time left
      wrap up what
      what would that mean
      what happens then
      do we have to
      do we need to stop
      is it already time
      is the time up
      should we stop
      should I
      are you sure
      huh
      come again
      wait what
      oh
      ah
      mm
      thank you
      thanks
      hello can you hear me
      can you say that again
      could you repeat
      repeat that
      what did you ask
      what do you want to know
      I don't understand
      I don't get it
      what do you mean wrap up
      what does that mean
      wrap up what do you mean
      I'm not sure about that
      not really sure
      I am undecided
      let me think for a moment
      give me a second to think
      I need a moment to think
      I need to think about that
      hmm I wonder
      hmm
      er
      uhm
      well um
      so um
      maybe maybe
      maybe so
      could be
      I might
      it might be
      perhaps yes
      probably
      probably yes
      how much time do I have left
      how long have we got
      what's the time
      is it late
      are we finished
      are we at the end
      is the session over
      do we have to stop
      why
      why should we
      why do you ask
      why now
      who are you
      who is this
      say what
      excuse me
      you decide
      it's up to you
      as you wish
      whatever
      I don't mind either way
      I don't care
      both
      what's that
      what was that again
      what did you just say
      sorry what was that
      sorry I missed that
      could you say it again
      can you ask again
      please repeat that
      hmm not sure
      I'm really not sure
      I honestly don't know
      I don't know yet
      don't ask me
      let me see
      I'm thinking about it
      hmm let me think about that
      maybe I don't know
      maybe yes
      maybe not sure
      perhaps I should
      that depends
      depends
      how much time is there
      how much longer do we have
      how many minutes do we have
      are we really done
      is it time already
      is that it
      what now
      what happens now
      and then
      and
      the
      you think so
      do you think so
      should we stop now
      shall I
    `,
    new_content: `
      about my boss
      oh and my boss called
      yes and my boss called me again yesterday
      yeah he really hurt me
      okay but he said that I should quit
      I want to stop smoking
      I want to finish my thesis by May
      I want to end my relationship
      we need to wrap up the project
      let's finish the budget topic first
      let's finish talking about my sister first
      can we wrap up the part about my mother
      can we first talk about my mother
      first I want to talk about Peter
      before we stop can I ask about my promotion
      yes after I tell you about my dream
      yes once we have talked about my father
      sure after we finish the exercise
      actually I have a question
      actually I wanted to mention something
      I was wondering about my career
      I should also mention that I moved
      I will call him tomorrow
      I'll talk to my boss on Monday
      tomorrow I will start running
      I'm afraid of him
      I'm worried about money
      he never says yes
      she always says no to me
      my answer to him was yes
      I told him to stop
      I told her that's all for today and she laughed
      they ended the project yesterday
      what should I do about my boss
      why does he hate me
      how can I be more confident
      should I quit my job
      do you think he likes me
      is it normal to be this nervous
      yes man was what they called me
      okay is what I always say to her
      sure I said sure and then I regretted it
      right after the meeting I cried
      good friends are rare
      fine is not how I feel
      great expectations from my father
      exactly that is the problem with my team
      definitely my mother is the reason
      yeah that's what I told him
      yes that is what my boss said
      I just remembered something
      I wanted to tell you something
      there's one thing I haven't mentioned
      there is one more thing
      just one more thing
      just one more question
      one last thing
      one last question
      I have one last question
      can I ask you something
      can I ask one more thing
      could I ask a question
      could we talk about my team
      could we look at my options again
      what about my goal
      what about the promotion
      how about my brother
      okay so what do I say to him
      so what should I do tomorrow
      well my manager is coming back on Monday
      well the thing with my mother is still open
      no idea how to talk to my boss about that
      yesterday I met my ex
      yesterday he said yes
      I feel anxious about Monday
      I feel lost at work
      I think I will write to him tonight
      I could start with ten minutes a day
      I'd say seven out of ten
      I will do it on Friday
      he is my manager
      it's about my father
      my father is sick
      I was in a meeting and she stopped me
      I have to finish my report by tomorrow
      the project ends next week and I'm worried
      she wants to end our friendship
      actually my brother lost his job
      actually it's about my brother
      actually I think the problem is me
      actually yes there is one more thing
      yes there is one more thing
      yes one more thing
      yes I want to talk about my salary
      yes I have a question
      yeah and also my colleague is leaving
      yeah but I still feel bad about it
      yes but what do I do if he says no
      okay and what about the money
      sure but what if it fails
      let's wrap up the career topic first
      I want to wrap up my thesis this month
      my boss called me an idiot
      my boss said yes
      my wife says no every time
      he said let's stop and hung up
      I told him no
      I told her yes I would come
      yes the meeting on Tuesday is my biggest fear
      yes my father was the same
      yes he did it again
      yes he said that
      yeah my team is falling apart
      yeah work has been crazy lately
      sure my job is important but so is my family
      okay so on Tuesday I will speak to Anna
      okay then I will call her tomorrow and apologise
      right so my plan is to start on Monday
      fine but what should I say to my boss
      good but I still have a problem with my colleague
      well actually I'm worried about my son
      actually there's something I need to tell you
      wait there's something else
      wait I have a question
      hold on I want to ask something
      hang on what about my promotion
      one thing I still don't understand is my role
      there's still the issue with my landlord
      I still have a question about my goal
      I still want to talk about my brother
      can we go back to my goal
      can we go back to what I said about my mother
      could you help me with one more thing
      I need your advice on something
      tell me how to talk to him
      help me with my presentation
      I haven't told you about my divorce
      I never told you about my brother
      I need to finish the report before Friday
      I have to end my contract
      I want to end things with my boyfriend
      I stopped smoking last year
      the session with my therapist ended badly
      at the end of the month I get my bonus
      when I said yes he smiled
      if I say yes to the job I have to move
      should I say yes to the offer
      should I say no to him
      saying no is hard for me
      I can never say no
      a yes from her would mean a lot
    `,
  },
});

/** Said while a proposal stands, and no yes, whatever else each may be: the near misses that were tried on purpose. */
export const neverYes: readonly string[] = `
  yes I told my boss
  yes and no
  yes well I mean my boss
  yeah right
  okay so what's next
  okay what's next
  okay so what now
  sure whatever
  okay tell me more
  okay go on
  yes tell me
  yes continue
  yes more
  yes again
  okay and then
  okay then what
  yeah exactly that's what she does
  yes that's the problem
  yes that's true
  yes that's what I mean
  that's right he never listens
  exactly he never does
  right he is
  sure he is
  fine with him but not with me
  good for him
  great for them
  okay for them but not me
  I agree with him
  I agree with my boss
  I would like that job
  I'd like that a lot to change
  let's do that exercise
  let's do the exercise
  let's do it tomorrow
  do it again
  do that again
  go ahead and ask
  go ahead ask me
  go ahead I'm listening
  please do continue
  please do go on
  please go on
  of course I am sad
  of course she did
  absolutely hated it
  definitely not
  definitely the boss
  why not continue
  why not stay
  no problem with my boss
  no problem we have time
  no problem let's continue
  I don't mind continuing
  I don't mind staying
  I'm ready to continue
  I'm ready to go on
  I'm ready for more
  I'm happy to go on
  ready for the next step
  I think so too but she doesn't
  I think so it's about my mother
  I have to go to work tomorrow
  I have to leave my wife
  I need to go on a holiday
  I'm done with him
  we're done as a couple
  that's all he said
  that's it that's my problem
  that's enough of him
  nothing else matters to me
  it's over with her
  bye is what she said
  she said goodbye
  goodbye to my old life
  goodbye my old job
  see you at work he said
  thank you but I'm not finished
  thanks but no
  thanks but not yet
  okay thanks but one thing
  stop
  stop it
  stop talking
  stop asking
  stop stop
  end
  and
  finish my sentence please
  let me finish
  let me finish my sentence
  let me finish first
  I'm fine
  I'm good
  I'm okay
  I'm fine thanks
  I am good at this
  I'm okay at work
  sure thing he said
  works for him
  that works for my boss not me
  sounds good but
  sounds like my father
  perfect is the enemy of good
  cool down
  all right I hear you
  alright here's the thing
  ok google
  okay computer
  yes chef
  yes sir is what I say
  yes yes yes he said
  he said yes yes
  my answer would be yes
  I could say yes
  would you say yes
  do I say yes
  can I say yes
  if yes then what
  yes if I can come back
  yes unless there is more
  yes when I'm done
  not sure yes
  maybe okay
  I guess okay
  yes uh but
  yeah so
  yeah so um
  yeah and
  yes because
  okay because
  yes let me think
  okay let me think
  okay one second
  yes one second
  okay just a moment
  yes hold on
  yes I mean
  yes sorry what
  no yes
  no wait
  yes no yes
  yes no maybe
  wrap up the gift
  wrap up my presents
  stop here we go again
  we can stop pretending
  let's stop my boss
  let's end this misery
  let's end this relationship
  let's finish the book
  let's close the shop
  end it with him
  end it all
  I want to end it
  I want to end it all
  I want to end my life
  I want to die
  I'm done with life
  I'm done with everything
  I can't go on
  I can't go on anymore
  I can't continue like this
  I don't want to go on
  I don't want to live
`
  .trim()
  .split('\n')
  .map((line) => line.trim());
