import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../compile.js'
import { KqlError } from '../diagnostics.js'
import { openDuckDB } from '../duckdb.testing.js'
import type { DatabaseSchema } from '../schema.js'
import type { KqlType } from '../values.js'
import { arrayFunctions } from './arrays.js'
import { binaryFunctions } from './binary.js'
import { encodingFunctions } from './encoding.js'
import type { ScalarFunctionTable } from './function.js'
import { geoFunctions } from './geo.js'
import { ipFunctions } from './ip.js'
import { parsingFunctions } from './parsing.js'
import { seriesFunctions } from './series.js'
import { setFunctions } from './sets.js'
import { specialFunctions } from './special.js'
import { unitFunctions } from './units.js'

/**
 * Logs hold what attackers write. No value of an argument's type may make a query fail: each function runs over rows
 * of awkward values, so mixed that each meets each.
 */
const AWKWARD: Partial<Record<KqlType, readonly string[]>> = {
  string: [
    "''",
    "'a'",
    "' '",
    "'%'",
    "'%zz%ff'",
    "'\"'",
    "'\\'",
    '\'a"b,"\'',
    "'<x>'",
    "'日本'",
    "'🤦🏼‍♂️'",
    'chr(1)',
    'chr(10)',
    "'1.2.3.4'",
    "'999.1.1.1/99'",
    "'::'",
    "'::ffff:1.2.3.4/200'",
    "'S3VzdG8='",
    "'gICA'",
    "'=='",
    "'-'",
    "'xn--'",
    "'99999999999999999999'",
    "'http://[::1'",
    "'a=b&&=c&a'",
    "repeat('a', 300)",
    "repeat('9.', 40)",
    "'[1,2]'",
    "'null'",
    "'dr5ru'",
    "'Meter'",
    "'Degree'",
  ],
  long: ['NULL', '0', '1', '-1', '2', '64', '1000000', '9223372036854775807', '(-9223372036854775807 - 1)'],
  int: ['NULL', '0', '1', '-1', '18', '2147483647', '(-2147483647 - 1)'],
  real: ['NULL', '0', '-0.5', '1', '1e308', '-1e308', "'NaN'", "'Infinity'", "'-Infinity'", '1e-320', '180'],
  bool: ['NULL', 'true', 'false'],
  guid: ['NULL', "'ae3133f2-6e22-49ae-b06a-16e6a9b212eb'"],
  dynamic: [
    'NULL',
    "'1'",
    '\'"x"\'',
    "'true'",
    "'{}'",
    '\'{"a":[1,{"b":null}]}\'',
    "'[]'",
    "'[null]'",
    '\'[null,1,"a",true,[1],{"a":1}]\'',
    "'[1,2,3]'",
    "'[3.5,-1,0]'",
    '\'["NaN","Infinity",1]\'',
    "'[0,0,0]'",
    "'[1e308,1e308,-1e308]'",
    "'[9223372036854775807,9223372036854775807]'",
    '\'["1.2.3.4","10.0.0.0/8","","x"]\'',
    "'[-1,-5,100]'",
    '\'{"type":"LineString","coordinates":[[0,0],[1]]}\'',
    '\'{"type":"LineString","coordinates":[[0,0],[1,"x"]]}\'',
    '\'{"type":"MultiLineString","coordinates":7}\'',
  ],
}
const SQL_TYPES: Partial<Record<KqlType, string>> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  int: 'INTEGER',
  real: 'DOUBLE',
  bool: 'BOOLEAN',
  guid: 'UUID',
  dynamic: 'JSON',
}
const ARGUMENTS = 5
const ROWS = 96

const types = Object.keys(AWKWARD) as KqlType[]
const columns = types.flatMap((type) =>
  Array.from({ length: ARGUMENTS }, (_, i) => ({ name: `${type}${i}`, type })),
)
const schema: DatabaseSchema = { name: 'test', tables: [{ name: 'T', columns }] }

/** Calls of a function: with each number of arguments it may have, `any` being each type in turn. */
function calls(name: string, parameters: readonly string[]): string[] {
  const least = parameters.at(-1)?.startsWith('...') ? parameters.length : 1
  const found: string[] = []
  for (let count = least; count <= Math.max(parameters.length, least + 1) && count <= ARGUMENTS; count++) {
    for (const any of ['string', 'long', 'dynamic']) {
      const args = Array.from({ length: count }, (_, i) => {
        const type = (parameters[i] ?? parameters.at(-1)!).replace('...', '')
        return `${type === 'any' ? any : type}${i}`
      })
      const call = `${name}(${args.join(', ')})`
      if (!found.includes(call)) found.push(call)
    }
  }
  return found
}

const families: Readonly<Record<string, ScalarFunctionTable>> = {
  arrays: arrayFunctions,
  binary: binaryFunctions,
  encoding: encodingFunctions,
  geo: geoFunctions,
  ip: ipFunctions,
  parsing: parsingFunctions,
  series: seriesFunctions,
  sets: setFunctions,
  special: specialFunctions,
  units: unitFunctions,
}
/** Seconds for each value: tested by its own values alone. */
const SLOW = new Set(['beta_inv'])

let run: (sql: string) => Promise<unknown>

beforeAll(async () => {
  const connection = await openDuckDB()
  const value = (type: KqlType, i: number) => {
    const list = AWKWARD[type]!
    // Steps that have no factor in common with the length of the list, another for each argument.
    const index = `((r * ${[1, 7, 11, 13, 17][i]} + r // ${list.length} * ${i}) % ${list.length})::INTEGER`
    return `([${list.map((text) => `${text}::${SQL_TYPES[type]}`).join(', ')}])[1 + ${index}] AS "${type}${i}"`
  }
  const select = columns.map(({ name, type }) => value(type, Number(name.at(-1)))).join(', ')
  await connection.run(`CREATE TABLE "T" AS SELECT r AS "_RowId", ${select} FROM range(${ROWS}) t(r)`)
  run = (sql) => connection.run(sql)
})

async function attempt(calls: readonly string[]): Promise<Error | undefined> {
  try {
    const values = calls.map((call, i) => `x${i} = ${call}`).join(', ')
    await run(compile(`T | project ${values}`, { schema, now: 0n }).sql)
    return undefined
  } catch (error) {
    return error as Error
  }
}

describe('awkward values', () => {
  for (const [family, table] of Object.entries(families)) {
    it(`do not make a function of ${family} fail`, async () => {
      const failures: string[] = []
      let ran = 0
      for (const [name, { parameters }] of Object.entries(table)) {
        if (SLOW.has(name)) continue
        const all = calls(name, parameters ?? ['any'])
        // All at once; one by one where that is refused or fails.
        if ((await attempt(all)) === undefined) ran++
        else {
          for (const call of all) {
            const failure = await attempt([call])
            if (failure === undefined) ran++
            // The binder or the function may refuse the call: that is an answer.
            else if (!(failure instanceof KqlError))
              failures.push(`${call}: ${failure.message.slice(0, 300)}`)
          }
        }
      }
      expect(failures).toEqual([])
      expect(ran).toBeGreaterThan(0)
    })
  }
})
