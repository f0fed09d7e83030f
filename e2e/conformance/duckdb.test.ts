import { afterAll, expect, test } from 'vitest'
import { Database, PreludeError } from './duckdb.js'

const database = new Database(['CREATE MACRO twice(x) AS 2 * x'])
afterAll(() => database.close())

const limits = { milliseconds: 20_000, rows: 10 }
const run = (sql: string, types: string[], over = {}) =>
  database.run(
    { sql, parameters: [], columns: types.map((type, index) => ({ name: `c${index}`, type })) },
    { ...limits, ...over },
  )

test('values come as the representation says', async () => {
  const sql = `SELECT true, 1::INTEGER, 2::BIGINT, 0.5::DOUBLE, 'a', '{"a":1}'::JSON,
    '10e99626-bc2b-754c-bb3e-fe606de25700'::UUID, 3.30::DECIMAL(38, 17), NULL::BIGINT`
  const { rows } = await run(sql, [
    'bool',
    'int',
    'long',
    'real',
    'string',
    'dynamic',
    'guid',
    'decimal',
    'datetime',
  ])
  const guid = '10e99626-bc2b-754c-bb3e-fe606de25700'
  expect(rows).toEqual([[true, 1, 2n, 0.5, 'a', '{"a":1}', guid, '3.30000000000000000', null]])
})

test('the prelude is there', async () => {
  expect((await run('SELECT twice(2)::BIGINT', ['long'])).rows).toEqual([[4n]])
})

test('a prelude that fails is no failure of the query', async () => {
  const broken = new Database(['CREATE MACRO broken(values) AS 1'])
  await expect(broken.run({ sql: 'SELECT 1', parameters: [], columns: [] }, limits)).rejects.toThrow(
    PreludeError,
  )
})

test('a column of another physical type is an error, not a value', async () => {
  await expect(run('SELECT 1::HUGEINT', ['long'])).rejects.toThrow('HUGEINT')
  await expect(run('SELECT 1', ['int', 'int'])).rejects.toThrow('1 columns')
})

test('a query that runs on is interrupted, and the next one answered', async () => {
  const endless =
    'SELECT count(*)::BIGINT FROM range(100000000) a, range(100000000) b WHERE a.range * b.range = -1'
  await expect(run(endless, ['long'], { milliseconds: 50 })).rejects.toThrow('ran for more than 50 ms')
  expect((await run('SELECT 1::BIGINT', ['long'])).rows).toEqual([[1n]])
})

test('rows are bounded', async () => {
  await expect(run('SELECT range FROM range(11)', ['long'])).rejects.toThrow('more than 10 rows')
  expect((await run('SELECT range FROM range(10)', ['long'])).rows).toHaveLength(10)
})
