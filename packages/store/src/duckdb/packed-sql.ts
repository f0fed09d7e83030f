/**
 * Packed rows of LinuxAuditLog_CL in SQL: the tables that hold them, and the table's columns made of those again.
 *
 * Per form of record (SYSCALL, PATH, ...) there is a table of rows, with the numbers and texts that each row has of
 * its own, and a table for each kind of entry that rows share (who it was, which program, ...), whose columns are
 * columns of LinuxAuditLog_CL. `RawData` is not stored: the entries have the pieces of the line that stand between
 * the row's own values, and the line is put together of both (@auspex/auditd, packed-forms.ts).
 */
import {
  LINUX_AUDIT_LOG_TABLE,
  PACKED_FORMS,
  type PackedForm,
  type PackedSlot,
  type RawStep,
} from '@auspex/auditd'
import { type ColumnSchema, ROW_ID, type TableSchema } from '../schema.js'
import { TICKS_PER_MS, UNIX_EPOCH_TICKS } from '../ticks.js'
import { emptyValue, quote } from './types.js'

export const PACKED_SCHEMA = 'packed'
export const PACKED_TABLE = LINUX_AUDIT_LOG_TABLE

/** Rows whose columns, pieces of the line included, exist already: by form and entry. */
export type EntryColumns = ReadonlyMap<string, ReadonlySet<string>>

export const rowsTable = (form: string) => `${PACKED_SCHEMA}.${quote(form)}`
export const entryKey = (form: string, entry: string) => `${form}.${entry}`
export const entryTable = (form: string, entry: string) => `${PACKED_SCHEMA}.${quote(entryKey(form, entry))}`

/** The columns of a form's rows, in the order in which they are written. */
export function rowColumns(
  form: PackedForm,
): { name: string; type: string; kind: 'number' | 'text' | 'entry' | 'own' }[] {
  return [
    { name: ROW_ID, type: 'BIGINT', kind: 'own' },
    { name: '_TimeReceived', type: 'BIGINT', kind: 'own' },
    { name: 'time', type: 'BIGINT', kind: 'own' },
    { name: 'serial', type: 'BIGINT', kind: 'own' },
    ...form.shared.map(({ name }) => ({ name, type: 'INTEGER', kind: 'entry' as const })),
    ...form.slots.map((slot) => ({
      name: slot.name,
      type: isNumber(slot) ? (slot.base === 16 ? 'UBIGINT' : 'BIGINT') : 'VARCHAR',
      kind: isNumber(slot) ? ('number' as const) : ('text' as const),
    })),
  ]
}

export const isNumber = (slot: PackedSlot) => slot.packing === 'number' || slot.packing === 'id'

/** Creates the tables of a form. Entries get their columns as they come. */
export function createForm(form: PackedForm): string[] {
  const columns = rowColumns(form).map(({ name, type }) => `${quote(name)} ${type}`)
  return [
    `CREATE TABLE ${rowsTable(form.name)} (${columns.join(', ')})`,
    ...form.shared.map(({ name }) => `CREATE TABLE ${entryTable(form.name, name)} ("id" INTEGER NOT NULL)`),
  ]
}

export function widenEntry(form: string, entry: string, column: string): string {
  return `ALTER TABLE ${entryTable(form, entry)} ADD COLUMN ${quote(column)} VARCHAR DEFAULT ''`
}

/** Macros that the SELECTs below call. */
export const PACKED_MACROS: readonly string[] = [
  // A text as the kernel writes it (audit_log_untrustedstring).
  `CREATE OR REPLACE MACRO auspex_escaped(v) AS
     CASE WHEN v IN ('(null)', '(none)', '?') THEN v
       WHEN regexp_full_match(v, '[!#-~]*') THEN '"' || v || '"' ELSE hex(v) END`,
  `CREATE OR REPLACE MACRO auspex_title(v) AS
     CASE WHEN contains(v, chr(31)) THEN hex(replace(v, chr(31), chr(0))) ELSE auspex_escaped(v) END`,
  `CREATE OR REPLACE MACRO auspex_exec(v, first) AS
     array_to_string(list_transform(string_split(v, chr(31)),
       lambda x, i: 'a' || (first + i - 1) || '=' || auspex_escaped(x)), ' ')`,
  // Arguments from the 32nd on, which have no column.
  `CREATE OR REPLACE MACRO auspex_more_arguments(v, first) AS
     CASE WHEN first + len(string_split(v, chr(31))) > 32 THEN
       '{' || array_to_string(list_transform(
         range(greatest(32 - first, 0), len(string_split(v, chr(31)))::BIGINT),
         lambda i: '"a' || (first + i) || '":' || to_json(string_split(v, chr(31))[i + 1])), ',') || '}' END`,
]

/** What the rows of a scan must have besides: conditions that the engine can skip rows by. */
export interface RowBounds {
  /** Milliseconds since 1970, both included. */
  readonly from?: bigint
  readonly to?: bigint
  /** One of these. */
  readonly serials?: readonly bigint[]
}

/** A SELECT of a form's rows as rows of the table: the columns that are wanted, `_RowId` first. */
export function selectForm(
  form: PackedForm,
  table: TableSchema,
  wanted: readonly ColumnSchema[],
  entries: EntryColumns,
  bounds: RowBounds = {},
): string {
  const joined = new Set<string>()
  const has = (entry: string, column: string) => entries.get(entryKey(form.name, entry))?.has(column) === true
  const of = (entry: string, column: string): string => {
    joined.add(entry)
    return `${quote(entry)}.${quote(column)}`
  }
  const expression = (column: ColumnSchema): string => {
    const own = ownColumn(form, table, column.name)
    if (own !== undefined) return own
    if (column.name === 'RawData') return rawData(form, has, of)
    const said = form.shared
      .filter(({ name }) => has(name, column.name))
      .map(({ name }) => of(name, column.name))
    if (said.length === 0) return emptyValue(column.type)
    const text = said.length === 1 ? said[0]! : `concat(${said.join(', ')})`
    return column.type === 'string' ? text : `nullif(${text}, '')`
  }
  const list = wanted.map((column) => `${expression(column)} AS ${quote(column.name)}`)
  const joins = [...joined].map(
    (name) =>
      ` JOIN ${entryTable(form.name, name)} AS ${quote(name)} ON ${quote(name)}."id" = r.${quote(name)}`,
  )
  const conditions = [
    bounds.from === undefined ? undefined : `r."time" >= ${bounds.from}`,
    bounds.to === undefined ? undefined : `r."time" <= ${bounds.to}`,
    bounds.serials === undefined ? undefined : `r."serial" IN (${bounds.serials.join(', ')})`,
  ].filter((condition) => condition !== undefined)
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  return `SELECT ${[`r.${quote(ROW_ID)}`, ...list].join(', ')} FROM ${rowsTable(form.name)} AS r${joins.join('')}${where}`
}

const TICKS = `r."time" * 10000 + ${UNIX_EPOCH_TICKS}`
const AUDIT_ID = `concat(r."time" // 1000, '.', lpad((r."time" % 1000)::VARCHAR, 3, '0'), ':', r."serial")`

/** A column that a row has of its own; undefined if it has not. */
function ownColumn(form: PackedForm, table: TableSchema, name: string): string | undefined {
  switch (name) {
    case 'TimeGenerated':
    case 'Timestamp_t':
      return TICKS
    case '_TimeReceived':
      return 'r."_TimeReceived"'
    case 'Type':
      return `'${table.name}'`
    case 'AuditID_s':
      return AUDIT_ID
    case 'SerialNumber_s':
      return 'r."serial"::VARCHAR'
  }
  const slot = form.slots.find(({ column }) => column === name)
  if (slot !== undefined) {
    const value = `r.${quote(slot.name)}`
    if (slot.packing === 'title') return `replace(${value}, chr(31), ' ')`
    return isNumber(slot) ? `coalesce(${written(slot)}, '')` : value
  }
  if (!form.slots.some(({ packing }) => packing === 'arguments')) return undefined
  if (name === 'AdditionalFields') return `auspex_more_arguments(r."arguments", r."first")`
  const argument = /^a([0-9]+)_s$/.exec(name)
  if (argument === null) return undefined
  const number = Number(argument[1])
  return `CASE WHEN r."first" <= ${number} THEN split_part(r."arguments", chr(31), ${number + 1} - r."first") ELSE '' END`
}

/** A number as it stands in the log; null where there is none. */
function written(slot: PackedSlot): string {
  const value = `r.${quote(slot.name)}`
  if (slot.base === 16) return `printf('%x', ${value})`
  if (slot.packing === 'id') return `CASE ${value} WHEN -1 THEN '4294967295' ELSE ${value}::VARCHAR END`
  return `${value}::VARCHAR`
}

function rawData(
  form: PackedForm,
  has: (entry: string, column: string) => boolean,
  of: (entry: string, column: string) => string,
): string {
  const steps = form.raw.flatMap((step: RawStep) => {
    if ('id' in step) return [AUDIT_ID]
    if ('piece' in step) return has(step.shared, step.piece) ? [of(step.shared, step.piece)] : []
    const { shared, piece } = step.after
    if (!has(shared, piece)) return []
    const slot = form.slots.find(({ name }) => name === step.slot)!
    if (isNumber(slot)) return [written(slot)]
    const value = `r.${quote(slot.name)}`
    const text =
      step.packing === 'escaped'
        ? `auspex_escaped(${value})`
        : step.packing === 'title'
          ? `auspex_title(${value})`
          : step.packing === 'hexed'
            ? `hex(${value})`
            : step.packing === 'arguments'
              ? `auspex_exec(${value}, r."first")`
              : value
    return [`CASE WHEN ${of(shared, piece)} = '' THEN '' ELSE ${text} END`]
  })
  return `concat(${steps.join(', ')})`
}

/** @param before ticks */
export function deletePacked(form: string, before: bigint): string {
  const ms = before - UNIX_EPOCH_TICKS
  const least = ms / TICKS_PER_MS + (ms % TICKS_PER_MS > 0n ? 1n : 0n)
  return `DELETE FROM ${rowsTable(form)} WHERE "time" < ${least}`
}

/** Deletes the entries that no row has. */
export function sweepEntries(form: PackedForm): string[] {
  return form.shared.map(
    ({ name }) =>
      `DELETE FROM ${entryTable(form.name, name)} WHERE "id" NOT IN (SELECT DISTINCT ${quote(name)} FROM ${rowsTable(form.name)})`,
  )
}

/** Queries that give 0 when all is in order, and what they count. All values are read. */
export function checkPacked(
  form: PackedForm,
  entries: EntryColumns,
): { readonly what: string; readonly sql: string }[] {
  const table = rowsTable(form.name)
  const readAll = (names: readonly string[], from: string) =>
    `SELECT count(*) FROM (SELECT ${names.map((name) => `bit_xor(hash(${quote(name)})) AS ${quote(name)}`).join(', ')} FROM ${from}) AS read WHERE hash(read) IS NULL`
  return [
    {
      what: 'row ids are there twice',
      sql: `SELECT count(*) - count(DISTINCT ${quote(ROW_ID)}) FROM ${table}`,
    },
    {
      what: 'rows',
      sql: readAll(
        rowColumns(form).map(({ name }) => name),
        table,
      ),
    },
    ...form.shared.flatMap(({ name }) => [
      {
        what: `rows have no ${name}`,
        sql: `SELECT count(*) FROM ${table} AS r WHERE NOT EXISTS (SELECT 1 FROM ${entryTable(form.name, name)} AS e WHERE e."id" = r.${quote(name)})`,
      },
      {
        what: `entries of ${name} are there twice`,
        sql: `SELECT count(*) - count(DISTINCT "id") FROM ${entryTable(form.name, name)}`,
      },
      {
        what: 'entries',
        sql: readAll(
          ['id', ...(entries.get(entryKey(form.name, name)) ?? [])].filter((c, i) => i === 0 || c !== 'id'),
          entryTable(form.name, name),
        ),
      },
    ]),
  ]
}

export function packedForm(name: string): PackedForm {
  const form = PACKED_FORMS.find((known) => known.name === name)
  if (form === undefined) throw new RangeError(`There is no packed form ${name}.`)
  return form
}
