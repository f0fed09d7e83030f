/**
 * A record becomes a row of LinuxAuditLog_CL.
 *
 * Rules:
 * - A field's first occurrence in a record is its column; every further one (outer `pid` and one inside
 *   `msg='...'`, several `acct`) is in AdditionalFields under the field's name, as a list if there are several.
 * - Numbers stay as they are written. Names for ids stand in the friendly columns: from the ENRICHED appendix,
 *   else from the table handed in, else the id as text; `unset` for -1.
 * - EXECVE: the pieces `a7[0]=`, `a7[1]=` of a long argument that are in this record are joined in `a7_s`.
 */
import { Buffer } from 'node:buffer'
import { ArgumentName } from '../execve.js'
import { fieldId } from '../field-ids.js'
import { FIELDS, type FieldKind, fieldKinds } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import { type IdNames, idName, isUnknownName, ProcessNames } from '../host-names.js'
import { ARCHITECTURES } from '../names/architectures.js'
import { syscallName } from '../names/syscalls.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { socketAddressText } from '../socket-address.js'
import { BatchBuilder } from '../table.js'
import { decodeText } from '../text.js'
import { fieldText } from '../values.js'
import {
  FRIENDLY_NAMES,
  fieldColumnName,
  LINUX_AUDIT_LOG_COLUMNS,
  LINUX_AUDIT_LOG_TABLE,
  PROCESS_NAMES,
  UNPARSED,
} from './columns.js'

const COLUMN = new Map(LINUX_AUDIT_LOG_COLUMNS.map((column, i) => [column.name, i]))
const column = (name: string): number => COLUMN.get(name)!

const TIME_GENERATED = column('TimeGenerated')
const COMPUTER = column('Computer')
const RECORD_TYPE = column('RecordType_s')
const AUDIT_ID = column('AuditID_s')
const SERIAL_NUMBER = column('SerialNumber_s')
const TIMESTAMP = column('Timestamp_t')
const ADDITIONAL_MESSAGE = column('AdditionalMessage_s')
const RAW_DATA = column('RawData')
const ADDITIONAL_FIELDS = column('AdditionalFields')
const SE_RESULT = column('seresult_s')
const SE_PERMS = column('seperms_s')

/** By field: its column. */
const FIELD_COLUMN = FIELDS.map((field) => column(fieldColumnName(field.name)))
/** By field: the column of the name that its number gets, or -1. */
const FRIENDLY_COLUMN = new Int16Array(FIELDS.length).fill(-1)
for (const [field, name] of FRIENDLY_NAMES) FRIENDLY_COLUMN[fieldId(field)] = column(name)

const ARCHITECTURE = column('architecture_s')
const SYSCALL_NAME = column('syscall_name_s')
const SOCKET_ADDRESS = column('socket_address_s')

const ARCH = fieldId('arch')
const SYSCALL = fieldId('syscall')
const SADDR = fieldId('saddr')
const COMM = fieldId('comm')
const OCOMM = fieldId('ocomm')
const EXE = fieldId('exe')
const PID = fieldId('pid')
const PROCESSES = PROCESS_NAMES.map(([field, name]) => ({
  field: fieldId(field),
  column: column(name),
  nameField: field === 'pid' ? COMM : field === 'opid' ? OCOMM : -1,
}))

const ARGUMENT = new ArgumentName()
const SELINUX_DECISION = /^avc: +(granted|denied) +\{ ([^}]*) \}/

type Overflow = Record<string, string | string[]>

export class LinuxAuditLogRows {
  readonly #batch: BatchBuilder
  readonly #computer: string
  readonly #names: IdNames
  readonly #processes: ProcessNames
  #lastTime: number | undefined
  /** Rows of this batch, at its beginning, whose time is that of the first record to come. */
  #untimed = 0

  constructor(computer: string, names: IdNames, capacity: number, processes = new ProcessNames()) {
    this.#computer = computer
    this.#names = names
    this.#processes = processes
    this.#batch = new BatchBuilder(LINUX_AUDIT_LOG_TABLE, LINUX_AUDIT_LOG_COLUMNS, capacity)
  }

  get full(): boolean {
    return this.#batch.full
  }

  get rowCount(): number {
    return this.#batch.rowCount
  }

  take() {
    this.#untimed = 0
    return this.#batch.take()
  }

  addUnparsed(rawData: string): void {
    const row = this.#batch.rowCount++
    this.#batch.set(RECORD_TYPE, row, UNPARSED)
    this.#batch.set(COMPUTER, row, this.#computer)
    this.#batch.set(RAW_DATA, row, rawData)
    if (this.#lastTime === undefined) this.#untimed = row + 1
    else this.#setTime(row, this.#lastTime)
  }

  /** @param type name of the record type; @param host its `node=`, or the computer that was read from */
  addRecord(record: AuditRecord, type: string, host: string, rawData: string): void {
    const batch = this.#batch
    const row = batch.rowCount++
    const { bytes } = record
    this.seeTime(record.timestamp)
    this.#setTime(row, record.timestamp)
    batch.set(COMPUTER, row, host)
    batch.set(RECORD_TYPE, row, type)
    batch.set(AUDIT_ID, row, bytes.toString('latin1', record.idStart, record.idEnd))
    batch.set(SERIAL_NUMBER, row, bytes.toString('latin1', record.serialStart, record.idEnd))
    batch.set(RAW_DATA, row, rawData)
    if (record.messageEnd > record.messageStart) this.#message(row, record)
    const kinds = fieldKinds(type)
    const overflow = type === 'EXECVE' ? this.#execve(row, record, kinds) : this.#fields(row, record, kinds)
    this.#friendlyNames(row, record)
    this.#numberNames(row)
    this.#processNames(row, host)
    if (overflow !== undefined) batch.set(ADDITIONAL_FIELDS, row, JSON.stringify(overflow))
  }

  /** Takes note of a record's time, for the lines around it that have none. */
  seeTime(time: number): void {
    for (let i = 0; i < this.#untimed; i++) this.#setTime(i, time)
    this.#untimed = 0
    this.#lastTime = time
  }

  #setTime(row: number, time: number): void {
    this.#batch.set(TIME_GENERATED, row, time)
    this.#batch.set(TIMESTAMP, row, time)
  }

  #message(row: number, record: AuditRecord): void {
    const message = decodeText(record.bytes, record.messageStart, record.messageEnd)
    this.#batch.set(ADDITIONAL_MESSAGE, row, message)
    const decision = SELINUX_DECISION.exec(message)
    if (decision === null) return
    this.#batch.set(SE_RESULT, row, decision[1])
    this.#batch.set(SE_PERMS, row, decision[2]!.replaceAll(' ', ','))
  }

  #fields(row: number, record: AuditRecord, kinds: readonly FieldKind[]): Overflow | undefined {
    let overflow: Overflow | undefined
    for (let i = 0; i < record.fieldCount; i++) {
      const id = record.fieldId[i]!
      if ((record.flags[i]! & ENRICHED) !== 0) {
        if (id >= 0 && FRIENDLY_COLUMN[id]! >= 0) continue
        overflow = this.#overflow(overflow, record, i, 'text')
      } else if (id < 0) overflow = this.#overflow(overflow, record, i, 'text')
      else if (this.#batch.get(FIELD_COLUMN[id]!, row) !== undefined) {
        overflow = this.#overflow(overflow, record, i, kinds[id]!)
      } else this.#batch.set(FIELD_COLUMN[id]!, row, fieldText(record, i, kinds[id]!))
    }
    return overflow
  }

  /** As `#fields`, where arguments may come in pieces and have no end of numbers. */
  #execve(row: number, record: AuditRecord, kinds: readonly FieldKind[]): Overflow | undefined {
    let overflow: Overflow | undefined
    let pieces: Map<string, Buffer[]> | undefined
    for (let i = 0; i < record.fieldCount; i++) {
      const id = record.fieldId[i]!
      if (id >= 0 && this.#batch.get(FIELD_COLUMN[id]!, row) === undefined) {
        this.#batch.set(FIELD_COLUMN[id]!, row, fieldText(record, i, kinds[id]!))
        continue
      }
      const isArgument = ARGUMENT.read(record, i)
      if (!isArgument || ARGUMENT.piece < 0) {
        overflow = this.#overflow(overflow, record, i, isArgument ? 'escaped' : 'text')
        continue
      }
      pieces ??= new Map()
      const argument = `a${ARGUMENT.argument}`
      const list = pieces.get(argument)
      if (list === undefined) pieces.set(argument, [pieceBytes(record, i)])
      else list.push(pieceBytes(record, i))
    }
    for (const [argument, list] of pieces ?? []) {
      const text = decodeText(Buffer.concat(list))
      const at = COLUMN.get(`${argument}_s`)
      if (at !== undefined && this.#batch.get(at, row) === undefined) this.#batch.set(at, row, text)
      else overflow = withField(overflow, argument, text)
    }
    return overflow
  }

  #overflow(overflow: Overflow | undefined, record: AuditRecord, i: number, kind: FieldKind): Overflow {
    return withField(overflow, fieldName(record, i), fieldText(record, i, kind))
  }

  #friendlyNames(row: number, record: AuditRecord): void {
    for (let i = 0; i < record.fieldCount; i++) {
      const id = record.fieldId[i]!
      const at = id < 0 ? -1 : FRIENDLY_COLUMN[id]!
      if (at < 0) continue
      const { kind } = FIELDS[id]!
      const enriched = (record.flags[i]! & ENRICHED) !== 0
      if (enriched) {
        const name = fieldText(record, i, 'escaped')
        if (!isUnknownName(name)) this.#batch.set(at, row, name)
      } else if (kind === 'uid' || kind === 'gid') {
        if (this.#batch.get(at, row) !== undefined) continue
        this.#batch.set(at, row, idName(this.#names, kind, fieldText(record, i, 'text')))
      }
    }
  }

  /** What a RAW line leaves to its reader: names of the architecture and the call, the socket address in words. */
  #numberNames(row: number): void {
    const batch = this.#batch
    const arch = batch.get(FIELD_COLUMN[ARCH]!, row) as string | undefined
    if (arch !== undefined && batch.get(ARCHITECTURE, row) === undefined) {
      const architecture = ARCHITECTURES.get(arch)
      if (architecture !== undefined) batch.set(ARCHITECTURE, row, architecture)
    }
    const syscall = batch.get(FIELD_COLUMN[SYSCALL]!, row) as string | undefined
    if (syscall !== undefined && batch.get(SYSCALL_NAME, row) === undefined) {
      const name = syscallName((batch.get(ARCHITECTURE, row) as string | undefined) ?? '', Number(syscall))
      if (name !== undefined) batch.set(SYSCALL_NAME, row, name)
    }
    const saddr = batch.get(FIELD_COLUMN[SADDR]!, row) as string | undefined
    if (saddr === undefined || batch.get(SOCKET_ADDRESS, row) !== undefined) return
    const bytes = Buffer.from(saddr, 'latin1')
    if (isHex(bytes, 0, bytes.length)) {
      batch.set(SOCKET_ADDRESS, row, socketAddressText(decodeHex(bytes, 0, bytes.length)))
    }
  }

  #processNames(row: number, host: string): void {
    for (const process of PROCESSES) {
      const text = this.#batch.get(FIELD_COLUMN[process.field]!, row) as string | undefined
      if (text === undefined) continue
      const pid = Number(text)
      let name = process.nameField < 0 ? undefined : this.#batch.get(FIELD_COLUMN[process.nameField]!, row)
      if (name !== undefined) this.#processes.learn(host, pid, name as string)
      else if (process.field === PID)
        name = lastPart(this.#batch.get(FIELD_COLUMN[EXE]!, row) as string | undefined)
      name ??= this.#processes.find(host, pid)
      if (name !== undefined) this.#batch.set(process.column, row, name)
    }
  }
}

function fieldName(record: AuditRecord, i: number): string {
  return decodeText(record.bytes, record.nameStart[i]!, record.nameEnd[i]!)
}

function pieceBytes(record: AuditRecord, i: number): Buffer {
  const start = record.valueStart[i]!
  const end = record.valueEnd[i]!
  if ((record.flags[i]! & QUOTED) === 0 && isHex(record.bytes, start, end))
    return decodeHex(record.bytes, start, end)
  return record.bytes.subarray(start, end)
}

function withField(overflow: Overflow | undefined, name: string, value: string): Overflow {
  const fields = overflow ?? (Object.create(null) as Overflow)
  const before = fields[name]
  if (before === undefined) fields[name] = value
  else if (typeof before === 'string') fields[name] = [before, value]
  else before.push(value)
  return fields
}

function lastPart(path: string | undefined): string | undefined {
  return path === undefined ? undefined : path.slice(path.lastIndexOf('/') + 1)
}
