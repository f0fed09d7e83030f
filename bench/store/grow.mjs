/**
 * Makes a large store of a small one: its records again and again, later each time, at a tenth of their rate.
 *
 * usage: node bench/store/grow.mjs STORE_DIRECTORY TIMES
 *
 * For measuring queries only. The store must be closed; rows are copied by SQL, part by part, because parsing
 * 50 million records again would say nothing about queries.
 */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [, , directory, times] = process.argv
const instance = await DuckDBInstance.create(join(directory, 'store.duckdb'), {
  storage_compatibility_version: 'latest',
})
const connection = await instance.connect()
const read = async (sql) => (await connection.runAndReadAll(sql)).getRows()

await connection.run("SET memory_limit = '1GB'")
const [[first, last, lastId]] = await read(
  'SELECT min("TimeGenerated"), max("TimeGenerated"), max("_RowId") FROM "LinuxAuditLog_CL"',
)
const span = (last - first) * 10n
const parts = (await read(`SELECT table_name FROM duckdb_tables() WHERE schema_name = 'parts'`)).flat()
for (const part of parts) {
  await connection.run(
    `UPDATE parts."${part}" SET "TimeGenerated" = ${first} + ("TimeGenerated" - ${first}) * 10 WHERE "TimeGenerated" > ${first}`,
  )
}
await connection.run('CHECKPOINT')
for (let time = 1n; time < BigInt(times); time++) {
  for (const part of parts) {
    await connection.run(`INSERT INTO parts."${part}" SELECT * REPLACE (
        "_RowId" + ${time * lastId} AS "_RowId", "TimeGenerated" + ${time * span} AS "TimeGenerated",
        "AuditID_s" || '-${time}' AS "AuditID_s", "SerialNumber_s" || '-${time}' AS "SerialNumber_s")
      FROM parts."${part}" WHERE "_RowId" <= ${lastId} ORDER BY "_RowId"`)
  }
  await connection.run('CHECKPOINT')
  console.error(`${time + 1n} of ${times}`)
}
connection.closeSync()
instance.closeSync()
