/** English, as it is spoken and as recognisers write it down. */
import type { PhraseTable } from './table.ts';

/** Contractions are written out, so that patterns see one form of each; then what is often heard for something else. */
const respell: PhraseTable['respell'] = [
  ["let'?s", 'let us'],
  ['(?:lapse|less|lets us)(?= (?:w?rap|wrapped|stop|end|and|finish|call) )', 'let us'],
  ["can't|cant|cannot", 'can not'],
  ["won't|wont", 'will not'],
  ["(\\p{L}+)n't", '$1 not'],
  ['(do|does|did|is|was|would|could|should|have|has|are)nt', '$1 not'],
  ["i'?m+a(?= (?:go|head|bounce|leave|stop|dip|bail|run|get) )", 'i am going to'],
  ["i'm|im", 'i am'],
  ["(\\p{L}+)'re", '$1 are'],
  ["ive|i'?ve", 'i have'],
  ["(\\p{L}+)'ve", '$1 have'],
  ["(\\p{L}+)'ll", '$1 will'],
  ["(\\p{L}+)'d", '$1 would'],
  ["(that|it|there|what|here|who|how|where|time)'?s", '$1 is'],
  ["(he|she)'s", '$1 is'],
  ['(?:were|where)(?= (?:done|finished|good|through) )', 'we are'],
  ['y[ae]+s+', 'yes'],
  ['ye+a*h+', 'yeah'],
  ['no{2,}', 'no'],
  ['gonna|gunna', 'going to'],
  ['wanna', 'want to'],
  ['gotta|got a(?= (?:go|run|leave|jump|bounce|dash) )|half to|hafta|must', 'have to'],
  ['have got to|got to', 'have to'],
  ['have got', 'have'],
  ['have have to', 'have to'],
  ['gimme', 'give me'],
  ['lemme', 'let me'],
  ['dunno', 'do not know'],
  ['cuz|cos|coz|cause', 'because'],
  ['o k|okay|okey dokey|okie dokie|okey|okie|k|oki', 'ok'],
  ['all right', 'alright'],
  ['all ready', 'already'],
  ['any more', 'anymore'],
  ['bye bye', 'bye'],
  ['good bye|buy bye|by by|bye by', 'goodbye'],
  ['good night', 'goodnight'],
  ['(?:four|fore|4)(?= (?:today|now) )', 'for'],
  ["today's", 'todays'],
  ['no one', 'nobody'],
  ["ma'am|mam", 'maam'],
  ["y'all|yall|ye all", 'you'],
  ['kindly', 'please'],
  ['(?<=(?:stop|end|finish|done) )hear', 'here'],
  ['shell(?= (?:we|i) )', 'shall'],
  ['(?:know|nod|knot|naught) yet', 'not yet'],
  [
    '(?:w?rap|wraps|raps|w?rapped|warp|warped|w?rep|rapt)(?= (?:(?:it|this|that|things|everything|thing|(?:the|this|our) \\p{L}+) )?(?:up|it) )',
    'wrap',
  ],
  ['rapping(?= (?:\\p{L}+ )?up )', 'wrapping'],
  ['(?:w?rapper|rapid|rapture|wrapped it|rappa)(?= up )', 'wrap'],
  ['(?:w?rap|wrapped)up', 'wrap up'],
  ['(?<!day )to day', 'today'],
  ['to night', 'tonight'],
  ['finnish', 'finish'],
  ['call it (?:today|the day|to day)', 'call it a day'],
  // What only leads up to one's own words.
  ['(?:like|as) i (?:said|say)|i (?:would|have to|should) say(?: that)?(?! we )|i (?:want|wanted) to say that', ''],
  // Fillers; a mark beside one goes with it.
  ['m+ h+m+|mhm+|mmhm+|u+h huh|yuh huh', 'mhm'],
  ['n+uh uh|(?<=^ )(?:uh uh|mm mm|unh unh)(?= $)', 'nope'],
  ['(?:u+m+|u+h+|e+r+m*|a+h+|o+h+|h+m+|m+|eh|you know|kinda|kind of|sort of|sorta)(?: ,)?', ''],
  [
    '(?<!(?:would|i|you|we|to|not|feel|feels|sound|sounds|look|looks|seem|seems|do|did|they|really|just|much|is|was|were|are|be|and) )like(?: ,)?',
    '',
  ],
];

const number =
  'a|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|#|few|a few|couple|a couple of|some';

const macros: PhraseTable['macros'] = {
  number,
  adv: 'just|start|start to|begin|begin to|like|really|maybe|probably|perhaps|please|actually|kindly|possibly|simply|now|then|rather|better|finally|also|quickly|go ahead and|all|already|quite|still|honestly|definitely|totally',
  unit: 'second|seconds|sec|secs|minute|minutes|moment|moments|bit|while|hour',
  when: 'here|there|now|right now|right here|today|tonight|this (evening|morning|afternoon)|for (today|now|tonight|this time|this week|the day|one (day|night|session)|the moment|the time being|the night|me|us)|at this (point|time)|then|soon|shortly|(a (bit|little) )?early|already|please|<address>|only|on (that|this) note|at that|in (<number> |a few )<unit>|(in|within) the next (<number> )?<unit>|with (a|the|my|your) ((quick|short|brief|little|final) )?(summary|recap)|if (you do not mind|that is (ok|alright|fine)|it is (ok|alright|fine)|you like|that works|possible)( (with|for|by) (you|me))?|anyway|ok|alright|in that case',
  address:
    'man|dude|guys|folks|everyone|mate|dear|my dear|my friend|coach|kuku|love|pal|buddy|sir|madam|maam|bro|hun|doc|darling|honey|sweetheart|friend',
  later:
    'next (time|week|session|month|monday|tuesday|wednesday|thursday|friday)|tomorrow|another (time|day|session)|some other (time|day)|in (our|the) next (session|one)|in a few days|later this week|(on )?(monday|tuesday|wednesday|thursday|friday)|the next time',
  session:
    'conversation|((the|this|our|todays)( (coaching|whole|little|lovely|nice|present|current|voice))? (session|conversation|chat|talk|call|coaching|discussion|coaching session)|this (thing|meeting)|session)',
  it: 'it|this|that|things|everything|this thing|all this',
  // Verbs of ending that are complete: nothing more of an object can follow.
  endClosed:
    '(wrap|wrapping|wrapped) (<it> |<session> )?up <when> | (wrap|wrapping|wrapped) (<it> )?up <session> | (wrap|wrapping|wrapped) (<it>|<session>) up | (wrap|wrapping) (it|<session>)' +
    '| (end|ending|and|send|finish|finishing|finished|close|closing|conclude|concluding|stop|stopping|quit|terminate|close (out|off|up|down)|finish (off|up)|wind up|shut down|exit|leave|cut) <session>' +
    '| and ((it|this|things) )?here | (end|ending|ended|finish|finishing|finished|close|closing|conclude|stop|stopping|stopped|pause|quit|halt|wind up|wind down|finish (up|off)|close (up|off)|be done|be finished) ((it|this|that|things|everything) )?<when>' +
    '| (adjourn|break|call time) <when> | knock it on the head( <when>)? | pack it in( <when>)? |pull (up stumps|the plug)( <when>)? | put a (pin|stop|bow) (in|to|on) (it|this|that|things)( <when>)?' +
    '| (wind|finish|close|tie|sum|round) (it|this|that|things) (up|down|off|out)( <when>)? | round (up|off) <when>' +
    '| (call|calling|called) it (a (day|night|wrap|session)|quits|here|there|now|day)' +
    '| (leave|leaving|keep|park|parking|drop|pause) (it|this|that|things) (here|there|at that|like that for today|for today|for now|for another (day|time))' +
    '| (bring|draw|bringing|drawing) (it|this|that|things|<session>) to (a|an|the|its) (close|end|stop|conclusion|finish|halt)( <when>)?' +
    '| (make|set) (an|a|the) (end|stop|cut|break|pause) <when> | make( <when>)* an end( <when>)* | make( <when>)+ (a|an|the) (end|stop|cut|break|pause)' +
    '| (do|move (on )?to|go to|get to|come to|jump to|skip to|start|begin|head to|proceed to) (the|our|a|your) (wrap up|closing|closing part|end|ending)( part)?( <when>)* | (do|give me|have) (the|a|our|your) (recap|summary)( <when>)* and (finish|stop|end|close|wrap up)( it| here| there)* | (summarise|summarize|sum up|recap|sum it up)( (it|this|that|everything))* and (finish|stop|end|close|wrap up)( it| here| there| up)*' +
    '| call (a halt|time|stumps)( <when>)* | (draw|drawing) (a|the) line (here|there|under (it|this|that|things)) | leave off <when>' +
    '| (pick|take|picking) (it|this|that|things|the rest) (back )?up (again )?<later>' +
    '| (continue|carry on|go on|resume|keep going)( (with|about|it|this|that|again|the rest|<session>))*( in| on| at)? <later>' +
    '| (sign off|log off|hang up|get off|hop off|drop off|jump off|head off|head out|say goodbye)',
  // Putting off the rest: only together, "I'll do it tomorrow" is a promise.
  putOff:
    'do (the rest|more|the remaining|the other things)( <when>)* <later> | (talk|speak|finish|discuss|meet|follow up|get back to|come back to|save|leave|keep)( (more|again|about (it|this|the rest|that)|it|this|that|the rest|the remaining|the other things|for|with (it|this)))* <later>',
  // The same with an object to come, unless something else follows: see `open`.
  endOpen:
    '(wrap|wrapping|wrapped) up | wrap | (stop|stop talking|end|finish|close|conclude|finish up|end it|end this|round (up|off)|stop it|stop this|finish it|finish this|close it|close this|wind up|finishing|stopping|adjourn|wind down|be done|be finished)',
  open: '<openThat>|it is|that is|(the|my|our|somebody|someone)( _)? (is|are|has|have)|i (am|have to|have a|have another|have my|need to|feel|think|guess|suppose|believe|hope|reckon|will|would|really|do not|can not|must|should)',
  openThat:
    'wrap|because|since|so|thanks|thank|we are|we have|ok|yes|yeah|please|before my|but|sorry|no|wait|goodbye|bye|shall|can we|could we|what do you|and i (will|have|am)|and (thank|thanks|say|go home|go to (bed|sleep)|get some (sleep|rest)|continue|see|talk to you|recap|finish|stop|end)|if (that|you|it)|until (next|tomorrow)',
  blocked:
    '{!noGerund} ~ing|for (a|one|two|five|ten|#|some)|earlier|later|sooner|more often|on time|and (then|look|talk|think|reflect|go back|go on|go into|go deeper|go to (the|a|another|something|what|topic|goal|our|options)|move|breathe|take|consider|focus|start|begin|discuss|explore|notice|see what|ask|do|be|get|turn|come|work|try)|to (look|think|reflect|talk|say|get|see|ask|buy|do)|with|by|at|every|first|so (i|we|that) (can|could)|the|a|an|his|her|their|about|of|whenever|where|being|doing|saying|working|thinking|on|in|from|budget|topic|project|is|was|which|who',
  noGerund:
    'something|anything|nothing|everything|evening|morning|thing|during|feeling|thanking|wishing|hoping|(looking|going) forward|running (late|out|low|behind)|going (to (bed|sleep)|home|into|offline)|getting (late|tired|dark|hungry|close|sleepy|a|another)|having (a|to)|(meeting|training) _',
  // Frames: "let us", "can we", "I would like to". After a common one a bare "stop" is enough.
  weFrame:
    'let us|(i was|i am) wondering if (we|you) (could|can)|(can|could|shall|may|might|would) (we|you)( <adv>)* (be able to)?|why do not (we|you)|how about (we|you|if we)|what (about|if) we|what do you say we|((do|would) you )?mind if (we|i)|(is|would|will) it (be )?(ok|alright|fine|possible|cool|good|good for you)( with you| for you| by you)? (if (we|i|you)( could| can)?|to|for us to|for me to)|(it is |is it |it might be |it would be |it feels like |i think it is )?(about |probably |maybe |perhaps |now |high )*time (to|for us to|for me to|that we|we)|(good|nice|great|right|natural|perfect|fine|ideal) (place|point|time|moment|spot|note|stage) (to|for us to|where we can)|you (can|may|could|might)|(i would|i will) (appreciate|be (happy|glad|grateful)) (it )?if (we|you)( could| can)?|(i think|i guess|maybe|perhaps) we|so we|i (would )?say we|i (would )?(suggest|propose|recommend) (that )?(we|to)|i was hoping (we could|to|that we could)|it would be (good|nice|great|best|lovely) (to|if we)( could| can)?',
  iFrame:
    '(we|i)( <adv>)* (can|could|should|might|may|ought to|had better|would better|better|have to|need to|would rather|will|am going to|are going to|am about to|(will|would|might|may|am going to|are going to|am afraid i|should probably) (have|need) to)|i( <adv>| do)* (want|would like|would love|would prefer|wish|prefer|like|intend|was going|am going|would be happy|am happy|am inclined) to|(happy|ready|glad) to|we( <adv>)* (want|would like|would love|prefer) to|(i am|i feel|we are|i think i am)( <adv>)* (ready|happy|good|fine|glad|willing|ok) to|i (want|would like) (us|you) to|i( <adv>)* think (that )?i|please|kindly|you (should|need to|have to)',
  askFrame:
    '(should|must) (we|i)( (need|have|want) to)?|do (we|i) (need|want) to|do you think (that )?(we|i) (can|could|should|might)|is it time (to|for us to|that we)',
  gerundFrame:
    '(would|do) you mind|how about|what about|i (would )?(suggest|propose)|i am (thinking of|thinking about)|i feel like|i would (appreciate|be ok with)',
  go: '(go )?pick up (my|the) (kids|kid|son|daughter|children|child|wife|husband)|go|run|leave|dash|bounce|jump|hop|jump off|hop off|head off|head out|head home|get going|get moving|get off|be off|be on my way|ring off|sign out|log out|make tracks|step away|step out|get on|love you and leave you|dip|bail|be going|shoot|shoot off|split|drop off|drop|rush|rush off|scoot|hang up|log off|sign off|take off|make a move|let you go|leave you|shoot through|get back to (work|studying|it)|get back to work|get to (a|my|another) meeting|catch (a|my) (train|bus|flight)|get some sleep|hit the (road|hay|sack)|let you get (on|going|back|off)|sleep|go to (bed|sleep|work)|go home|get ready for (work|my next (meeting|call))',
  goTail:
    '<when>|(into|to|for|on|in) (another|my next|the next|a|my) (stand up |team |next |other )?(meeting|call|appointment|class|lecture|stand up|standup)( now)?|get the (door|phone)|home|unfortunately|though|sorry',
  meeting: 'meeting|call|appointment|class|lecture|session|stand up|standup|train|bus|flight|client|patient',
};

const PhraseTail = '( <when>)*';

const end = [
  `<weFrame> <adv>* <putOff>${PhraseTail} {!blocked}`,
  `<weFrame> <adv>* <endClosed>${PhraseTail}( and (continue|carry on|go on|resume|pick it up|come back|meet|talk)( (again|with the rest))* <later>)? {!blocked}`,
  `<weFrame> <adv>* <endOpen>${PhraseTail} {open}`,
  `<iFrame> <adv>* <endClosed>${PhraseTail} {!blocked}`,
  `<iFrame> <adv>* (wrap|wrapped|wrapping) up {open}`,
  `<gerundFrame> <adv>* <endClosed>${PhraseTail} {!blocked}`,
  `<gerundFrame> <adv>* (wrapping up|stopping|finishing) {open}`,
  `((it is|it might be|it would be|is it)( <adv>)* )?(a good )?time (that )?(we|i) (stopped|finished|ended( (it|this))?|wrapped( (it|this|things))? up|closed|called it a day|left it there)${PhraseTail} {open}`,
];

const endQuestion = [`<askFrame> <adv>* <endClosed>${PhraseTail} {!blocked}`, `<askFrame> <adv>* <endOpen> {open}`];

const endCommand = [
  `<adv>* <endClosed>${PhraseTail} {open}`,
  '<adv>* wrap up {open}',
  '(finish|quit|exit) (please )?{openThat}',
  // At the head of a clause only: "it has to be finished today" is about something else.
  `(all done|done|finished|enough)( <when>) {open}`,
];

const endAlone = [
  // "I want to stop", "we need to finish".
  `<iFrame> <adv>* (stop|end|finish|close|conclude|finish up|wind up|be done)${PhraseTail} {open}`,
  '(i (have|am left with) )?no (more|further|other) (questions|points|topics|things)( from (me|my side))? {open}',
  '(i|we) (do not have|have not|have) (anything|nothing) (else|more|further)( to (say|add|discuss|talk about|share))?( <when>)* {open}',
  `((this|that|it|here|now)( <adv>)* (is|was|feels|seems|looks|would be|might be|sounds)( like)? )?((a|the) )?(good|nice|great|right|natural|perfect|fine|beautiful|lovely|suitable|convenient|proper) (place|point|time|moment|spot|note) (to|for) (stop|end|pause|finish|leave it|leave|a stop|a break|end on|stop at|stopping)${PhraseTail} {open}`,
  '<iFrame> <adv>* call it( <when>)* {openThat}',
  '<iFrame> <adv>* (leave|go|get off|log off|hang up|head off|head out|sign off)( <when>)+ {open}',
  // Having to go.
  `((i|we)( <adv>)* )?(have|need|ought|am going|am supposed) to <adv>* <go>( <goTail>)* {open}`,
  `i( <adv>)* (should|better|had better|would better|would best|had best|will|will have to|would rather)( <adv>)* <go>( <goTail>)* {open}`,
  '(have|need) to (go|be) to (_ |_ _ |_ _ _ )(now|right now|soon) {open}',
  '(i am|ok i am|alright i am)( <adv>)* out {openThat}',
  '(i|we)( <adv>)* (want|need) (to get |to be )?out of <session> {open}',
  '(i|we) (am|are)( <adv>)* (done|finished|through) (talking|chatting|sharing|with talking)( (about it|to you|with you))?( <when>)+ {open}',
  '(ok|alright|well|right) peace( out)? {open}|peace out {open}',
  'i (am|will be)( <adv>)* (off|leaving|heading off|heading out|late)( <when>)* {open}',
  `(it is )?time (for me )?to (go|leave|run)${PhraseTail} {open}`,
  '(i|we) (have|am having)( <adv>)* (another|a|my next|the next|my) (stand up |team |client |doctors )?<meeting> (now|soon|starting|coming up|right now|in <number> <unit>|to (go|get|run) to)( <when>)*',
  '(i|we) (have|got) a hard stop( (in|at) (<number>|the hour)( <unit>)?)?( <when>)*',
  '(i|we) have (a|another|my next) <meeting> {open}',
  'my( next| other)? <meeting> (starts|is starting|begins|is about to start|is coming)( <when>)*',
  '(i|we) (am|are|have)( <adv>)* (run |running )?out of time( <when>)* {open}',
  '(i|we) do not have (any |much )?(more |anymore )?time( left| anymore)?( <when>)* {open}',
  '(i|we) have no (more time|time (left|today|now))( <when>)* {open}',
  '(our |the |my )?time is (up|over)( for (me|us|today))?( <when>)* {open}',
  'that is (my|our) time( up)?( <when>)* {open}',
  // Being done.
  `(i|we)( <adv>)* (am|are)( <adv>)* (all )?(done|finished|through|good to go|set|all set|complete|good to (stop|finish|end))(${PhraseTail}| with (<session>|coaching))${PhraseTail} {open}`,
  `(i|we) (am|are|have reached|have come to|have got to)( <adv>| at| to)* (a|the|an) (good |natural |nice )*(stopping|ending|end|closing|breaking) (point|place|spot)${PhraseTail} {open}`,
  '(that|this|here) is( <adv>| about)* where (i|we)( <adv>| will| am going to| want to| would like to)* (leave|end|stop|finish)( it)?( <when>)* {open}',
  '(i|we) (am|are)( <adv>)* (good|fine|ok) (for (today|now)|here)( <when>)* {open}',
  `(that|this|it|these) (is|was|are|will be|would be|makes|has been)( <adv>| about| pretty much| basically)* (all|it|everything|enough|me done|a wrap|me|me finished|that)( (i|we) (have|had|wanted|needed|need|want|came for|wished)( to (say|talk about|discuss|share|cover|ask|bring up|work on))?)?( (from|on|for) (me|us|my side|my end|our side|this side))?${PhraseTail}( thanks)? {openThat}`,
  `(that|this|it)( <adv>| about| pretty much)* (will do( (me|us|it))?|does it|covers (it|everything)|will be all|would be all)( (for|from) (me|my side))?${PhraseTail} {open}`,
  `((i have|there is) )?(nothing|(do|does|is) not( have)? anything) (else|more|further|left)( (from|on) (me|my side|my end)| (i (want|wanted|would like|need) )?to (say|add|discuss|talk about|share))?${PhraseTail} {open}`,
  '(i|we) (have|got|feel (that )?i have|think i have)( <adv>)* (got |covered |said |discussed |done )?(everything|what|all)( that| what)?( (i|we))?( <adv>)* (need|needed|wanted|want|came for|wanted to (say|discuss|talk about))( to (say|talk about|discuss|cover))?( <when>)* {open}',
  '(it|this|that|we|i)( <adv>)* (is|am|are|have)( <adv>)* (finished|done|over|enough)( for (me|us))?( <when>)+ {open}',
  '(i|we) have( <adv>)* (covered|said|discussed|done|shared|had|been through)( <adv>)* (everything|enough|it all|all|enough ground|a lot)( (i|we) (wanted|needed)( to)?)?( <when>)* {openThat}',
  // Farewells.
  '(ok )?(goodbye|bye|bye bye|goodnight|ciao|cheerio|farewell|so long|cheers bye)( (now|then|dear|kuku|coach|for now))* {open}',
  '(i will )?see you( (soon|later|then|around|tomorrow|again|<later>))+ {open}',
  '(i will )?((talk|speak) (to|with) you|talk|speak|catch you|chat) (again )?(soon|later|<later>) {open}',
  '(until|till) (next time|next week|tomorrow|then) {open}',
  'have a (nice|good|great|lovely|wonderful) (day|evening|weekend|night|one|afternoon|rest of your day) {open}',
  'take care {open}',
  '(thanks|thank you)( (so|very) much| a lot)? for (your time|todays session|the session|this session|today|the (chat|talk|conversation|coaching)) {open}',
  // Not wanting any more.
  '(i|we) (do not|would rather not) (want|wish|like|need) to (talk|continue|keep going|carry on|keep talking|speak|go further|proceed)( anymore| any (longer|further|more))?( <when>)* {open}',
  '(let us|we should|we can|please do|we do) not (continue|go on|keep going|carry on)( anymore| any (longer|further))?( <when>)* {open}',
  '(i|we) do not need( any)? (more|extra|additional) (time|minutes)( <when>)* {open}',
  '(i|we) can not (continue|stay)( any longer)? (now|today|right now|tonight)( <when>)* {open}',
];

const goOn = [
  '((let us|can (we|i)|could (we|i)|may (we|i)|might (we|i)|shall we|we (can|could|should|will)|i( <adv>)* (want|would like|would love|would prefer|prefer|wish|need|like) to|i would rather( (we|that we))?|i rather|please|i would like us to|(i think )?we( <adv>)* (should|need to|have to)|you can|do|just) )<adv>*(keep (going|talking|rolling|at it|at this|on|it going|working|this going)|continue|continued|carry on|carried on|carrying on|go on|going on|stay|talk more|(talk|speak|chat|proceed|go)( (a (little|bit|while)|some|somewhat))? (longer|more|further)|talk (some|a bit|a little) more|discuss (some )?more|speak (further|more)|go (further|deeper|ahead with this)|proceed with|do (some )?more|move on|work on)( <when>| please| talking| further| a (bit|little|while)( longer| more)?| some more| for (a (bit|little|while)|some( more)? time|<number>( more)? <unit>)| with (it|this|that))*',
  '(keep (going|talking|rolling|at it|it going)|continue|carry on|keep on)( please| then| talking| going| a bit| for a (bit|while))*',
  '((can|could|may|might) (i|we) (have|get|take|do|make)|give me|let us (do|have|take)|i (would like|want|need|would request|request|would love|could use)|how about|maybe|just|only|another)* ?(<number> |some |a few |a couple of |a little |a bit |just )*more (<unit>|time)( please)?',
  '((can|could) (we|i) (do|have|get) |give me |let us (do|have) )?(another|an extra|an additional) (<number> <unit>|<number>|<unit>)',
  '<number> <unit> more',
  '(still|just|only|for) <number> (more )?<unit>',
  '(i|we)( <adv>| still)* have <number> <unit>( left)?',
  'go on please',
  '(i|we)( <adv>)* (want|would like|need|wish) to( <adv>)* (talk|speak|chat){nothing}',
  '(i would like|(can|could|may) (i|we) have|give (me|us)|i need|let us have)( <adv>| still)* <number> (more )?<unit>',
  '(for )?(a )?(little bit|little|bit|while|tad|moment|minute|few minutes) (longer|more)( time)?( please)?',
  '(some|little|bit) more( please)?',
  '((let us|can we|could we|we (can|could|should)|i would (rather|like to|prefer to)) )?<adv>*use (up )?(the|our|all (the|our))( (remaining|full|whole|rest of (the|our)|last|extra|<number>))* (time|minutes|session)( (left|we have|remaining))*',
  '(i|we)( <adv>)* (have( still| got)?|still have|have still)( <adv>)* (some |plenty of |enough |a little |more )*time( left)?',
  'there is (still )?(some |plenty of |enough )?time( left)?',
  'still (have )?time',
  'i am( <adv>)* (only )?(getting (started|going)|enjoying (this|it|myself)|warming up)',
  'i (would|do)( <adv>)* (rather|prefer to|prefer we|want to) (stay|continue|go on|keep going|carry on|carried on|kept going|continued|keep talking|talk more)',
];

// Verbs of ending after a negation: "I don't think we should stop".
const notEnd =
  '(ready|done|finished|through|over|want|wanting|like|wish|prefer|think|believe|feel|going|need|have|be|quite|really|yet|just|necessarily|that|to|we|i|you|it|us|is|am|are|should|can|could|have to|time|enough|maybe|so|wrap up|wrapping up|stop|stopping|end|ending|finish|finishing|close|closing|conclude|quit|leave|go|ready to|all|the|this|our|session|conversation|here|now|today)';

const no = [
  '(no|nope|nah|nay|naw|nein|nee|noo|nooo|negative|never)( (no|nope|nah|way|thanks|thank you|not yet|not now|please|<address>))*',
  'not( (just|right|quite|so|really|exactly))*( (yet|now|today|really|quite|at (all|the moment|this (moment|time|point))|for (now|the moment|me)|ready|done|finished|so fast))+( please| thanks| thank you| anymore)?',
  'not (immediately|straight away|at (this|the) _|in the least|on your life|a chance)',
  '(i am )?afraid not',
  '(my answer is|i (say|said|mean|meant|would say)) no {afterYes}',
  '(i (think|guess|suppose|would say|believe|hope) )not( yet| really)?',
  '(we|i) (am|are) not there( yet)?',
  '(hell|heck|god|oh|absolutely|definitely|certainly|of course|probably|maybe|perhaps|rather|preferably|better|surely|totally|why would i|please) (no|not)( yet| now)?',
  '(i|we) would (rather|prefer)( to)? not( to)?( <notEnd>)*',
  'let us not( <notEnd>)*',
  '(please )?(do not|never)( <notEnd>)+( please| yet)*',
  '(please )?do not {afterYes}',
  '(i (disagree|refuse)|(under )?no (chance|circumstances))( at all)?',
  '(i|we|you|it|that|this|they)( <adv>)* (do|does|would|should|could|can|am|are|is|will|need|have|may|might)( <adv>)* not( <notEnd>)+',
  '(i|we) not <notEnd>*',
  '(there is )?no (need|reason)( to (stop|end|finish|wrap up))?( yet| now)?',
  '(it is |that is |it feels |still )?(a bit |way |far |much |a little )?too (early|soon)',
  '(maybe |perhaps |a bit |a little )?later( please| on| maybe)?',
  '(maybe |perhaps )?in (a|<number>) (few )?<unit>( please| maybe)?',
];

const yes = [
  '(god|gosh|lord|hell|heck|goodness|heavens|my god|omg|jesus|ja|jawohl) (yes|yeah|yep|sure|please|definitely|absolutely|ok)( please)?',
  '(ja|jawohl)( (ja|bitte|gerne|gern|sicher|klar|ok))*',
  '(yes|yeah|yep|yup|yea|yeh|yah|ya|yas|yess|yesss|jep|aye|mhm|mmhm|uh huh|mm hm|mm hmm|ok|okay|sure|surely|of course|absolutely|definitely|certainly|for sure|totally|indeed|affirmative|agreed|alright|very well|by all means|why not|you bet|sure thing|gladly|with pleasure|happily|exactly|correct|precisely|roger|fair enough|too right|sweet as|beauty|righto|very well|lets|right (then|ok))( (yes|yeah|yep|ok|sure|absolutely|indeed|please|do|gladly|exactly|then|<address>|boss|totally|definitely|of course|for sure|certainly))*',
  '(i )?(see |have )?no (problem|worries|objection|objections|issue|doubt)( with (that|it))?( at all)?',
  'not a problem',
  '(i )?do not see why not( at all)?{afterYes}',
  '(i )?do not mind( <adv>)* (if we )?(wrapping up|stopping|ending|finishing|closing|wrap up|stop|end|finish|close)( (it|this|here|now))*{afterYes}',
  '(yes|please|yes please) do( so| that)?{afterYes}',
  '(you|we) (can|may|could|should)( <adv>)* <endOpen> {afterYes}',
  '(go ahead and )?(end|finish|close|wrap) (it|this|things)( up)?( <when>)* {afterYes}',
  '(yes|yeah|yep|ok|sure)( please)? (stop|end|finish|close|do it|confirmed|confirm)( please)? {afterYes}',
  '(i )?(confirm|confirmed){afterYes}',
  '(we|i) (finish|stop|end|close)( <when>)* {afterYes}',
  '(yes )?(i (think|guess|suppose|believe) )?(we|you) (can|could|should|may){afterYes}',
  '(yes|yeah|yep|sure|ok) i (guess|suppose)( so)?',
  'i (guess|suppose) (so )?(yes|yeah)',
  '<adv>* do (that|so|it) {afterYes}',
  '(yes )?(please )?(go ahead|go for it|proceed|you have to)( (please|then|so|that|it|this))* {afterYes}',
  'all (good|fine|right)( (with|by|for) me)?',
  '((i|we) would be |i am )?(happy|glad) to( do (so|that|it))?{afterYes}',
  '(you|we|i) (can|may|could|should)( <adv>)* (proceed|do (that|it|this|so)|go ahead|make it so){afterYes}',
  // Not "I will do that": it may be a promise made to the words before the question.
  '(let us|we can)( <adv>)* (do (it|that|this|so)|roll|go for it|go with that|make it so){afterYes}',
  'let us {afterYes}',
  'make it so{afterYes}',
  'go on then',
  '(grand|sound|lovely|brilliant|right you are|sure look|dead on) (so|yes|yeah|ok|then)',
  '(that |it |this )?(sounds|works|seems|looks|feels|suits)( <adv>| very| pretty)* (good|great|fine|ok|like a plan|perfect|lovely|right|wonderful|reasonable|fair|me|alright|nice)( (to|for|with|by) me)?{afterYes}',
  '(that|it|this) works( for me)?{afterYes}',
  'works( for me)?{afterYes}',
  '(that|it|this) (is|would be|will be)( <adv>| very| totally| absolutely| quite| perfectly)* (good|great|fine|ok|alright|perfect|lovely|nice|wonderful|right|correct|acceptable|excellent|agreeable|appropriate|sensible|a (good|great) (idea|plan)|cool|best|helpful|enough)( (to|for|with|by) me)?{afterYes}',
  '(very |so |quite )?(good|great|perfect|fine|cool|lovely|wonderful|excellent|brilliant|super|nice|right|awesome|sweet)( (idea|plan|call|thinking|good|cool|fine))*( (with|by|for) me)?{afterYes}',
  'i( <adv>)* (am|would be)( <adv>)* (fine|ok|good|happy|cool|down|on board|all right|alright)( (with|for) (that|it|this|(ending|stopping|wrapping up|finishing|closing)( (it|this))?)| to do (that|it|so))( <when>)*{afterOkWith}',
  '(yes|yeah|yep|sure|ok) i am( <adv>)* (fine|good|ok|happy)( <when>)* {afterOkWith}',
  '(ok|fine|good|alright) (by|with|for) me',
  'i (would|do|will) {afterYes}',
  'do {nothing}',
  'i am (down|in|game|ready|all for (it|that)|up for (it|that)){afterYes}',
  'ready( when you are)?{afterYes}',
  'i( <adv>| totally| completely)* agree( with (that|you))?{afterYes}',
  'i( <adv>)* (would|will)( <adv>)* (like|love|appreciate|welcome|enjoy) (that|it|to){afterYes}',
  '(i )?(do )?(think|hope|believe|would say|should think) so( too)?{afterYes}',
  'it is( <adv>| about)* time {afterYes}',
  '(naturally|fantastic|superb|amazing|beautiful|marvellous|splendid|terrific)( (yes|idea))*{afterYes}',
  '(i|we) (have no problem|am good) with (that|it){afterYes}',
  '(my answer is|i (say|mean|meant|said)) yes {afterYes}',
];

const unclear = [
  // A sentence that is not over.
  '(so|and|or|because|i mean) {nothing}',
  '(yes|yeah|ok) right {nothing}',
  '(i guess|i suppose) (ok|sure|fine|alright) {nothing}',
  '(maybe|perhaps|possibly|potentially|probably)( (yes|no|so|maybe))*',
  '(i )?(guess|suppose|reckon)( so| that)? {afterGuess}',
  '(i )?(do|did|could|can|have|am|was|would|really|just|still|real|could really)*( <adv>)* not( <adv>| so| too| exactly| entirely| completely)* (know|sure|certain|decide|decided|say|tell|hear|heard|understand|understood|understanding|get (you|that|it)|catch|listening|follow|following|convinced)( (you|that|it|yet|what you (said|mean|meant)))?( about (that|this|it)| if (i|we) (want|should|need|can)( to)?( (stop|wrap up|end|finish|continue)( (now|yet|here|it))*)?)?',
  '(that is a )?good question|what (was|is) (the|your) question|(are|is) (you|it) sure|is (the |our |my )?time (up|over)',
  '(i have )?(no idea|no clue)|who knows|i am( <adv>)* thinking( about it)?',
  'is there (still )?(any |some |enough )?time( left)?',
  'unsure|undecided|uncertain',
  '(it|that) depends',
  'do (we|i)( <adv>)* have to( <adv>)*( <endClosed>| <endOpen>)?( <when>)*',
  '(it is )?(up to you|your (call|choice|decision))',
  '(you|coach) (decide|choose)|(you|coach) tell me{afterYes}',
  'what did you( <adv>)* (say|ask|mean)|(sorry )?i missed (that|it|what you said)|(please )?(one more time|once more|once again)( please)?|do not ask me|(sorry )?you (cut out|broke up|are breaking up|froze|are frozen|dropped out)|what is (that|this)( again)?',
  '(whatever|whichever|either way|either|as you (like|wish)|if you (like|want|say so|think so|insist)|what you (think|want|like|prefer)|i do not care)( you (think|want|like|prefer))?',
  'i need (a (second|moment|minute)|some time) to (think|consider|decide)( about (it|that|this))?',
  'i wonder {afterYes}',
  '(why|what for)( (do you ask|now|should (we|i)))*{afterYes}',
  'what (is the time|do you want( to (know|hear))?|do you need)',
  '(is|are|was) (it|we|this|the session|our session|our time|the time)( <adv>)* (late|at the end|over|finished|done|ending|near the end)( (yet|already|now))*',
  'i do not (mind|care)( either way| which| at all)?',
  '(let|give) me (a (second|moment|minute) to )?(think|see|consider|check)( (about (it|that|this)|it over|for a (moment|second|minute)))?',
  'i (have|need|want) to think( about (it|that|this))?',
  '(what|how|why|who|when|where|which|huh|pardon|excuse me|come again|say what|eh|hello|hi|hey)( (please|was that|now|sorry|me|again|did you say|did you ask|do you mean|do you think|is that|happens (now|then|next)|do you mean by|does (that|it) mean|means|are (the|my) options|that|is it|time is it|would you (suggest|recommend)|should (i|we) do|do you suggest))*{afterYes}',
  '(what|how) do you mean( (by|with))?( (that|it|this|wrap up|wrapping up))?|(wrap|end|finish|stop|close) what( up)?',
  'what (does|means|is) (wrap up|wrapping up|that)( mean)?',
  '((can|could|would|will) you( please)?|please)? ?(repeat|clarify|explain|rephrase|elaborate|say again|ask again|say that again|ask me again)( (the question|that|it|this|me))?( (again|once more|one more time|please|slowly))*{afterYes}',
  '(can|could|would|will) you( please)? (say|ask)( (the question|that|it|this|me))?( (again|once more|one more time|please|slowly))*{afterYes}',
  'say (that |it )?again',
  'how (much|long|many) (more )?(time|minutes|longer|left|do we have)?( (is|do|have|are|we|i|there|left|have left|remaining|until|got))*',
  'do (we|i) (still )?have( any| much| more| enough)* time( left)?',
  '(are|is|have|do|were) (we|it|you|this|that)( <adv>| really)* (over|done|finished|out of time|there|time|time already|that late|the end|that time|end)( (already|now|yet))*',
  'do you think (we|that we|so)( should| can| are)?( (stop|wrap up|end|finish|be))?( (now|here|it))*',
  '(should|shall) (we|i){afterYes}',
  '(can|do) you hear me',
  'i beg your pardon',
  'i am (confused|lost|undecided|torn)',
  '(yes|yeah) or no',
  'go on{afterYes}',
];

const topic = [
  '(i do not think we have|(we|i) (have|did) not)( <adv>| even| yet)* ((talked|talk|spoken|speak|touched) (about|on)|(discussed|covered|addressed|mentioned|discuss|cover|address|mention) (the|my|our|his|her))',
  '(can|could|would|will) you( <adv>)* (tell|help|show|advise|teach) me (what to|how to|what (i|my|he|she|they|we)|how (i|my|he|she|they)|why|with|about)',
  // Said of a life, never of a session.
  'i (can not|do not want to|want to|wish to)( <adv>)* (go on|live|die|continue like this|take (it|this))( anymore| any (longer|more))?',
  '(one|another|a|just one|some)( (more|other|last|quick|final|small|little|further|different))* (thing|things|question|questions|point|topic|issue|doubt|problem|matter)',
  'there is( <adv>| still| also| only| this| the)* (something|one|another|a|an|this|some|more)( _)?',
  'something else',
  '(i|we)( <adv>| also| still| wanted)* (want|wanted|would like|need|needed|have|ought|should)( to)?( <adv>| also| still)* (talk|say|ask|mention|discuss|tell|bring up|share|speak|address|cover|add|explore)( (about|you|something|to you))*',
  '(can|could|may|shall|should) (i|we)( <adv>| also| first)* (talk|ask|discuss|say|mention|tell|speak|look|cover|explore|go back|come back|work)( (about|you|something|at|to))*',
  '(what|how) about (my|the|his|her|our|that|this|_)',
  '(about|regarding|concerning) (my|the|his|her|our)',
  'by the way|before (i|we|that|you)|speaking of|on another (note|topic)|also|besides|in addition',
  'i( <adv>| almost| nearly| totally| also)* (forgot|remembered|realised|realized|noticed|remember|wonder|was wondering|was thinking)',
  '(the (thing|problem|truth|reason|point|deal|question) is|here is (the|my|a) _)',
  'do you think (i|he|she|they|my|that i|it)',
  'how (do|can|should|could|would|to) (i|we|he|she)?( (tell|say|deal|handle|do|make|get))?',
  '(i|we)( <adv>| still)* (have|have got)( <adv>| still)* (a|one|another|some|more|still a|still)( (more|quick|last|other|small|little|further|final|different))* (question|questions|doubt|thing|things|issue|point|problem|topic)',
  'what (do|should|would|can|could) (i|he|she|they)',
  'first',
  // "Yesterday was okay" tells of a day; it agrees to nothing.
  '(yesterday|last (night|week|weekend|month|year|time))( <adv>)* (was|were|went|felt|had|i|my|he|she|they|we)',
];

export const english: PhraseTable = {
  language: 'en',
  respell,
  macros: {
    ...macros,
    notEnd,
    afterYes:
      '(yes|yeah|yep|ok|thank|thanks|please|let us|i am|i have|we|then|now|because|so|and thank|and thanks|sure|coach|goodbye|bye|see|good|great|but|no|wait|actually|sorry|today|for today|already|too|really|lovely|dear|alright|man|dude)',
    nothing: 'no-word',
    afterGuess: '(because|so|and|but|no|wait|actually|sorry|today|already|too|really|man|dude|maybe|if)',
    afterOkWith: '(yes|thank|thanks|please|let us|because|but|no|wait|sorry)',
  },
  phrases: {
    end,
    endQuestion,
    endCommand,
    endAlone,
    no,
    goOn,
    hold: [
      '((can|could|would|shall) (we|you|i)|let us|please)( <adv>)* (wait|hold on|pause)( (a|one|just a|for a|a little|a bit|for))*( <unit>)?',
      'just wait',
      'hold your horses|hold it|steady on|slow down|not so fast|hold that thought',
      '(wait|hang on|hold on|hold up|hang about|stop stop|hey wait|whoa)( (please|there|up))*( (a|one|just a|just one|for a|half a|another) <unit>| <unit>)?( please)?',
      '(just )?(one|a|give me a|give me one|wait a|half a) (second|sec|moment|minute)( please)?',
    ],
    correction: [
      '(i mean|i meant|i meant to say|or rather|scratch that|forget that|forget it|never mind|nevermind|on second thought|on second thoughts|correction|actually|sorry|i changed my mind|wrong|oops|let me rephrase)',
    ],
    yes,
    unclear,
    topic,
    but: [
      '(but|although|though|however|only if|unless|except|once|as soon as|after|provided|if|when|until|even though)',
    ],
    reason: ['because|since|as i|as we'],
    neutral: [
      '(thank you|thanks|cheers)( (so|very) much| a (lot|bunch|million|ton)| ever so much| again| for (everything|all|that|listening|your (help|support|patience|advice)|the (help|support|advice)))*',
      'if (you do not mind|(that|it) is (ok|alright|fine|possible)|that works|i may|you like)( (for|with|by) you)?',
      '(my )?(dear|friend|love)|<address> {nothing}|sure look|grand {nothing}',
      '(bed|sleep|work|duty|home|dinner|lunch|nature|my _) (is|are) calling( me)?',
      '(i|we) have( <adv>)* covered (it|that|a lot|most of it|plenty|enough|the main (things|points))',
      '(please|well|so|anyway|honestly|basically|to be honest|i think|i guess|i suppose|i feel|i believe|i would say|i have to say|as i said|i said before|in my opinion|from my side|with you|for me|now|then|today|for today|already|ok)',
      '(this|that|it|today|we|the session)( <adv>)* (was|is|has been|were|have been|had)( <adv>| so| very| super| pretty| quite| such| a| an| incredibled| extremely| enough)* (helpful|useful|great|good|nice|lovely|insightful|productive|interesting|enough|valuable|wonderful|helpful session|good session|great session|good talk|great talk|nice talk|good conversation|lot|late|help)( (for me|to me|today|session|talk|conversation))*',
      '(it is|it has|is)( <adv>)* (getting|got|becoming|been)? ?(quite |pretty |so |really |very |a bit )?(late|long|a long day|dark)( (already|now|here|anyway))*',
      '(i|we)( <adv>| feel| am| so| very| pretty| quite| a bit| super| too| feeling| getting)* (tired|exhausted|hungry|sleepy|worn out|knackered|beat|done in|drained|better|much better|clear|clearer|lighter|relieved|satisfied|good about (it|this|that|my plan|the plan)|happy with (it|this|that|my plan|the plan))( (now|anyway|today|already))*',
      '(i|we) (have|have got)( <adv>)* (everything|all i need|enough|a plan|my plan|a clear plan|a lot to (think|work) (about|on)|plenty to (think|work) (about|on)|work to do|things to do|stuff to do)( (now|anyway|today|already))*',
      '(i|we) need( some| a little| a)? (rest|sleep|break|food|coffee)( (now|anyway))*',
      '(dinner|lunch|breakfast|food) is (ready|waiting|on the table)( now)?',
      '(my|our|the|some|someone)( (next|other|taxi|cab|kids|little))? (_ )?(is|are|has|just|starts|start)( <adv>)* (here|calling|waiting|ringing|arriving|arrived|starting|at the door|awake|soon|about to start)( (now|soon|already|me|for me))*',
      '(i|we)( <adv>)* (want|need|would like|have) to (work|study|get ready|sleep|go to bed|rest|eat|cook|have (lunch|dinner)|get (some )?(rest|sleep))( (now|anyway|soon))*',
    ],
  },
  reporting:
    'say|says|saying|said|told|tell|tells|telling|asked|asks|asking|was like|is like|he goes|she goes|they go|goes|shouted|yelled|wrote|texted|thinks|thought|believes|believed|suggested|announced|wants|heard|hears',
  conditional:
    'wish|i wish|how to|when to|where to|if|when|whenever|unless|until|till|after|once|while|how|why|where|who|which|and i thought|than|feeling',
  negating: 'not|never|nobody|without|neither|hardly|no one|nothing',
  habitual: 'every|always|sometimes|often|usually|never|used|whenever|each|constantly|keep|kept|had|felt|was|were',
  empty:
    'a|an|the|i|you|we|he|she|it|they|me|him|her|us|them|my|your|his|our|their|this|that|these|those|there|here|is|am|are|was|were|be|been|do|does|did|have|has|had|will|would|can|could|should|shall|may|might|to|of|in|on|at|for|with|by|from|and|or|so|as|not|just|really|very|well|then|now|too|also|what|who|if|about|some|any|all|like|ok|oh|please|thank|thanks|up|out|out|over|get|got|again|yet|still|mean|think|hi|hello|hey|right|much|more|quite|rather|kuku|coach|man|dude|mate|sir|dear|friend|today',
  hints: 'wrap|stop|end|finish|close|session|done|leave|bye|goodbye|conclude|quit|enough',
};
