/**
 * One event while its records arrive. Each record is read at once and its bytes are not kept; what one event may
 * hold is bounded (`MAX_ARGUMENT_BYTES`, `MAX_FILES`, `MAX_RECORD_TYPES`).
 *
 * Where records of one event say different things of one field (a TTY record and its SYSCALL), SYSCALL wins.
 */
import { Buffer } from 'node:buffer'
import { type EventContent, eventId } from '../events/assembler.js'
import { FIELD_COUNT, fieldId } from '../field-ids.js'
import { FIELDS, type FieldKind } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import { type IdNames, idName, isUnknownName, isUnset } from '../host-names.js'
import { ARCHITECTURES } from '../names/architectures.js'
import { syscallName } from '../names/syscalls.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { decodeSocketAddress } from '../socket-address.js'
import { decodeText } from '../text.js'
import { fieldText } from '../values.js'
import { type Meaning, recordMeaning, syscallMeaning } from './actions.js'
import type { AuditEventColumn } from './columns.js'
import { techniquesOf } from './techniques.js'

/** Bytes of arguments that an event keeps: more than the kernel's own limit for an exec, 2 MiB by default. */
const MAX_ARGUMENT_BYTES = 8 << 20
const MAX_FILES = 4096
const MAX_RECORD_TYPES = 64

export type AuditEventRow = { [column in AuditEventColumn]?: string | number }

interface FileDraft {
  readonly item: number
  readonly path: string | undefined
  readonly role: string
  readonly mode: string | undefined
  readonly owner: string | undefined
  readonly inode: number | undefined
}

const NAMES = [
  'a0 acct addr arch argc auid comm contid cwd daddr data dport euid exe exit grp id key laddr major minor mode',
  'msg name nametype inode item obj op ouid pid ppid proctitle reason res result saddr ses success syscall terminal',
  'tty uid cmd unit vm apparmor',
]
  .join(' ')
  .split(' ')
const KNOWN = new Uint8Array(FIELD_COUNT)
for (const name of NAMES) KNOWN[fieldId(name)] = 1

const ID = Object.fromEntries(NAMES.map((name) => [name, fieldId(name)])) as Record<string, number>
const ARGUMENT = /^a([0-9]{1,7})(?:\[([0-9]{1,7})\])?$/
const DIR_RELATIVE = /at2?$|^(?:statx|open_tree|fspick|name_to_handle_at)$/
const CONTAINER_DIRECTORY = /\/(?:moby|k8s\.io|containers?|default)\/([0-9a-f]{64})(?:\/|$)/

export class EventDraft implements EventContent {
  readonly #host: string
  readonly #timestamp: number
  readonly #serial: number
  readonly #eventId: string
  readonly #names: IdNames
  readonly #types: string[] = []
  #meaning: Meaning | undefined
  #files: FileDraft[] = []
  #arguments: (string | Buffer[])[] | undefined
  #argumentBytes = 0
  #syscall: string | undefined
  #atDirectory = true
  readonly #row: AuditEventRow = {}
  #keys: string[] = []

  constructor(record: AuditRecord, host: string, names: IdNames) {
    this.#host = host
    this.#timestamp = record.timestamp
    this.#serial = record.serial
    this.#eventId = eventId(record, host)
    this.#names = names
  }

  absorb(record: AuditRecord, type: string): void {
    if (this.#types.length < MAX_RECORD_TYPES) this.#types.push(type)
    if (type !== 'SYSCALL') this.#meaning ??= recordMeaning(type)
    switch (type) {
      case 'EXECVE':
        this.#execve(record)
        return
      case 'PATH':
        this.#path(record)
        return
      case 'CWD':
        this.#text('WorkingDirectory', textOf(record, ID.cwd!, 'escaped'), true)
        return
      case 'PROCTITLE':
        this.#text('CommandLine', textOf(record, ID.proctitle!, 'title'), false)
        return
      case 'SOCKADDR':
        this.#socketAddress(record)
        return
      case 'BPRM_FCAPS':
      case 'EOE':
        return
      default:
        this.#common(record, type)
    }
  }

  #common(record: AuditRecord, type: string): void {
    const row = this.#row
    const wins = type === 'SYSCALL'
    if (record.messageEnd > record.messageStart) {
      const message = decodeText(record.bytes, record.messageStart, record.messageEnd)
      if (message !== 'tty' && message !== 'login' && message !== 'user') row.Message ??= message
    }
    for (let i = 0; i < record.fieldCount; i++) {
      const id = record.fieldId[i]!
      if (id < 0 || KNOWN[id] === 0 || (record.flags[i]! & ENRICHED) !== 0) continue
      const text = fieldText(record, i, FIELDS[id]!.kind)
      switch (FIELDS[id]!.name) {
        case 'auid':
          this.#user(record, id, text, 'AuditUser', 'AuditUserId', wins)
          break
        case 'uid':
          this.#user(record, id, text, 'User', 'UserId', wins)
          break
        case 'euid':
          this.#user(record, id, text, 'EffectiveUser', 'EffectiveUserId', wins)
          break
        case 'ses':
          if (!isUnset(text)) this.#number('SessionId', text, wins)
          break
        case 'pid':
          this.#number('ProcessId', text, wins)
          break
        case 'ppid':
          this.#number('ParentProcessId', text, wins)
          break
        case 'comm':
          this.#text('ProcessName', text, wins)
          break
        case 'exe':
          this.#text('Executable', text, wins)
          if (type !== 'SYSCALL') row.ProcessName ??= text.slice(text.lastIndexOf('/') + 1)
          break
        case 'cmd':
          this.#text('CommandLine', text, wins)
          break
        case 'cwd':
          this.#text('WorkingDirectory', text, wins)
          break
        case 'tty':
        case 'terminal':
          this.#text('Terminal', terminalName(text), wins)
          break
        case 'key':
          if (text !== '(null)' && text !== '') this.#keys.push(...text.split(','))
          break
        case 'success':
        case 'res':
        case 'result':
          this.#text('Result', resultWord(text), wins)
          break
        case 'apparmor':
          if (row.Result === undefined) this.#text('Result', text === 'DENIED' ? 'failure' : 'success', false)
          break
        case 'exit':
          this.#number('ExitCode', text, wins)
          break
        case 'arch':
          this.#text('Architecture', ARCHITECTURES.get(text) ?? text, wins)
          break
        case 'addr':
          if (text !== '?' && text !== '') this.#text('SourceAddress', text, wins)
          break
        case 'daddr':
          this.#text('DestinationAddress', text, wins)
          break
        case 'dport':
          this.#number('DestinationPort', text, wins)
          break
        case 'acct':
          this.#text('TargetUser', text, wins)
          break
        case 'id':
          if (/^[0-9]+$/.test(text)) row.TargetUser ??= this.#nameOf(record, id, text, 'uid')
          break
        case 'data':
          row.Keystrokes = (row.Keystrokes ?? '') + text
          break
        case 'op':
        case 'unit':
        case 'reason':
          row.Message = row.Message === undefined ? text : `${row.Message} ${text}`
          break
        case 'contid':
          if (!isUnset(text)) this.#text('ContainerId', text, wins)
          break
        case 'name':
        case 'vm':
          if (type !== 'SYSCALL') this.#namedFile(type, text)
          break
      }
    }
    if (wins) this.#systemCall(record)
    else if (type === 'TTY') this.#text('Terminal', deviceName(record), false)
  }

  #systemCall(record: AuditRecord): void {
    const enriched = record.findEnriched(ID.syscall!)
    const number = textOf(record, ID.syscall!, 'text') ?? ''
    const architecture = (this.#row.Architecture as string | undefined) ?? ''
    this.#syscall =
      syscallName(architecture, Number(number)) ??
      (enriched >= 0 ? fieldText(record, enriched, 'text') : undefined) ??
      number
    this.#row.Syscall = this.#syscall
    const a0 = textOf(record, ID.a0!, 'text') ?? ''
    this.#atDirectory = !DIR_RELATIVE.test(this.#syscall) || /^(?:f{8})?ffffff9c$/.test(a0)
  }

  #execve(record: AuditRecord): void {
    for (let i = 0; i < record.fieldCount; i++) {
      const name = record.bytes.toString('latin1', record.nameStart[i]!, record.nameEnd[i]!)
      if (name === 'argc') {
        this.#arguments ??= []
        continue
      }
      const match = ARGUMENT.exec(name)
      if (match === null || this.#argumentBytes >= MAX_ARGUMENT_BYTES) continue
      this.#argumentBytes += record.valueEnd[i]! - record.valueStart[i]! + 1
      this.#arguments ??= []
      const at = Number(match[1])
      // Records of one exec may come in any order; holes are as many as their arguments' bytes allow.
      if (at > this.#arguments.length + 100_000) continue
      const piece = match[2]
      if (piece === undefined) this.#arguments[at] = fieldText(record, i, 'escaped')
      else this.#addPiece(at, Number(piece), pieceBytes(record, i))
    }
  }

  #addPiece(at: number, piece: number, bytes: Buffer): void {
    const list = this.#arguments!
    let pieces = list[at]
    if (!Array.isArray(pieces)) {
      pieces = []
      list[at] = pieces
    }
    if (piece <= pieces.length + 100_000) pieces[piece] = bytes
  }

  #path(record: AuditRecord): void {
    if (this.#files.length >= MAX_FILES) return
    const name = textOf(record, ID.name!, 'escaped')
    const ouid = textOf(record, ID.ouid!, 'text')
    this.#files.push({
      item: Number(textOf(record, ID.item!, 'text') ?? this.#files.length),
      path: name === '(null)' ? undefined : name,
      role: (textOf(record, ID.nametype!, 'text') ?? '').toLowerCase(),
      mode: textOf(record, ID.mode!, 'text'),
      owner: ouid === undefined ? undefined : this.#nameOf(record, ID.ouid!, ouid, 'uid'),
      inode: numberOf(textOf(record, ID.inode!, 'text')),
    })
  }

  /** AVC and the like name a file that no PATH record may follow for. */
  #namedFile(type: string, name: string): void {
    if (type !== 'AVC' && type !== 'USER_AVC') return
    if (this.#files.length >= MAX_FILES || !name.startsWith('/')) return
    this.#named = name
  }
  #named: string | undefined

  #socketAddress(record: AuditRecord): void {
    const i = record.find(ID.saddr!)
    if (i < 0 || !isHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!)) return
    const address = decodeSocketAddress(decodeHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!))
    if (address.address === undefined) return
    if (this.#syscall !== undefined && /^(?:accept4?|recv.*|getpeername)$/.test(this.#syscall)) {
      this.#row.SourceAddress = address.address
      return
    }
    this.#row.DestinationAddress = address.address
    if (address.port !== undefined) this.#row.DestinationPort = address.port
  }

  #user(
    record: AuditRecord,
    id: number,
    text: string,
    nameColumn: 'AuditUser' | 'User' | 'EffectiveUser',
    idColumn: 'AuditUserId' | 'UserId' | 'EffectiveUserId',
    wins: boolean,
  ): void {
    this.#text(nameColumn, this.#nameOf(record, id, text, 'uid'), wins)
    if (!isUnset(text)) this.#number(idColumn, text, wins)
  }

  #nameOf(record: AuditRecord, id: number, text: string, kind: 'uid' | 'gid'): string {
    const enriched = record.findEnriched(id)
    if (enriched >= 0) {
      const name = fieldText(record, enriched, 'escaped')
      if (!isUnknownName(name)) return name
    }
    return idName(this.#names, kind, text)
  }

  #text(column: AuditEventColumn, text: string | undefined, wins: boolean): void {
    if (text === undefined) return
    if (wins || this.#row[column] === undefined) this.#row[column] = text
  }

  #number(column: AuditEventColumn, text: string, wins: boolean): void {
    const number = numberOf(text)
    if (number !== undefined && (wins || this.#row[column] === undefined)) this.#row[column] = number
  }

  /** The row of the event; an absent column is empty. */
  finish(): AuditEventRow {
    const row = this.#row
    row.TimeGenerated = this.#timestamp
    row.Computer = this.#host
    row.EventId = this.#eventId
    row.Serial = this.#serial
    row.RecordTypes = JSON.stringify(this.#types)
    const meaning = this.#meaning ?? (this.#syscall === undefined ? undefined : syscallMeaning(this.#syscall))
    row.Category = meaning?.category ?? 'other'
    row.Action = meaning?.action ?? (this.#types[0] ?? '').toLowerCase().replaceAll('_', '-')
    if (this.#arguments !== undefined) {
      const list = Array.from(this.#arguments, argumentText)
      row.Arguments = JSON.stringify(list)
      if (list.length > 0) row.CommandLine = list.join(' ')
    }
    if (this.#files.length > 0 || this.#named !== undefined) row.Files = JSON.stringify(this.#filesOf(row))
    if (this.#keys.length > 0) {
      row.Keys = JSON.stringify(this.#keys)
      const techniques = techniquesOf(this.#keys)
      if (techniques.length > 0) row.Techniques = JSON.stringify(techniques)
    }
    const container = CONTAINER_DIRECTORY.exec((row.WorkingDirectory as string | undefined) ?? '')
    if (container !== null) row.ContainerId ??= container[1]!
    return row
  }

  #filesOf(row: AuditEventRow) {
    const directory = row.WorkingDirectory as string | undefined
    const files = this.#files
      .toSorted((a, b) => a.item - b.item)
      .map(({ path, role, mode, owner, inode }) => ({
        path: path === undefined ? undefined : this.#absolute(path, directory),
        role,
        mode,
        owner,
        inode,
      }))
    if (this.#named !== undefined && !files.some((file) => file.path === this.#named)) {
      return [...files, { path: this.#named, role: 'normal' }]
    }
    return files
  }

  #absolute(path: string, directory: string | undefined): string {
    if (path.startsWith('/') || directory === undefined || !this.#atDirectory) return path
    const relative = path.startsWith('./') ? path.slice(2) : path
    return directory.endsWith('/') ? directory + relative : `${directory}/${relative}`
  }
}

function textOf(record: AuditRecord, id: number, kind: FieldKind): string | undefined {
  const i = record.find(id)
  return i < 0 ? undefined : fieldText(record, i, kind)
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?[0-9]{1,19}$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}

function pieceBytes(record: AuditRecord, i: number): Buffer {
  const start = record.valueStart[i]!
  const end = record.valueEnd[i]!
  if ((record.flags[i]! & QUOTED) === 0 && isHex(record.bytes, start, end))
    return decodeHex(record.bytes, start, end)
  return Buffer.from(record.bytes.subarray(start, end))
}

function argumentText(argument: string | Buffer[] | undefined): string {
  if (argument === undefined) return ''
  return typeof argument === 'string'
    ? argument
    : decodeText(Buffer.concat(argument.filter((piece) => piece)))
}

function resultWord(text: string): string {
  switch (text) {
    case 'yes':
    case 'success':
    case '1':
      return 'success'
    case 'no':
    case 'failed':
    case 'failure':
    case '0':
      return 'failure'
    default:
      return ''
  }
}

/** `/dev/pts/1`, `pts/1` and `pts1` are `pts/1`; `(none)` and `?` are nothing. */
function terminalName(text: string): string {
  if (text === '(none)' || text === '?') return ''
  const name = text.startsWith('/dev/') ? text.slice(5) : text
  return name.replace(/^pts([0-9]+)$/, 'pts/$1')
}

/** The terminal of a TTY record, from its device number. Source: Documentation/admin-guide/devices.txt. */
function deviceName(record: AuditRecord): string | undefined {
  const major = Number(textOf(record, ID.major!, 'text') ?? Number.NaN)
  const minor = Number(textOf(record, ID.minor!, 'text') ?? Number.NaN)
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`
  return undefined
}
