/**
 * One event while its records arrive. Each record is read at once and its bytes are not kept; what one event may
 * hold is bounded (`MAX_ARGUMENT_BYTES`, `MAX_FILES`, `MAX_RECORD_TYPES`).
 *
 * Where records of one event say different things of one field (a TTY record and its SYSCALL), SYSCALL wins.
 */
import { Buffer } from 'node:buffer'
import type { EventContent } from '../events/assembler.js'
import { ArgumentName } from '../execve.js'
import { FIELD_COUNT, fieldId } from '../field-ids.js'
import { FIELDS, type FieldKind } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import { type IdNames, idName, isUnknownName, isUnset } from '../host-names.js'
import { visibleKeystrokes } from '../keystrokes/visible.js'
import { ARCHITECTURES } from '../names/architectures.js'
import { syscallName } from '../names/syscalls.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { maskArguments, maskCommandLine } from '../secrets/mask.js'
import { decodeSocketAddress } from '../socket-address.js'
import { decodeText, encodeText } from '../text.js'
import { fieldText } from '../values.js'
import { type Meaning, recordMeaning, syscallMeaning } from './actions.js'
import { AUDIT_EVENT_COLUMNS, type AuditEventColumn } from './columns.js'
import { techniquesOf } from './techniques.js'

/** Bytes of arguments that an event keeps: more than the kernel's own limit for an exec, 2 MiB by default. */
const MAX_ARGUMENT_BYTES = 8 << 20
const MAX_FILES = 4096
const MAX_RECORD_TYPES = 64

/** Cells of a row in the order of `AUDIT_EVENT_COLUMNS`; `undefined` is empty. */
export type AuditEventRow = (string | number | undefined)[]

interface FileDraft {
  readonly item: number
  readonly path: string | undefined
  readonly role: string
  readonly mode: string | undefined
  readonly owner: string | undefined
  readonly inode: number | undefined
}

const ARGUMENT = new ArgumentName()

/** Columns by name. */
const C = Object.fromEntries(AUDIT_EVENT_COLUMNS.map((column, i) => [column.name, i])) as Record<
  AuditEventColumn,
  number
>
const ID_A0 = fieldId('a0')
const ID_A1 = fieldId('a1')
const ID_A2 = fieldId('a2')
const ID_ACCT = fieldId('acct')
const ID_ADDR = fieldId('addr')
const ID_APPARMOR = fieldId('apparmor')
const ID_ARCH = fieldId('arch')
const ID_AUID = fieldId('auid')
const ID_CMD = fieldId('cmd')
const ID_COMM = fieldId('comm')
const ID_CONTID = fieldId('contid')
const ID_CWD = fieldId('cwd')
const ID_DADDR = fieldId('daddr')
const ID_DATA = fieldId('data')
const ID_DPORT = fieldId('dport')
const ID_EUID = fieldId('euid')
const ID_EXE = fieldId('exe')
const ID_EXIT = fieldId('exit')
const ID_ID = fieldId('id')
const ID_INODE = fieldId('inode')
const ID_ITEM = fieldId('item')
const ID_KEY = fieldId('key')
const ID_MAJOR = fieldId('major')
const ID_MINOR = fieldId('minor')
const ID_MODE = fieldId('mode')
const ID_NAME = fieldId('name')
const ID_NAMETYPE = fieldId('nametype')
const ID_OFLAG = fieldId('oflag')
const ID_OP = fieldId('op')
const ID_OUID = fieldId('ouid')
const ID_PID = fieldId('pid')
const ID_PPID = fieldId('ppid')
const ID_PROCTITLE = fieldId('proctitle')
const ID_REASON = fieldId('reason')
const ID_RES = fieldId('res')
const ID_RESULT = fieldId('result')
const ID_SADDR = fieldId('saddr')
const ID_SES = fieldId('ses')
const ID_SUCCESS = fieldId('success')
const ID_SYSCALL = fieldId('syscall')
const ID_TERMINAL = fieldId('terminal')
const ID_TTY = fieldId('tty')
const ID_UID = fieldId('uid')
const ID_UNIT = fieldId('unit')
const ID_VM = fieldId('vm')
/** By field: whether the records that are not read field by field in a way of their own want it. */
const WANTED = new Uint8Array(FIELD_COUNT)
for (const id of [
  ID_AUID,
  ID_UID,
  ID_EUID,
  ID_SES,
  ID_PID,
  ID_PPID,
  ID_COMM,
  ID_EXE,
  ID_CMD,
  ID_CWD,
  ID_TTY,
  ID_TERMINAL,
  ID_KEY,
  ID_SUCCESS,
  ID_RES,
  ID_RESULT,
  ID_APPARMOR,
  ID_EXIT,
  ID_ARCH,
  ID_ADDR,
  ID_DADDR,
  ID_DPORT,
  ID_ACCT,
  ID_ID,
  ID_DATA,
  ID_OP,
  ID_UNIT,
  ID_REASON,
  ID_CONTID,
  ID_NAME,
  ID_VM,
])
  WANTED[id] = 1

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
  readonly #row: AuditEventRow = new Array(AUDIT_EVENT_COLUMNS.length)
  #keys: string[] = []

  readonly #revealsSecrets: boolean

  constructor(record: AuditRecord, host: string, eventId: string, names: IdNames, revealsSecrets: boolean) {
    this.#revealsSecrets = revealsSecrets
    this.#host = host
    this.#timestamp = record.timestamp
    this.#serial = record.serial
    this.#eventId = eventId
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
        this.#text(C.WorkingDirectory, textOf(record, ID_CWD, 'escaped'), true)
        return
      case 'PROCTITLE':
        this.#text(C.CommandLine, textOf(record, ID_PROCTITLE, 'title'), false)
        return
      case 'SOCKADDR':
        this.#socketAddress(record)
        return
      case 'OPENAT2':
        this.#row[C.FileAccess] = accessWord(Number.parseInt(textOf(record, ID_OFLAG, 'text') ?? '', 8))
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
      if (message !== 'tty' && message !== 'login' && message !== 'user') row[C.Message] ??= message
    }
    for (let i = 0; i < record.fieldCount; i++) {
      const id = record.fieldId[i]!
      if (id < 0 || WANTED[id] === 0 || (record.flags[i]! & ENRICHED) !== 0) continue
      const text = fieldText(record, i, id === ID_KEY ? 'escaped' : FIELDS[id]!.kind)
      switch (id) {
        case ID_AUID:
          this.#user(record, id, text, C.AuditUser, C.AuditUserId, wins)
          break
        case ID_UID:
          this.#user(record, id, text, C.User, C.UserId, wins)
          break
        case ID_EUID:
          this.#user(record, id, text, C.EffectiveUser, C.EffectiveUserId, wins)
          break
        case ID_SES:
          if (!isUnset(text)) this.#number(C.SessionId, text, wins)
          break
        case ID_PID:
          this.#number(C.ProcessId, text, wins)
          break
        case ID_PPID:
          this.#number(C.ParentProcessId, text, wins)
          break
        case ID_COMM:
          this.#text(C.ProcessName, text, wins)
          break
        case ID_EXE:
          this.#text(C.Executable, text, wins)
          if (type !== 'SYSCALL') row[C.ProcessName] ??= text.slice(text.lastIndexOf('/') + 1)
          break
        case ID_CMD:
          this.#text(C.CommandLine, text, wins)
          break
        case ID_CWD:
          this.#text(C.WorkingDirectory, text, wins)
          break
        case ID_TTY:
        case ID_TERMINAL:
          this.#text(C.Terminal, terminalName(text), wins)
          break
        case ID_KEY:
          if (text !== '(null)' && text !== '') this.#keys.push(...text.split('\x01'))
          break
        case ID_SUCCESS:
        case ID_RES:
        case ID_RESULT:
          this.#text(C.Result, resultWord(text), wins)
          break
        case ID_APPARMOR:
          if (row[C.Result] === undefined)
            this.#text(C.Result, text === 'DENIED' ? 'failure' : 'success', false)
          break
        case ID_EXIT:
          this.#number(C.ExitCode, text, wins)
          break
        case ID_ARCH:
          this.#text(C.Architecture, ARCHITECTURES.get(text) ?? text, wins)
          break
        case ID_ADDR:
          if (text !== '?' && text !== '') this.#text(C.SourceAddress, text, wins)
          break
        case ID_DADDR:
          this.#text(C.DestinationAddress, text, wins)
          break
        case ID_DPORT:
          this.#number(C.DestinationPort, text, wins)
          break
        case ID_ACCT:
          this.#text(C.TargetUser, text, wins)
          break
        case ID_ID:
          if (/^[0-9]+$/.test(text)) row[C.TargetUser] ??= this.#nameOf(record, id, text, 'uid')
          break
        case ID_DATA:
          row[C.Keystrokes] = (row[C.Keystrokes] ?? '') + text
          break
        case ID_OP:
        case ID_UNIT:
        case ID_REASON:
          row[C.Message] = row[C.Message] === undefined ? text : `${row[C.Message]} ${text}`
          break
        case ID_CONTID:
          if (!isUnset(text)) this.#text(C.ContainerId, text, wins)
          break
        case ID_NAME:
        case ID_VM:
          if (type !== 'SYSCALL') this.#namedFile(type, text)
          break
      }
    }
    if (wins) this.#systemCall(record)
    else if (type === 'TTY') this.#text(C.Terminal, deviceName(record), false)
  }

  #systemCall(record: AuditRecord): void {
    const enriched = record.findEnriched(ID_SYSCALL)
    const number = textOf(record, ID_SYSCALL, 'text') ?? ''
    const architecture = (this.#row[C.Architecture] as string | undefined) ?? ''
    this.#syscall =
      syscallName(architecture, Number(number)) ??
      (enriched >= 0 ? fieldText(record, enriched, 'text') : undefined) ??
      number
    this.#row[C.Syscall] = this.#syscall
    if (this.#syscall.startsWith('open') || this.#syscall === 'creat') {
      this.#row[C.FileAccess] = this.#access(record, this.#syscall)
    }
    if (isDirectoryRelative(this.#syscall)) {
      this.#atDirectory = /^(?:f{8})?ffffff9c$/.test(textOf(record, ID_A0, 'text') ?? '')
    }
  }

  #access(record: AuditRecord, syscall: string): string | undefined {
    if (syscall === 'creat') return 'write'
    const id = syscall === 'open' ? ID_A1 : syscall === 'openat' ? ID_A2 : undefined
    return id === undefined ? undefined : accessWord(Number.parseInt(textOf(record, id, 'text') ?? '', 16))
  }

  #execve(record: AuditRecord): void {
    for (let i = 0; i < record.fieldCount; i++) {
      this.#arguments ??= []
      if (!ARGUMENT.read(record, i) || this.#argumentBytes >= MAX_ARGUMENT_BYTES) continue
      this.#argumentBytes += record.valueEnd[i]! - record.valueStart[i]! + 1
      const at = ARGUMENT.argument
      // Records of one exec may come in any order; holes are as many as their arguments' bytes allow.
      if (at > this.#arguments.length + 100_000) continue
      if (ARGUMENT.piece < 0) this.#arguments[at] = fieldText(record, i, 'escaped')
      else this.#addPiece(at, ARGUMENT.piece, pieceBytes(record, i))
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
    const name = textOf(record, ID_NAME, 'escaped')
    const ouid = textOf(record, ID_OUID, 'text')
    this.#files.push({
      item: Number(textOf(record, ID_ITEM, 'text') ?? this.#files.length),
      path: name === '(null)' ? undefined : name,
      role: lowerCase(textOf(record, ID_NAMETYPE, 'text') ?? ''),
      mode: textOf(record, ID_MODE, 'text'),
      owner: ouid === undefined ? undefined : this.#nameOf(record, ID_OUID, ouid, 'uid'),
      inode: numberOf(textOf(record, ID_INODE, 'text')),
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
    const i = record.find(ID_SADDR)
    if (i < 0 || !isHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!)) return
    const address = decodeSocketAddress(decodeHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!))
    if (address.address === undefined) return
    if (this.#syscall !== undefined && /^(?:accept4?|recv.*|getpeername)$/.test(this.#syscall)) {
      this.#row[C.SourceAddress] = address.address
      return
    }
    this.#row[C.DestinationAddress] = address.address
    if (address.port !== undefined) this.#row[C.DestinationPort] = address.port
  }

  #user(
    record: AuditRecord,
    id: number,
    text: string,
    nameColumn: number,
    idColumn: number,
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

  #text(column: number, text: string | undefined, wins: boolean): void {
    if (text === undefined) return
    if (wins || this.#row[column] === undefined) this.#row[column] = text
  }

  #number(column: number, text: string, wins: boolean): void {
    const number = numberOf(text)
    if (number !== undefined && (wins || this.#row[column] === undefined)) this.#row[column] = number
  }

  /** The row of the event; an absent column is empty. */
  finish(): AuditEventRow {
    const row = this.#row
    row[C.TimeGenerated] = this.#timestamp
    row[C.Computer] = this.#host
    row[C.EventId] = this.#eventId
    row[C.Serial] = this.#serial
    row[C.RecordTypes] = typesJson(this.#types)
    const meaning = this.#meaning ?? (this.#syscall === undefined ? undefined : syscallMeaning(this.#syscall))
    row[C.Category] = meaning?.category ?? 'other'
    row[C.Action] = meaning?.action ?? (this.#types[0] ?? '').toLowerCase().replaceAll('_', '-')
    if (this.#arguments !== undefined) {
      const exact = Array.from(this.#arguments, argumentText)
      const list = this.#revealsSecrets ? exact : maskArguments(exact)
      row[C.Arguments] = JSON.stringify(list)
      if (list.length > 0) row[C.CommandLine] = list.join(' ')
    } else if (row[C.CommandLine] !== undefined && !this.#revealsSecrets)
      row[C.CommandLine] = masked(row[C.CommandLine] as string)
    if (row[C.Keystrokes] !== undefined) {
      const reader = (row[C.ProcessName] as string | undefined) ?? ''
      row[C.Keystrokes] = visibleKeystrokes(encodeText(row[C.Keystrokes] as string), reader)
    }
    if (this.#files.length > 0 || this.#named !== undefined) row[C.Files] = this.#filesJson()
    if (this.#keys.length > 0) {
      row[C.Keys] = JSON.stringify(this.#keys)
      const techniques = techniquesJson(this.#keys.join('\x01'))
      if (techniques !== '[]') row[C.Techniques] = techniques
    }
    const container = CONTAINER_DIRECTORY.exec((row[C.WorkingDirectory] as string | undefined) ?? '')
    if (container !== null) row[C.ContainerId] ??= container[1]!
    return row
  }

  #filesJson(): string {
    const directory = this.#row[C.WorkingDirectory] as string | undefined
    const inOrder = this.#files.every((file, i) => i === 0 || this.#files[i - 1]!.item <= file.item)
    const files = inOrder ? this.#files : this.#files.toSorted((a, b) => a.item - b.item)
    const list = files.map((file) => fileJson(file, this.#absolute(file.path, directory)))
    if (this.#named !== undefined && !files.some((file) => file.path === this.#named)) {
      list.push(fileJson(NAMED, this.#named))
    }
    return `[${list.join(',')}]`
  }

  #absolute(path: string | undefined, directory: string | undefined): string | undefined {
    if (path === undefined || path.startsWith('/') || directory === undefined || !this.#atDirectory)
      return path
    const relative = path.startsWith('./') ? path.slice(2) : path
    return directory.endsWith('/') ? directory + relative : `${directory}/${relative}`
  }
}

const NAMED: FileDraft = {
  item: 0,
  path: undefined,
  role: 'normal',
  mode: undefined,
  owner: undefined,
  inode: undefined,
}

function fileJson(file: FileDraft, path: string | undefined): string {
  let json = `{"role":${JSON.stringify(file.role)}`
  if (path !== undefined) json = `{"path":${JSON.stringify(path)},"role":${JSON.stringify(file.role)}`
  if (file.mode !== undefined) json += `,"mode":${JSON.stringify(file.mode)}`
  if (file.owner !== undefined) json += `,"owner":${JSON.stringify(file.owner)}`
  if (file.inode !== undefined) json += `,"inode":${file.inode}`
  return `${json}}`
}

/** Makes something of a string once; forgets all when there are too many. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    let value = known.get(text)
    if (value === undefined) {
      value = make(text)
      if (known.size >= 4096) known.clear()
      known.set(text, value)
    }
    return value
  }
}

const lowerCase = remembered((text) => text.toLowerCase())
const masked = remembered(maskCommandLine)
const isDirectoryRelative = remembered((syscall) => DIR_RELATIVE.test(syscall))
const techniquesJson = remembered((keys) => JSON.stringify(techniquesOf(keys.split('\x01'))))
const joinedTypesJson = remembered((types) => JSON.stringify(types.split(' ')))
const typesJson = (types: readonly string[]) => joinedTypesJson(types.join(' '))

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

/** What an open asks for, by its flags. Source: asm-generic/fcntl.h; the same in every architecture but Alpha. */
function accessWord(flags: number): string | undefined {
  return Number.isNaN(flags) ? undefined : ['read', 'write', 'read-write'][flags & 3]
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
const terminalName = remembered((text) => {
  if (text === '(none)' || text === '?') return ''
  const name = text.startsWith('/dev/') ? text.slice(5) : text
  return name.replace(/^pts([0-9]+)$/, 'pts/$1')
})

/** The terminal of a TTY record, from its device number. Source: Documentation/admin-guide/devices.txt. */
function deviceName(record: AuditRecord): string | undefined {
  const major = Number(textOf(record, ID_MAJOR, 'text') ?? Number.NaN)
  const minor = Number(textOf(record, ID_MINOR, 'text') ?? Number.NaN)
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`
  return undefined
}
