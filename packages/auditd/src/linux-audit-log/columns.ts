/**
 * The columns of LinuxAuditLog_CL: a row per audit record, named as the OMS agent's parser and the HTTP Data
 * Collector API named them (string properties get `_s`, times `_t`).
 *
 * The set is fixed. What has no column of its own (arguments after a31, unknown names, a name's second
 * occurrence in a record, translations without a friendly name) goes to AdditionalFields.
 */
import { FIELDS } from '../fields.js'
import type { ColumnInfo } from '../table.js'

export const LINUX_AUDIT_LOG_TABLE = 'LinuxAuditLog_CL'

/** RecordType_s of a line that is no audit record. */
export const UNPARSED = 'UNPARSED'

/** Names given to ids: field, column, meaning. The first ones are the OMS agent's, the last ones ours. */
export const FRIENDLY_NAMES: readonly (readonly [field: string, column: string, meaning: string])[] = [
  ['uid', 'user_name_s', 'name of uid'],
  ['auid', 'audit_user_s', 'name of auid: who logged in'],
  ['euid', 'effective_user_s', 'name of euid'],
  ['suid', 'set_user_s', 'name of suid'],
  ['fsuid', 'filesystem_user_s', 'name of fsuid'],
  ['inode_uid', 'inode_user_s', 'name of inode_uid'],
  ['oauid', 'o_audit_user_s', 'name of oauid'],
  ['ouid', 'o_user_name_s', 'name of ouid'],
  ['obj_uid', 'obj_user_s', 'name of obj_uid'],
  ['sauid', 'sender_audit_user_s', 'name of sauid'],
  ['gid', 'group_name_s', 'name of gid'],
  ['egid', 'effective_group_s', 'name of egid'],
  ['fsgid', 'filesystem_group_s', 'name of fsgid'],
  ['inode_gid', 'inode_group_s', 'name of inode_gid'],
  ['new_gid', 'new_group_s', 'name of new_gid; also the field new_group'],
  ['obj_gid', 'obj_group_s', 'name of obj_gid'],
  ['ogid', 'owner_group_s', 'name of ogid'],
  ['sgid', 'set_group_s', 'name of sgid'],
  ['old-auid', 'old_audit_user_s', 'name of old-auid'],
  ['iuid', 'ipc_user_s', 'name of iuid'],
  ['igid', 'ipc_group_s', 'name of igid'],
  ['id', 'account_name_s', 'name of id: the account that the record is about'],
  ['arch', 'architecture_s', 'name of arch'],
  ['syscall', 'syscall_name_s', 'name of syscall'],
  ['saddr', 'socket_address_s', 'saddr in words'],
]

/** Names given to process ids: field, column, meaning. */
export const PROCESS_NAMES: readonly (readonly [field: string, column: string, meaning: string])[] = [
  [
    'pid',
    'process_name_s',
    'name of the process: comm, else the last part of exe, else as last seen for pid',
  ],
  ['opid', 'o_process_name_s', 'name of the target process: ocomm, else as last seen for opid'],
  ['ppid', 'parent_process_s', 'name of the parent process as last seen for ppid'],
]

/** The column of a field: `old-auid` -> `old_auid_s`. */
export function fieldColumnName(field: string): string {
  return `${field.replaceAll('-', '_')}_s`
}

const HEADER: readonly ColumnInfo[] = [
  { name: 'TimeGenerated', type: 'datetime', docstring: 'time of the event, exact to the millisecond' },
  {
    name: 'Computer',
    type: 'string',
    docstring: 'host that wrote the record: node=, else the one read from',
  },
  { name: 'RecordType_s', type: 'string', docstring: 'type of the record; UNPARSED for a line that is none' },
  { name: 'AuditID_s', type: 'string', docstring: 'seconds.milliseconds:serial of the event' },
  { name: 'SerialNumber_s', type: 'string', docstring: 'serial number of the event' },
  { name: 'Timestamp_t', type: 'datetime', docstring: 'the same as TimeGenerated' },
  { name: 'AdditionalMessage_s', type: 'string', docstring: 'words before the first field' },
  { name: 'RawData', type: 'string', docstring: 'the line as it was' },
  {
    name: 'AdditionalFields',
    type: 'dynamic',
    docstring:
      'fields without a column of their own: name -> value, or a list where a name came more than once',
  },
]

/** Every column of the table; batches have no other. */
export const LINUX_AUDIT_LOG_COLUMNS: readonly ColumnInfo[] = distinct([
  ...HEADER,
  ...[...FRIENDLY_NAMES, ...PROCESS_NAMES].map(([, name, docstring]) => ({
    name,
    type: 'string' as const,
    docstring,
  })),
  ...FIELDS.map((field) => ({
    name: fieldColumnName(field.name),
    type: 'string' as const,
    docstring: field.meaning,
  })),
])

/** `old-enforcing` and `old_enforcing` are one column. */
function distinct(columns: readonly ColumnInfo[]): ColumnInfo[] {
  return Array.from(
    new Map(columns.toReversed().map((column) => [column.name, column])).values(),
  ).toReversed()
}
