/**
 * Reads an audit log in one of the library's ways, as a whole process, and prints what it found.
 *
 *     node bench/auditd/read.mjs records|rows|events|interpret FILE
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { argv, memoryUsage, stderr } from 'node:process'
import { AuditLogInterpreter, AuditRecord, LinuxAuditLogReader, RecordReader } from '@auspex/auditd'

const CHUNK = 1 << 18

function* chunks(file) {
  const fd = openSync(file)
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) yield buffer.subarray(0, size)
  closeSync(fd)
}

const WAYS = {
  /** Every line to a record: header, field names as numbers, places of the values. */
  records(file) {
    const record = new AuditRecord()
    const found = { records: 0, fields: 0, unparsed: 0 }
    const count = () => {
      found.records++
      found.fields += record.fieldCount
    }
    const reader = new RecordReader(
      {
        plain(line) {
          line.fill(record)
          count()
        },
        line(bytes, start, end) {
          if (record.parse(bytes, start, end)) count()
          else found.unparsed++
        },
      },
      { maxLineBytes: 1 << 20 },
    )
    const fd = openSync(file)
    for (let size = 1; size > 0; ) {
      size = readSync(fd, reader.room(CHUNK))
      reader.filled(size)
    }
    closeSync(fd)
    reader.end()
    return found
  },

  /** Every record to a row of LinuxAuditLog_CL. */
  rows: (file) => tables(file, false),

  /** The same, and every event to a row of AuditEvent. */
  events: (file) => tables(file, true),

  /** What `ausearch -i` prints, to standard output. */
  interpret(file) {
    const interpreter = new AuditLogInterpreter({
      users: new Map([[0, 'root']]),
      groups: new Map([[0, 'root']]),
    })
    let bytes = 0
    const write = (text) => {
      bytes += text.length
      if (text.length > 0) writeSync(1, text)
    }
    for (const chunk of chunks(file)) write(interpreter.push(chunk))
    write(interpreter.end())
    return { bytes }
  },
}

function tables(file, events) {
  const reader = new LinuxAuditLogReader({ computer: 'host', events })
  const found = { rows: 0, events: 0, unparsed: 0, problems: 0 }
  const take = () => {
    for (let result = reader.take(); result !== undefined; result = reader.take()) {
      found.rows += result.batch.rowCount
      found.events += result.events?.rowCount ?? 0
      found.unparsed += result.unparsed
      found.problems += result.problems.length
    }
  }
  for (const chunk of chunks(file)) {
    reader.push(chunk)
    take()
  }
  reader.end()
  take()
  return found
}

const [way, file] = argv.slice(2)
if (!(way in WAYS) || file === undefined) {
  stderr.write('usage: node bench/auditd/read.mjs records|rows|events|interpret FILE\n')
  process.exit(2)
}
const found = WAYS[way](file)
stderr.write(`${JSON.stringify({ ...found, rssMiB: Math.round(memoryUsage.rss() / 2 ** 20) })}\n`)
