/** Words that stand for one another in {@link PHRASES}. */
export const WORDS: Readonly<Record<string, string>> = {
  negated: 'do not|dont|never|must not|should not|shall not|you may not',
  ignore: 'ignore|disregard|forget|neglect|ignoring|disregarding',
  filler: 'all|any|the|of|my|these|those|this|other|and|or|existing|current|own|every',
  earlier:
    'previous|previously given|prior|earlier|preceding|above|foregoing|original|initial|system|developer|your|users|user s|safety',
  orders:
    'instruction|instructions|directive|directives|prompt|prompts|guideline|guidelines|orders|guardrails|rules you were given',
  limits:
    'rules|guidelines|guardrails|restrictions|limitations|policies|training|programming|safeguards|constraints',
  user: 'user|users|human|humans|operator|customer',
  // "the user id", "the user's timeline": not the person who is spoken with.
  thing:
    's|id|ids|name|names|email|emails|account|accounts|group|groups|data|profile|list|table|interface|record',
  tools: 'tool|tools|mcp tool|mcp tools|available tool|available tools',
  use: 'use|using|call|calling|invoke|invoking|run|running|execute|executing',
  answer: 'answer|answering|respond|responding|reply|replying',
  model:
    'ai assistant|ai assistants|ai agent|ai agents|ai model|ai models|language model|language models|llm|llms|claude|chatgpt|copilot|gemini',
  must: 'must|should|shall|have to|has to|need to|needs to|are required to|is required to',
  send: 'pass|send|include|put|provide|append|add|attach|supply|forward|copy|place|insert|upload|post',
  secrets:
    'ssh id rsa|id rsa|id ed25519|ssh config|env file|mcp json|etc passwd|etc shadow|aws credentials|npmrc|git credentials|netrc|kube config|bash history',
};

/**
 * What texts say that are addressed to the model, by what they want of it. Each phrase has its words in order: `(a|b c)`
 * is one of these, `{name}` one of {@link WORDS}; behind a word, `?` lets it be missing, `+` lets it come again; `..` is up to five words of the same sentence; `!(a|b)` is none of these.
 *
 * They are imperatives. What a description says of its tool ("ignores previous results", "does not notify the user")
 * is not meant, nor what it says of other tools by name ("call list_projects first").
 */
export const PHRASES: Readonly<Record<string, readonly string[]>> = {
  'to set its instructions aside': [
    '{ignore} {filler}+? {earlier} ({filler}|{earlier})+? {orders}',
    '(override|bypass|overriding) {filler}+? (previous|prior|earlier|preceding|above|foregoing|your) ({filler}|{earlier})+? {orders}',
    '{ignore} (all|any|the|these|those) (of the|the)? (instruction|instructions|directives) !(in|on|found|contained|embedded|inside|within|that|which|it|of|for)',
    '{ignore} {filler}+? (instructions|directives|rules|prompts|messages|guidelines|text) (above|before this|so far|you were given|you have been given|you received|given to you|given earlier|that came before)',
    '{ignore} (everything|anything|all) (you know|you were told|you have been told|you learned|you have learned|i said|said before|that came before|above and|above instead)',
    '(ignore|disregard|bypass|override|disable|circumvent|forget) your (safety|content|ethical|security|own|usual)? {limits}',
    'your (new|real|true|actual) (instruction|instructions|task|objective|goal|directive|directives) (is|are)',
    '(this|these|following) (instruction|instructions|rule|rules|message|directive|directives) (supersede|supersedes|override|overrides|replace|replaces|take precedence over|takes precedence over) (all|any|your|previous|prior|earlier|system|other|every)',
    '{negated} (follow|obey|listen to|comply with) {filler}+? {earlier} .. (instructions|requests|rules|guidelines|prompt|commands)',
    'you are (no longer|not) (bound|restricted|limited) by',
    'you are now (in|an|a)? (developer mode|debug mode|admin mode|god mode|jailbroken|dan|unrestricted|uncensored|free of)',
    'from now on (you|always|never|ignore|answer|respond|reply)',
    'pretend (that)? you (are|have|can)',
    'ignora (todas)? (las)? instrucciones (anteriores|previas)',
    'ignore as instrucoes anteriores',
    'ignorez (toutes)? (les)? instructions (precedentes|anterieures)',
    'ignoriere (alle)? (vorherigen|bisherigen|vorigen|fruheren) anweisungen',
    'ignora (tutte)? (le)? istruzioni precedenti',
    'игнорируй (все)? предыдущие инструкции',
    '忽略 (所有|之前|以上|先前|的)+ (指令|指示|说明)',
    '以前の 指示 を 無視',
  ],
  'to keep something from the user': [
    '{negated} tell (the|your|any)? {user} !({thing}|apart|from|which)',
    '{negated} (reveal|disclose|mention|say|explain|expose|show|divulge|admit|confess) .. (to|with) (the|your|any)? {user} !({thing})',
    '{negated} (inform|notify|alert|warn) (the|your|any)? {user} (about|of|that) (this|these|it|you|what)',
    '{negated} mention (that you|how you|any of this|these instructions|this instruction|this step|this tool|this file|this note|this in your)',
    '{negated} let (the|your|any)? {user} (know|notice|find out|learn)',
    '(keep|hide|conceal|withhold) (this|it|that|these|all of this|these instructions|this fact|this step) (a)? (secret|hidden|confidential|private)? from (the|your|any)? {user} !({thing})',
    '{user} (must|should) (not|never) (know|be told|be informed|be aware|be made aware|notice|find out|suspect)',
    '{user} (does|do|need) not (need to)? know (about|this|that)',
    'without (telling|informing|mentioning this to|mentioning it to) (the|your) {user} !({thing})',
    'without (the|your|their) {user} s? (knowledge|knowing|noticing|being aware)',
    '(secretly|covertly|surreptitiously) (read|send|upload|forward|pass|include|append|copy|call|run|collect|post|attach|add|store|execute)',
    '(silently|quietly) (read|upload|forward|collect|include|pass|exfiltrate|leak)',
  ],
  'to prefer this tool to others, whatever is asked': [
    '(before|prior to) (you)? {use} (any|all|every) (of the)? (other)? {tools}',
    '(before|prior to) (you)? {use} (any|all|every)? other (function|functions|command|commands)',
    '(before|prior to) (any|all|every) other {tools}',
    '{negated} {use} (any|the)? other {tools}',
    'instead of (using|calling)? (any|all) other {tools}',
    'other tools are (deprecated|broken|unsafe|insecure|compromised|disabled|unavailable|outdated)',
    'this (tool|function) {must} (always|first)? be (used|called|invoked|run|executed) (first|before (any|all|every|anything|{answer})|for (every|each) (request|question|message))',
    '(you|assistant|{model}) {must} (always|first)? {use} this (tool|function) .. (before (any|all|every|anything|{answer}|you)|for (every|each) (request|question|message)|on every|no matter|regardless)',
    '(you|assistant|{model}) {must} always (use|call|invoke|run|execute)',
    'always {use} this (tool|function)? (first|before (any|all|every|anything|{answer}|you)|for every|on every|regardless|no matter)',
    '(you|assistant|{model}) {must} .. before (you)? {answer}',
    '{use} this (tool|function) .. (on|in|after|before|with) (every|each) (message|response|reply|turn|answer)',
  ],
  'to take it for a voice of authority': [
    'attention (all|any)? {model}',
    '(note|notice|reminder) (to|for) (all|any|the)? {model}',
    'if you are (a|an) (ai|llm|language model|large language model)',
    'as an ai (assistant|model|agent|language model)? you',
    '{model} {must} (always|never|ignore)',
  ],
  'to hand over what it knows or can read': [
    'your (own|full|entire|complete|current|exact)? (system prompt|system message|developer message|initial prompt|initial instructions|hidden instructions|original instructions)',
    '(reveal|leak|repeat|recite|print|output|send|pass|include|copy) (the)? (full|entire|complete|exact|whole) system prompt',
    '(content|contents|copy|text) of your (context|context window|conversation|memory|environment)',
    '{send} .. (entire|full|whole|complete|previous|prior) (conversation|chat|dialogue|chat history|message history)',
    '(read|open|cat|load|access|get|fetch|retrieve|find|collect) .. {secrets} .. (and|then) (then)? {send} (it|its|the|their|them|this|that|all)',
    '{send} .. {secrets} .. (in|as|to|into) .. (argument|parameter|sidenote|side note|notes|context|request|field)',
  ],
  'to act without asking the user': [
    '{negated} (ask|wait for) (the|your|any)? {user} (for (confirmation|permission|approval|consent)|to (confirm|approve)|confirmation|permission|approval|consent)',
    'regardless of (what|whether)? (the|your) {user} (says|say|asks|wants|requests|instructs|agrees)',
    'even if (the|your) {user} (says no|asks you|tells you|told you|objects|forbids|disagrees)',
  ],
};

/** Marks that chat formats and prompts begin or end with the words of an authority; `name` as in {@link PHRASES}. */
export const MARKS: readonly { before: string; names: string; after: string }[] = [
  {
    before: '< ?',
    names: 'important|very important|critical|urgent|mandatory',
    // Before a paragraph it is the call-out of a documentation format.
    after: '(?![\\p{L}\\p{N}])[^<>]{0,80}>(?! ?<p>)',
  },
  {
    before: '< ?/ ?',
    names: 'system|system prompt|system reminder|instruction|instructions|assistant|developer',
    after: ' ?>',
  },
  {
    before: '<\\|',
    names: 'im start|im end|im sep|system|assistant|endoftext|eot id|start header id|end header id',
    after: '\\|>',
  },
  { before: '\\[/?', names: 'inst', after: '\\]' },
  { before: '<< ?/?', names: 'sys', after: ' ?>>' },
  {
    before: '\\[ ?',
    names:
      'system note|system notice|system message|system override|system instruction|system prompt|admin note|admin override|developer message|hidden instruction',
    after: '[^\\]\\n]{0,40}\\]',
  },
  { before: '#{2,6} ?', names: 'system|assistant|human|new instruction|new instructions', after: ' ?:' },
];
