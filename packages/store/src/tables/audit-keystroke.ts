import { table } from '../schema.js'

/** A row a typed line, and a row for what another program than a shell read. Rewritten when more is known. */
export const AUDIT_KEYSTROKE = table(
  'AuditKeystroke',
  'What was typed in sessions, a row a line, and what became of it',
  [
    {
      name: 'TimeGenerated',
      type: 'datetime',
      docstring:
        'when the line started its first command, else when the kernel wrote the keys out; keys have no times',
    },
    { name: 'Computer', type: 'string', docstring: 'host' },
    { name: 'SessionUid', type: 'string', docstring: 'session that it belongs to' },
    { name: 'SessionId', type: 'long', docstring: 'number of the session on its host' },
    { name: 'LineId', type: 'string', docstring: 'names the line' },
    { name: 'AuditUser', type: 'string', docstring: 'who logged in' },
    { name: 'AuditUserId', type: 'long', docstring: 'auid' },
    { name: 'User', type: 'string', docstring: 'user of the program that read it' },
    { name: 'ProcessId', type: 'long', docstring: 'process id of that program' },
    { name: 'ProcessName', type: 'string', docstring: 'that program' },
    { name: 'Terminal', type: 'string', docstring: 'terminal' },
    { name: 'Text', type: 'string', docstring: 'the line as the shell got it; secrets are masked' },
    { name: 'IsMasked', type: 'bool', docstring: 'whether a part of it is masked' },
    { name: 'Ending', type: 'string', docstring: 'return, interrupt, end-of-file, none' },
    {
      name: 'Doubts',
      type: 'dynamic',
      docstring: 'why the text may not be what the shell got: completion, history, ...',
    },
    {
      name: 'TimeOf',
      type: 'string',
      docstring: 'what TimeGenerated is: command, file, report (of the shell) or written',
    },
    { name: 'AfterTime', type: 'datetime', docstring: 'it was typed after this' },
    {
      name: 'WrittenTime',
      type: 'datetime',
      docstring: 'when the kernel wrote the keys out: it was typed before',
    },
    {
      name: 'Outcome',
      type: 'string',
      docstring:
        'ran, partly, failed, builtin, not-run, aborted, unknown, input; hidden for keys of other programs',
    },
    { name: 'Confidence', type: 'real', docstring: '0..1: how certain the outcome and the commands are' },
    { name: 'Commands', type: 'dynamic', docstring: 'EventIds of the commands that it started' },
    {
      name: 'Relays',
      type: 'dynamic',
      docstring: 'programs that read the same keys and passed them on: sudo, screen, ssh',
    },
    { name: 'IsInjected', type: 'bool', docstring: 'put into the terminal by a program (TIOCSTI)' },
    { name: 'KeyCount', type: 'long', docstring: 'of hidden input: keys in all' },
    { name: 'CopiedKeys', type: 'long', docstring: 'of hidden input: keys that another reading has as well' },
    { name: 'CopyOf', type: 'dynamic', docstring: 'of hidden input: who read those' },
  ],
)
