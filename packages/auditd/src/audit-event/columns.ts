/** The columns of AuditEvent: a row per event, that is all records of one host, time and serial number. */
import type { ColumnInfo } from '../table.js'

export const AUDIT_EVENT_TABLE = 'AuditEvent'

export const AUDIT_EVENT_COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime', docstring: 'time of the event, exact to the millisecond' },
  { name: 'Computer', type: 'string', docstring: 'host that the event happened on' },
  {
    name: 'EventId',
    type: 'string',
    docstring: 'Computer/seconds.milliseconds:serial; unique over hosts and boots',
  },
  { name: 'Serial', type: 'long', docstring: 'serial number that the kernel gave; starts again at boot' },
  {
    name: 'RecordTypes',
    type: 'dynamic',
    docstring: 'types of the records of the event, in the order of the log',
  },
  {
    name: 'Category',
    type: 'string',
    docstring: 'what kind of thing happened: authentication, process, file, network, ...',
  },
  { name: 'Action', type: 'string', docstring: 'what was done: login, execute, open, connect, ...' },
  { name: 'Result', type: 'string', docstring: 'success, failure, or empty where the log does not say' },
  { name: 'AuditUser', type: 'string', docstring: 'who logged in: name of auid; "unset" outside of a login' },
  { name: 'AuditUserId', type: 'long', docstring: 'auid; null where unset' },
  { name: 'User', type: 'string', docstring: 'user of the process: name of uid' },
  { name: 'UserId', type: 'long', docstring: 'uid' },
  { name: 'EffectiveUser', type: 'string', docstring: 'user whose rights the process has: name of euid' },
  { name: 'EffectiveUserId', type: 'long', docstring: 'euid' },
  {
    name: 'TargetUser',
    type: 'string',
    docstring: 'account that the event is about: who tried to log in, who was added',
  },
  { name: 'SessionId', type: 'long', docstring: 'login session; null where unset' },
  { name: 'Terminal', type: 'string', docstring: 'terminal without /dev/: pts/2, tty1, ssh; empty for none' },
  { name: 'ProcessId', type: 'long', docstring: 'process id' },
  { name: 'ParentProcessId', type: 'long', docstring: 'parent process id' },
  { name: 'ProcessName', type: 'string', docstring: 'short name of the process, at most 15 bytes' },
  { name: 'Executable', type: 'string', docstring: 'path of the executable' },
  {
    name: 'CommandLine',
    type: 'string',
    docstring:
      'arguments parted by blanks: of the exec, else of the process title; secrets in them are masked',
  },
  { name: 'Arguments', type: 'dynamic', docstring: 'arguments of the exec; secrets in them are masked' },
  { name: 'WorkingDirectory', type: 'string', docstring: 'working directory' },
  {
    name: 'Syscall',
    type: 'string',
    docstring: 'name of the system call, its number where the name is not known',
  },
  { name: 'Architecture', type: 'string', docstring: 'architecture of the system call' },
  {
    name: 'ExitCode',
    type: 'long',
    docstring: 'return value of the system call; negative is an error number',
  },
  {
    name: 'Files',
    type: 'dynamic',
    docstring:
      'files of the call: [{path, role, mode, owner, inode}]; path is absolute where the log allows it',
  },
  { name: 'FileAccess', type: 'string', docstring: 'what an open asked for: read, write or read-write' },
  { name: 'SourceAddress', type: 'string', docstring: 'address that a user or a connection comes from' },
  {
    name: 'DestinationAddress',
    type: 'string',
    docstring: 'address that is connected, sent or bound to; path of a local socket',
  },
  { name: 'DestinationPort', type: 'long', docstring: 'port of DestinationAddress' },
  { name: 'Keys', type: 'dynamic', docstring: 'keys of the audit rule that matched' },
  { name: 'Techniques', type: 'dynamic', docstring: 'current MITRE ATT&CK ids that the keys name' },
  {
    name: 'Keystrokes',
    type: 'string',
    docstring:
      'what was typed, a line each as the shell got it; secrets, and what other programs than shells read, are masked',
  },
  {
    name: 'ContainerId',
    type: 'string',
    docstring: 'container that the event happened in, where the log says it',
  },
  {
    name: 'Message',
    type: 'string',
    docstring: 'words of the record, or the operation that user space names',
  },
] as const satisfies readonly ColumnInfo[]

export type AuditEventColumn = (typeof AUDIT_EVENT_COLUMNS)[number]['name']
