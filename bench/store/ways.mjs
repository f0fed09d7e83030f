/**
 * How rows reach DuckDB: the same records, by each way, into the same table, to a durable commit.
 *
 * usage: node bench/store/ways.mjs LOG [ROWS]
 *
 * Prints a Markdown table. Each way runs in a process of its own, three times; the middle one counts.
 * Parsing is not in the times: what counts is from column lists in JavaScript to committed rows.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LINUX_AUDIT_LOG_COLUMNS, LinuxAuditLogReader } from '@auspex/auditd'
import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { writeColumn, writeRowIds } from '../../packages/store/dist/duckdb/vectors.js'

const VECTOR = 2048
const [, , log, rowsText = '65536', only] = process.argv
const rowCount = Number(rowsText)

const WAYS = {
  'appender, value by value': appendValues,
  'appender, chunks by the binding': appendChunks,
  'appender, chunks by memory layout': appendLayouts,
  'JSON text, one INSERT a batch': insertJson,
  'raw lines and offsets, cut by SQL': insertOffsets,
  'Parquet file, reading side only': insertParquet,
}

function runAll() {
  console.log('| way | wall ms | CPU ms | rows a second of CPU | peak RSS MB |\n|---|---|---|---|---|')
  for (const name of Object.keys(WAYS)) {
    const runs = [1, 2, 3].map(() => {
      const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), log, rowsText, name], {
        encoding: 'utf8',
      })
      if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`)
      return JSON.parse(run.stdout)
    })
    const { wall, cpu, rss } = runs.sort((a, b) => a.cpu - b.cpu)[1]
    console.log(`| ${name} | ${wall} | ${cpu} | ${Math.round((rowCount / cpu) * 1000)} | ${rss} |`)
  }
}

async function runOne(name) {
  const batches = readBatches()
  const used = new Set(
    batches.flatMap((batch) => [...batch.columns].filter(hasValue).map(([column]) => column)),
  )
  const columns = LINUX_AUDIT_LOG_COLUMNS.filter((column) => used.has(column.name))
  const directory = mkdtempSync(join(tmpdir(), 'auspex-ways-'))
  try {
    const instance = await DuckDBInstance.create(join(directory, 'db'), {
      storage_compatibility_version: 'latest',
    })
    const connection = await instance.connect()
    await connection.run("SET memory_limit = '512MB'")
    await connection.run(`SET checkpoint_threshold = '1GB'`)
    await connection.run(`CREATE TABLE t ("_RowId" BIGINT, ${columns.map(definition).join(', ')})`)
    const prepared = await WAYS[name].prepare?.(connection, batches, columns, directory)
    const before = process.cpuUsage()
    const start = performance.now()
    await connection.run('BEGIN')
    await WAYS[name](connection, batches, columns, prepared)
    await connection.run('COMMIT')
    const wall = Math.round(performance.now() - start)
    const { user, system } = process.cpuUsage(before)
    const [[stored]] = (await connection.runAndReadAll('SELECT count(*) FROM t')).getRows()
    if (Number(stored) !== batches.reduce((sum, batch) => sum + batch.rowCount, 0))
      throw new Error(`${stored} rows`)
    connection.closeSync()
    instance.closeSync()
    const rss = Math.round(process.resourceUsage().maxRSS / 1024)
    console.log(JSON.stringify({ wall, cpu: Math.round((user + system) / 1000), rss }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function readBatches() {
  const reader = new LinuxAuditLogReader({ computer: 'host' })
  const file = openSync(log, 'r')
  const buffer = Buffer.alloc(1 << 20)
  const batches = []
  let rows = 0
  while (rows < rowCount) {
    const length = readSync(file, buffer)
    if (length === 0) throw new Error(`the log has only ${rows} records`)
    reader.push(buffer.subarray(0, length))
    for (let part = reader.take(); part; part = reader.take()) {
      if (rows >= rowCount) break
      batches.push(part.batch)
      rows += part.batch.rowCount
    }
  }
  return batches
}

function hasValue([, cells]) {
  return cells.some((cell) => cell !== undefined && cell !== '')
}

function definition({ name, type }) {
  return `"${name}" ${sqlType(type)}${type === 'string' ? " NOT NULL DEFAULT ''" : ''}`
}

function sqlType(type) {
  return { string: 'VARCHAR', datetime: 'BIGINT', dynamic: 'JSON' }[type]
}

function ticks(ms) {
  return ms === undefined ? null : BigInt(Math.round(ms)) * 10_000n + 621_355_968_000_000_000n
}

async function appendValues(connection, batches, columns) {
  const appender = await connection.createAppender('t')
  let id = 0n
  for (const batch of batches) {
    const lists = columns.map((column) => batch.columns.get(column.name) ?? [])
    for (let row = 0; row < batch.rowCount; row++) {
      appender.appendBigInt(id++)
      for (let at = 0; at < columns.length; at++) {
        const cell = lists[at][row]
        if (columns[at].type === 'datetime') appender.appendBigInt(ticks(cell))
        else if (columns[at].type === 'dynamic' && cell === undefined) appender.appendNull()
        else appender.appendVarchar(cell ?? '')
      }
      appender.endRow()
    }
  }
  appender.closeSync()
}

async function appendChunks(connection, batches, columns) {
  const appender = await connection.createAppender('t')
  const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
  let id = 0n
  for (const batch of batches) {
    for (let from = 0; from < batch.rowCount; from += VECTOR) {
      const count = Math.min(VECTOR, batch.rowCount - from)
      const lists = columns.map(({ name, type }) => {
        const cells = batch.columns.get(name) ?? []
        return Array.from({ length: count }, (_, row) => {
          const cell = cells[from + row]
          if (type === 'datetime') return ticks(cell)
          return cell ?? (type === 'dynamic' ? null : '')
        })
      })
      const chunk = DuckDBDataChunk.create(types)
      chunk.setColumns([Array.from({ length: count }, () => id++), ...lists])
      appender.appendDataChunk(chunk)
    }
  }
  appender.closeSync()
}

async function appendLayouts(connection, batches, columns) {
  const appender = await connection.createAppender('t')
  const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
  const chunk = DuckDBDataChunk.create(types)
  let id = 0n
  for (const batch of batches) {
    for (let from = 0; from < batch.rowCount; from += VECTOR) {
      const count = Math.min(VECTOR, batch.rowCount - from)
      chunk.reset()
      chunk.rowCount = count
      writeRowIds(chunk, id, undefined, from, count)
      for (const [at, { name, type }] of columns.entries()) {
        const cells = batch.columns.get(name)
        writeColumn(chunk, at + 1, type, cells && { cells, index: undefined }, from, count, {
          table: 't',
          column: name,
        })
      }
      appender.appendDataChunk(chunk)
    }
    id += BigInt(batch.rowCount)
  }
  appender.closeSync()
}

async function insertJson(connection, batches, columns) {
  const structure = JSON.stringify([
    Object.fromEntries([['_RowId', 'BIGINT'], ...columns.map(({ name, type }) => [name, sqlType(type)])]),
  ])
  const list = columns.map(({ name, type }) =>
    type === 'string' ? `coalesce(r."${name}", '')` : `r."${name}"`,
  )
  const insert = await connection.prepare(
    `INSERT INTO t SELECT r."_RowId", ${list.join(', ')} FROM (SELECT unnest(from_json($1::JSON, '${structure}')) AS r)`,
  )
  let id = 0
  for (const batch of batches) {
    const lists = columns.map(({ name, type }) => [name, type, batch.columns.get(name) ?? []])
    const objects = Array.from({ length: batch.rowCount }, (_, row) => {
      const object = { _RowId: id++ }
      for (const [name, type, cells] of lists) {
        const cell = cells[row]
        if (cell === undefined || cell === '') continue
        object[name] = type === 'datetime' ? Number(ticks(cell)) : cell
      }
      return object
    })
    insert.bind([JSON.stringify(objects)])
    await insert.run()
  }
}

/** Each string column as an offset and a length in its line; values that were decoded could not be cut so. */
async function insertOffsets(connection, batches, columns) {
  const cut = columns.map(({ name, type }) =>
    type === 'string' && name !== 'RawData'
      ? `substring("RawData", "${name}" >> 16, "${name}" & 65535)`
      : `"${name}"`,
  )
  const staging = columns.map(({ name, type }) => {
    const sql = type !== 'string' || name === 'RawData' ? sqlType(type) : 'INTEGER'
    return `"${name}" ${sql}`
  })
  await connection.run(`CREATE TEMP TABLE staging ("_RowId" BIGINT, ${staging.join(', ')})`)
  const appender = await connection.createAppender('staging')
  const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
  const chunk = DuckDBDataChunk.create(types)
  const zero = 1 << 16
  let id = 0n
  for (const batch of batches) {
    const raw = batch.columns.get('RawData')
    const lists = columns.map(({ name, type }) => {
      const cells = batch.columns.get(name) ?? []
      if (type !== 'string' || name === 'RawData') return { type, cells }
      const offsets = Array.from({ length: batch.rowCount }, (_, row) => {
        const cell = cells[row]
        if (cell === undefined || cell === '') return zero
        const at = raw[row].indexOf(cell)
        return at < 0 ? zero : ((at + 1) << 16) | cell.length
      })
      return { type: 'int', cells: offsets }
    })
    for (let from = 0; from < batch.rowCount; from += VECTOR) {
      const count = Math.min(VECTOR, batch.rowCount - from)
      chunk.reset()
      chunk.rowCount = count
      writeRowIds(chunk, id, undefined, from, count)
      for (const [at, { type, cells }] of lists.entries()) {
        writeColumn(chunk, at + 1, type, { cells, index: undefined }, from, count, { table: 't', column: '' })
      }
      appender.appendDataChunk(chunk)
    }
    id += BigInt(batch.rowCount)
  }
  appender.closeSync()
  await connection.run(`INSERT INTO t SELECT "_RowId", ${cut.join(', ')} FROM staging`)
}

/** What a writer of Parquet (or Arrow) buffers could save at most: the file is made before the clock starts. */
async function insertParquet(connection, _batches, _columns, file) {
  await connection.run(`INSERT INTO t SELECT * FROM read_parquet('${file}')`)
}
insertParquet.prepare = async (connection, batches, columns, directory) => {
  await appendLayouts(connection, batches, columns)
  const file = join(directory, 'rows.parquet')
  await connection.run(`COPY t TO '${file}' (FORMAT parquet, COMPRESSION uncompressed)`)
  await connection.run('DELETE FROM t')
  if (statSync(file).size === 0) throw new Error('no file')
  return file
}

if (only) await runOne(only)
else runAll()
