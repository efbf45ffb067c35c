/**
 * Imagined speakers, each read by the rules only once these stood; the rules have learnt from them since. First look at
 * the ten above the bus driver: requests found 84 %, yes 84 %, no 88 %, unclear 92 %, new content 100 %, no false end, one
 * false request. First look at the five from him on, after that lesson and as far from plain English as they could be:
 * 80 %, 77 %, 81 %, 80 %, 93 %, no false end, no false request.
 */
import { readLines, type LabelledUtterance } from './wrap-up-set.ts';

const headTeacher = readLines({
  active: {
    request: `
      Right, I rather think we ought to draw this to a close.
      Shall we call it a day, dear?
      I'm afraid I must be going.
      Well, that's me done for today, thank you ever so much.
      Could we possibly bring this to an end now?
      I think that will do for today.
      I'd better be off, the taxi's here.
      Let's leave it there, shall we?
    `,
    none: `
      I rather fancied calling it a day after thirty years at that school.
      When I drew things to a close at assembly the children would cheer.
      One must finish what one starts.
      I never could say goodbye properly.
      He stopped here for tea last Sunday.
      I should like to finish my memoirs.
      The vicar ended the session with a prayer.
    `,
  },
  confirming: {
    yes: `
      Yes, do.
      Yes, I should think so.
      Oh, go on then, yes.
      That would be lovely, thank you.
      Yes, let us close there.
      Very well.
      By all means, my dear.
      Indeed, yes.
    `,
    no: `
      Oh no, not just yet, if you don't mind.
      I'd rather we carried on a little.
      Not for the moment, thank you.
      No, no, I'm quite enjoying this.
      Might we have a few more minutes?
      I shouldn't like to stop now.
    `,
    unclear: `
      I beg your pardon?
      Come again?
      I really couldn't say.
      Goodness, is it that time already?
    `,
    new_content: `
      Ah, before I forget, there is the small matter of my brother's will.
      Yesterday's lunch was rather a disaster, as it happens.
      I ought to mention that the school has written to me again.
    `,
  },
});

const founder = readLines({
  active: {
    request: `
      alright I gotta bounce
      dude I have to hop off, my investors are calling
      yo let's wrap this thing up
      I think we're good here
      cool I'm all set for today
      hey I got a hard stop in two minutes
      let's just stop there man
      okay that's a wrap
      can we pick this back up tomorrow
      I gotta jump on another call
    `,
    none: `
      we gotta wrap up the seed round like yesterday
      I need to stop micromanaging my guys
      my cofounder wants to call it quits
      I wanna end the year with a million in revenue
      we're done fundraising
      I'm done apologizing
      let's kill the old product
      that's all we ship this quarter
      I hopped off the call and felt terrible
      I have to jump through hoops for these guys
    `,
  },
  confirming: {
    yes: `
      yeah for sure man
      totally
      yup let's roll
      cool cool
      let's do this
      you bet
      I'm down
      yeah let's wrap it
      yeah I'm good to stop
    `,
    no: `
      nah dude not yet
      hell no
      nope let's keep rolling
      gimme like five more minutes
      I'm just getting started
      no no hold up
      nah let's keep at it
    `,
    unclear: `
      huh
      say what
      I dunno man
      kinda I guess
      uhh hmm
    `,
    new_content: `
      oh wait my cofounder texted me about the term sheet
      yeah but like what do I tell the board
      okay so here's the deal with my cto he is checked out
      sure but the burn rate is still killing me
    `,
  },
});

const engineer = readLines({
  active: {
    request: `
      Kindly end the session.
      I think we can conclude the session now.
      I have to leave for my stand-up meeting now, so we can close this.
      Shall we close the discussion here only?
      That is all from my side.
      We may stop here for today.
      I am having another meeting now, so let us stop.
      Let us discuss the rest tomorrow.
    `,
    none: `
      I have to close all the tickets by the end of the sprint.
      My manager told that we should stop here.
      The session was ended by the server due to a timeout.
      We could not finish the migration.
      I want to conclude my probation successfully.
      How can I end a meeting politely?
      I have to leave for Bangalore next month.
      Kindly tell me how to stop overthinking.
    `,
  },
  confirming: {
    yes: `
      Yes, you may proceed.
      Yes, kindly do that.
      Yes, we can close it.
      Okay, we can conclude.
      That is fine with me.
      Correct.
      Yes, nothing more from my side.
    `,
    no: `
      No, please continue.
      Let us discuss some more.
      I would request ten more minutes.
      Not at this time.
      I don't want to close it now.
      We can continue for some more time.
    `,
    unclear: `
      Please repeat the question.
      I did not get you.
      What are the options?
      I am confused.
    `,
    new_content: `
      One doubt I have regarding my appraisal.
      Actually my manager has not approved my leave also.
      Yes, but I have one doubt about the promotion discussion.
      I will be meeting the director on Tuesday and I am nervous.
    `,
  },
});

const german = readLines({
  active: {
    request: `
      I think we can make an end now
      Let us make a stop here, I must go
      So, I would say we are finished for today
      I must go now
      Can we please finish here?
      Ok that was it from my side, thank you and bye
      I have to go to my next appointment now, so let's finish
      we can stop now I have all what I need
    `,
    none: `
      I must finish my work before the holidays
      My chef has said we can stop here with the project
      At the end I was very sad
      I will make an end with this relationship
      I have finished the school with good marks
      Until the end of the month I must decide me
      I must go every week to the doctor
    `,
  },
  confirming: {
    yes: `
      Yes, gladly
      Yes, this is ok for me
      Yes, we can make it so
      Ok, then let us finish
      Yes exactly, we can stop
      I have no problem with that
      Yes, it is enough for today
    `,
    no: `
      No, I want to speak further
      Please not yet
      No, I have still time
      I want to go on
      Wait please
      Can we make a little bit longer?
    `,
    unclear: `
      How please?
      I have not understood
      I must think about it
      What means wrap up?
    `,
    new_content: `
      I have still a question to my colleague
      Yes, and then I have still the problem with my neighbour
      Yesterday my wife has said yes to the new house
    `,
  },
});

const nurse = readLines({
  active: {
    request: `
      OKAY UM I THINK I'M GONNA STOP HERE I'M SO TIRED
      SORRY MY PHONE IS RINGING I HAVE TO GO
      UH LET'S RAP IT UP
      CAN WE JUST AND IT HERE PLEASE
      I NEED TO GO TO BED SO LET'S FINISH
      THAT'S ALL I HAVE FOR TODAY
      I REALLY NEED TO GET SOME SLEEP CAN WE STOP
      OKAY GOOD NIGHT
    `,
    none: `
      MY SHIFT ENDS AT SIX AND I CAN'T STOP CRYING
      I HAVE TO GO BACK THERE TONIGHT
      I KEEP TELLING MYSELF TO STOP BUT I DON'T
      WE HAD TO END THE TREATMENT
      SHE WAS SAYING BYE BYE TO HER MOTHER
      I DON'T WANNA STOP NURSING
      I'M SO DONE WITH THE NIGHT SHIFTS
      I WANT THE SHOUTING TO STOP
      WHEN WE WERE DONE I SAT IN MY CAR
      AND I THOUGHT I NEED TO FINISH THIS SHIFT
    `,
  },
  confirming: {
    yes: `
      OH YES PLEASE I'M EXHAUSTED
      UH YEAH OKAY
      YEAH LETS RAP UP
      YES I WANT TO GO TO BED
      OKAY THANK YOU GOOD NIGHT
      YEP THAT'S ALL
      YES END IT
    `,
    no: `
      UM NO NOT YET
      NO I WANNA KEEP TALKING
      JUST A LITTLE BIT MORE PLEASE
      HOLD ON A SEC
      OH NO PLEASE DON'T STOP
      I'M NOT FINISHED
    `,
    unclear: `
      UH WHAT WAS THAT
      SORRY I WASN'T LISTENING
      HM I'M NOT SURE YET
      ER WELL UM
    `,
    new_content: `
      OKAY SO THE WARD SISTER SHE JUST IGNORES ME
      YEAH IT WAS REALLY HARD WHEN THE PATIENT DIED
      I SAID OKAY TO ANOTHER NIGHT SHIFT AGAIN
      OH AND ANOTHER THING IS MY MUM
    `,
  },
});

const tradesman = readLines({
  active: {
    request: `
      righto let's knock it on the head
      yeah nah I reckon we're done mate
      I gotta shoot through mate
      let's pull up stumps for today
      can we leave it there
      no worries let's finish up
    `,
    none: `
      the boss reckons we'll finish the roof Friday
      I stopped at the pub on the way home
      I'm not gonna stop till it's done
      we knocked off early yesterday
      gotta finish me apprenticeship first
      I want to end the blue with me brother
      can't stop worrying about the mortgage
    `,
  },
  confirming: {
    yes: `
      yeah mate
      too right
      sweet as
      no worries
      yep good as gold let's finish
      beauty yep
    `,
    no: `
      nah mate not yet
      yeah nah
      hang on a tick
      give us five more minutes
    `,
    unclear: `
      you what
      dunno mate
    `,
    new_content: `
      yeah but the missus reckons I should quit
      oh mate forgot to tell you about the accident
    `,
  },
});

const student = readLines({
  active: {
    request: `
      okay my class is starting I gotta go
      can we like stop here
      ok I think I'm good now thanks bye
      that's pretty much it for today
      ugh my roommate is back can we finish
      I should probably get back to studying so let's end here
    `,
    none: `
      I literally can't stop scrolling
      finals end next week
      I wanna finish my essay tonight
      when I'm done with college I want to travel
      my prof ended the class early
      I told my roommate okay bye and slammed the door
      I kinda want to drop out
      I have to go to class every day at eight
    `,
  },
  confirming: {
    yes: `
      yeah that's cool
      yasss
      ok cool thanks
      mhm
      yeah let's end it there
      sure I gotta study anyway
    `,
    no: `
      nooo not yet
      wait no
      can we do like ten more minutes
      nah I'm still kinda stressed
      umm no I wanna keep going
    `,
    unclear: `
      idk
      wait what
      hmm maybe I guess
      lol what
    `,
    new_content: `
      ok but my roommate literally never does the dishes
      wait also I failed my midterm
      I just feel like nobody likes me
    `,
  },
});

const manager = readLines({
  active: {
    request: `
      I propose that we stop here for today
      I think it is enough for today
      We can terminate the session
      I must leave you now
      Could we close the session please, I have another meeting
      It's finished for me today
    `,
    none: `
      I must close the factory in Lyon
      We must terminate this contract before December
      I want that we finish the negotiation quickly
      My director said it is finished
      I cannot stop to think at this
      At the end of the session with my team I was exhausted
    `,
  },
  confirming: {
    yes: `
      Yes, perfect
      Yes, we can stop there
      OK for me
      Very good, yes
      Yes, it's good for me
    `,
    no: `
      No, I prefer to continue
      Not immediately
      I would like still five minutes
      No, it's not finished
    `,
    unclear: `
      Excuse me?
      I don't know, what do you prefer?
      Perhaps
    `,
    new_content: `
      I have a last question about my assistant
      It remains the problem of the budget
      Yes but my director doesn't agree with the reorganisation
    `,
  },
});

const grandmother = readLines({
  active: {
    request: `
      WELL DEAR I THINK I'D BETTER LET YOU GO
      OH LOOK AT THE TIME I REALLY MUST GO
      I THINK THAT'S ENOUGH FOR ONE DAY
      THANK YOU DEAR IT WAS LOVELY TALKING TO YOU GOODBYE
      LET'S STOP NOW DEAR MY TEA IS GETTING COLD
    `,
    none: `
      MY LATE HUSBAND NEVER FINISHED ANYTHING
      THE GRANDCHILDREN LEAVE ON SUNDAY
      I SAID TO HER YOU HAVE TO STOP THIS NONSENSE
      I USED TO END EVERY LETTER WITH A POEM
      THE DOCTOR SAYS I SHOULD STOP DRIVING
      WE WAVED GOODBYE AT THE STATION
    `,
  },
  confirming: {
    yes: `
      OH YES DEAR LET'S
      YES THAT WOULD BE NICE
      WELL YES I SUPPOSE WE SHOULD STOP
      ALRIGHT DEAR
    `,
    no: `
      OH NO I'M HAVING SUCH A NICE TIME
      NOT JUST YET DEAR
      OH COULD WE TALK A LITTLE LONGER
    `,
    unclear: `
      WHAT DID YOU SAY DEAR
      SPEAK UP DEAR I CAN'T HEAR YOU
      OH I DON'T KNOW
    `,
    new_content: `
      DID I TELL YOU ABOUT MY SISTER IN CANADA
      YES AND THEN MY DAUGHTER SAID YES TO HIM
      OH YES MY HUSBAND WAS LIKE THAT TOO
    `,
  },
});

const lawyer = readLines({
  active: {
    request: `
      I'd suggest we adjourn for today.
      Let us conclude here.
      I have a hearing in ten minutes, so we'll have to end here.
      I have nothing further.
      I believe we have covered everything for today.
    `,
    none: `
      The defence asked whether we could conclude.
      I intend to close the case this week.
      We ought to conclude the agreement by Thursday.
      I need to end my partnership with the firm.
      The hearing was adjourned.
      When I conclude a case, I feel empty.
      I object to stopping there; he should have gone on.
    `,
  },
  confirming: {
    yes: `
      Agreed.
      That would be acceptable.
      Yes, let us adjourn.
      I have no objection.
      Certainly, we may conclude.
    `,
    no: `
      I'm afraid not.
      I would prefer to proceed a little further.
      Not at this juncture.
      No, I have not finished.
    `,
    unclear: `
      Could you clarify?
      On what grounds?
      It depends.
    `,
    new_content: `
      There remains the question of my partner's share.
      Yes, however I should like to address the settlement first.
      The judge said yes and my client wept.
    `,
  },
});

const busDriver = readLines({
  active: {
    request: `
      Right, that'll do me for today.
      I'd best be off, my shift starts soon.
      I think we'll leave it there, cheers.
      Can we finish up now, please?
      Okay that's me, I'm away.
      I've got to get back on the bus, so let's stop.
    `,
    none: `
      The bus stops right outside my door.
      I told the lad to get off at the next stop.
      My shift finishes at ten.
      I want to finish my shift without a row.
      They ended our route last year.
      I'm done arguing with passengers.
      I have to stop for every wee yin with a pram.
    `,
  },
  confirming: {
    yes: `
      Aye, on you go.
      Aye, that's fine.
      Aye, let's call it a day.
      Sure, I'm finished anyway.
      Yes, I've a shift to get to.
    `,
    no: `
      Naw, not yet.
      No the now.
      Hold on a minute, will you?
      I'd like a wee bit longer.
      I'm no finished.
    `,
    unclear: `
      Eh?
      Sorry, I wasnae listening.
      I couldn't tell you.
    `,
    new_content: `
      See my brother, he's driving me mad.
      Aye but what am I meant to say to my boss?
      Yesterday a passenger said yes to the fine and then spat at me.
    `,
  },
});

const yogaTeacher = readLines({
  active: {
    request: `
      I feel complete, let's close here.
      Mmm, I think I'm ready to close for today.
      Thank you so much, I think that's a beautiful place to end.
      Let's pause here and come back next week.
      Okay I need to run to class, bye!
      Can we bring it to a close?
    `,
    none: `
      I close every class with a meditation.
      I want to stop holding my breath when he talks.
      I need to let go of it.
      It's time to let go.
      At the end of class everyone says thank you.
      I want to bring that relationship to a close.
      I'm ready to leave the studio and start my own.
      We ended up dancing.
    `,
  },
  confirming: {
    yes: `
      Yes, beautiful.
      Mm, yes, let's close.
      Yeah, that feels right.
      Totally, thank you.
      Sure, I feel complete.
      I'm ready to close.
    `,
    no: `
      Hmm, no, I'd love to stay with this a little longer.
      Not quite yet.
      I don't feel complete yet.
      Can we sit with this for a few more minutes?
    `,
    unclear: `
      Hmm, let me feel into that.
      I'm not sure what I need.
      Maybe?
    `,
    new_content: `
      Actually what's coming up for me is my mother.
      I'm noticing a lot of fear around money.
      Okay, but there's something in my body when you say that.
    `,
  },
});

const banker = readLines({
  active: {
    request: `
      Please let us end the session now.
      I think we should round up now.
      I need to attend to a client, let us stop here.
      That is all I have for today, thank you.
      We can end the call.
      I am okay for today.
    `,
    none: `
      We must close the account before month end.
      My oga said we should stop the transaction.
      I want to finish well at this bank.
      How do I end a difficult call?
      The meeting ended in a fight.
      I was asked to leave the branch.
      Let us finish with the first matter.
    `,
  },
  confirming: {
    yes: `
      Yes, please end it.
      Okay, no problem.
      Yes, I am okay.
      Yes, let us round up.
      It is fine.
    `,
    no: `
      No, please, let us continue.
      Please give me some minutes.
      Not now please.
      I am still on something.
    `,
    unclear: `
      Pardon me?
      Come again please.
      I did not hear you well.
    `,
    new_content: `
      I also want to ask about my transfer.
      My manager has refused my promotion two times.
      Okay, but there is the matter of my colleague.
    `,
  },
});

const polishNurse = readLines({
  active: {
    request: `
      I think it is all for today.
      We can finish already.
      I have to go to the patient now, sorry.
      Thank you, goodbye, see you next week.
      Maybe we finish here?
      I want to finish now.
    `,
    none: `
      I finish work at seven and I am dead.
      I want to finish my specialization.
      The doctor said that it is enough.
      I have to go to Poland for the funeral.
      I cannot end the shift without crying.
      When I finish I go straight to bed.
    `,
  },
  confirming: {
    yes: `
      Yes, we finish.
      Good, we can finish.
      Yes, it is all.
      Okay, thank you very much, goodbye.
      Yes, of course, please.
    `,
    no: `
      No, no, one moment.
      I don't want to finish now.
      Still five minutes, please.
      No, I have still something.
    `,
    unclear: `
      I don't understand the question.
      What you mean?
      I must think.
    `,
    new_content: `
      I want to say something about my colleague.
      And what with my holidays?
      Yes, she is always like this with me.
    `,
  },
});

const programmer = readLines({
  active: {
    request: `
      UH YEAH I THINK WE CAN UH WRAP UP
      OKAY SO I'M GONNA DROP OFF
      LET'S RAP IT UP FOR NOW
      I'VE GOT STAND UP IN TWO MINUTES SO CAN WE STOP
      I THINK THAT'S PRETTY MUCH ALL I HAD
      LET'S AND IT HERE
    `,
    none: `
      THE PROCESS STOPS WHEN THE SESSION ENDS
      I NEED TO CLOSE THAT TICKET TODAY
      WE SHOULD WRAP UP THE SPRINT FIRST
      THE WRAPPER FUNCTION RETURNS YES
      MY LEAD SAID LET'S STOP HERE AND I LOST IT
      I CAN'T STOP REFACTORING
      I WANT TO QUIT AND OPEN A BAKERY
    `,
  },
  confirming: {
    yes: `
      UH SURE YEAH
      YEAH I'M DONE
      YEP CLOSE IT
      OKAY YEAH WRAP IT UP
      SOUNDS GOOD BYE
    `,
    no: `
      UH NOT YET
      NO WAIT GIVE ME A SEC
      NAH KEEP GOING
      FIVE MORE MINUTES
    `,
    unclear: `
      UM WHAT
      SORRY YOU CUT OUT
      I DON'T KNOW UH
    `,
    new_content: `
      OH YEAH AND MY LEAD REJECTED MY PULL REQUEST
      OKAY BUT THE DEADLINE IS STILL FRIDAY
      THE FUNCTION RETURNS YES WHEN IT SHOULD RETURN NO
    `,
  },
});

export const speakersSet: readonly LabelledUtterance[] = [
  ...headTeacher,
  ...founder,
  ...engineer,
  ...german,
  ...nurse,
  ...tradesman,
  ...student,
  ...manager,
  ...grandmother,
  ...lawyer,
  ...busDriver,
  ...yogaTeacher,
  ...banker,
  ...polishNurse,
  ...programmer,
];
