/** Scenarios of what Switchboard offers to agents. All of them pass. */
export const APPLICABLE = [
  'server-initialize',
  'ping',
  'logging-set-level',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-with-logging',
  'tools-call-error',
  'tools-call-with-progress',
  'json-schema-2020-12',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
] as const;

const TOOLS_ALONE = 'Switchboard offers tools alone.';
const NOBODY_TO_ASK =
  'Switchboard does not hand on what servers ask the client or the person: nobody may be there.';

/** Scenarios of what is not offered, each with the reason. */
export const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  'completion-complete': TOOLS_ALONE,
  'resources-list': TOOLS_ALONE,
  'resources-read-text': TOOLS_ALONE,
  'resources-read-binary': TOOLS_ALONE,
  'resources-templates-read': TOOLS_ALONE,
  'resources-subscribe': TOOLS_ALONE,
  'resources-unsubscribe': TOOLS_ALONE,
  'prompts-list': TOOLS_ALONE,
  'prompts-get-simple': TOOLS_ALONE,
  'prompts-get-with-args': TOOLS_ALONE,
  'prompts-get-embedded-resource': TOOLS_ALONE,
  'prompts-get-with-image': TOOLS_ALONE,
  'tools-call-sampling': NOBODY_TO_ASK,
  'tools-call-elicitation': NOBODY_TO_ASK,
  'elicitation-sep1034-defaults': NOBODY_TO_ASK,
  'elicitation-sep1330-enums': NOBODY_TO_ASK,
  'server-sse-polling':
    'Streams of Switchboard cannot be resumed: it keeps no state between requests. It resumes those of servers.',
};
