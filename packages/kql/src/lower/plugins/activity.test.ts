import { describe, expect, it } from 'vitest'
import { answer } from '../answers.testing.js'

const day = (n: number) => `2024-01-0${n}T00:00:00.0000000Z`
const visit = (id: string, n: number, group: string) => `'${id}', datetime(2024-01-0${n}), '${group}'`
const VISITS = `datatable(id:string, t:datetime, g:string)[${[
  visit('a', 1, 'x'),
  visit('a', 1, 'x'),
  visit('b', 1, 'x'),
  visit('a', 2, 'x'),
  visit('c', 2, 'x'),
  visit('a', 4, 'x'),
  visit('d', 1, 'y'),
].join(', ')}]`
const FROM_TO = 'datetime(2024-01-01), datetime(2024-01-04)'
const sorted = (call: string) => answer(`${VISITS} | where g == 'x' | evaluate ${call} | sort by t asc`)

describe('activity plugins', () => {
  it('count the rows, the ids and the ids seen first in each period', async () => {
    expect(await sorted(`activity_counts_metrics(id, t, ${FROM_TO}, 1d)`)).toEqual([
      ['t', 'count', 'dcount', 'new_dcount', 'aggregated_dcount'],
      [day(1), '3', '2', '2', '2'],
      [day(2), '2', '2', '1', '3'],
      [day(4), '1', '1', '0', '3'],
    ])
  })

  it('keep dimensions apart', async () => {
    const call = `activity_counts_metrics(id, t, ${FROM_TO}, 7d, g)`
    expect(await answer(`${VISITS} | evaluate ${call} | project g, dcount | sort by g asc`)).toEqual([
      ['g', 'dcount'],
      ['x', '3'],
      ['y', '1'],
    ])
  })

  it('compare each period with the one before', async () => {
    expect(await sorted(`activity_metrics(id, t, ${FROM_TO}, 1d)`)).toEqual([
      ['t', 'dcount_values', 'dcount_newvalues', 'retention_rate', 'churn_rate'],
      [day(1), '2', '2', 'NaN', 'NaN'],
      [day(2), '2', '1', '0.5', '0.5'],
      [day(4), '1', '1', 'NaN', 'NaN'],
    ])
  })

  it('count over a window that slides', async () => {
    expect(await sorted(`sliding_window_counts(id, t, ${FROM_TO}, 2d, 1d)`)).toEqual([
      ['t', 'Count', 'Dcount'],
      [day(1), '3', '2'],
      [day(2), '5', '3'],
      [day(3), '2', '2'],
      [day(4), '1', '1'],
    ])
  })

  it('count the ids that come often', async () => {
    expect(await sorted(`active_users_count(id, t, ${FROM_TO}, 4d, 1d, 3, 1d)`)).toEqual([
      ['t', 'dcount'],
      [day(4), '1'],
    ])
  })
})

describe('rolling_percentile', () => {
  it('takes the values of so many bins', async () => {
    const call = 'rolling_percentile(v, 50, n, 10, 2)'
    expect(
      await answer(`range n from 0 to 29 step 1 | extend v = n + 1 | evaluate ${call} | sort by n asc`),
    ).toEqual([
      ['n', 'rolling_2_percentile_v_50'],
      ['0', '5'],
      ['10', '10'],
      ['20', '20'],
    ])
  })
})

describe('schema_merge', () => {
  const merged = (more: string) =>
    answer(`let a = datatable(x:string, y:int)[] | getschema;
      let b = datatable(x:string, z:string, y:int)[] | getschema;
      union a, b | evaluate schema_merge(${more}) | project ColumnName, ColumnOrdinal, ColumnType`)

  it('says which columns are not where they were', async () => {
    expect(new Set(await merged(''))).toEqual(
      new Set([
        ['ColumnName', 'ColumnOrdinal', 'ColumnType'],
        ['x', '0', 'string'],
        ['z', '1', 'string'],
        ['y', '-1', 'ERROR(columns are out of order)'],
      ]),
    )
  })

  it('puts them in an order of their own if told so', async () => {
    expect(new Set(await merged('PreserveOrder = false'))).toEqual(
      new Set([
        ['ColumnName', 'ColumnOrdinal', 'ColumnType'],
        ['x', '0', 'string'],
        ['z', '1', 'string'],
        ['y', '2', 'int'],
      ]),
    )
  })
})
