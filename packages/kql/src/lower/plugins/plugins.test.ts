import { describe, expect, it } from 'vitest'
import { compile } from '../../compile.js'
import { answer } from '../answers.testing.js'

const BAGS = `datatable(n:long, d:dynamic)[
  1, dynamic({"Name": "John", "Age": 20}),
  2, dynamic({"Name": "Dave", "Height": 170, "Age": 40.5}),
  3, dynamic(null)]`

describe('bag_unpack', () => {
  it('gives each slot a column of the type of its values, dynamic where they differ', async () => {
    expect(
      await answer(`${BAGS} | evaluate bag_unpack(d) | getschema | project ColumnName, ColumnType`),
    ).toEqual([
      ['ColumnName', 'ColumnType'],
      ['n', 'long'],
      ['Age', 'dynamic'],
      ['Height', 'long'],
      ['Name', 'string'],
    ])
    expect(
      await answer(`${BAGS} | evaluate bag_unpack(d, 'p_') | sort by n asc | project p_Name, p_Height`),
    ).toEqual([
      ['p_Name', 'p_Height'],
      ['John', ''],
      ['Dave', '170'],
      ['', ''],
    ])
  })

  it('names what follows as if the columns had been known', async () => {
    expect(
      await answer(`${BAGS} | evaluate bag_unpack(d) | summarize max(Height) by Name | where Name == 'Dave'`),
    ).toEqual([
      ['Name', 'max_Height'],
      ['Dave', '170'],
    ])
  })

  it('takes the columns of the schema without asking the data', () => {
    const text = `${BAGS} | evaluate bag_unpack(d) : (*, Name: string)`
    const { columns } = compile(text, { schema: { name: 'test', tables: [] }, now: 0n })
    expect(columns.map(({ name }) => name)).toEqual(['n', 'Name'])
  })

  it('says how to write the schema to those who can not ask the data', () => {
    const text = `${BAGS} | evaluate bag_unpack(d)`
    expect(() => compile(text, { schema: { name: 'test', tables: [] }, now: 0n })).toThrow(
      'Say which they are: evaluate bag_unpack(…) : (*, Name:type, …)',
    )
  })

  it('takes nothing but the bag away, also where another column holds the same', async () => {
    const twice = `${BAGS} | where n == 1 | extend e = d | evaluate bag_unpack(d) | evaluate bag_unpack(e, 'x')`
    expect(await answer(twice)).toEqual([
      ['n', 'Age', 'Name', 'xAge', 'xName'],
      ['1', '20', 'John', '20', 'John'],
    ])
  })

  it('says so where there is nothing to unpack', async () => {
    const nothing = answer('datatable(d:dynamic)[dynamic(null)] | evaluate bag_unpack(d)')
    await expect(nothing).rejects.toThrow('no row has anything to unpack')
  })

  it('resolves a conflict of names as told', async () => {
    const bags = `datatable(Name:string, d:dynamic)['old', dynamic({"Name": "new"})] | evaluate bag_unpack(d`
    expect(await answer(`${bags}, columnsConflict='keep_source')`)).toEqual([['Name'], ['old']])
    expect(await answer(`${bags}, columnsConflict='replace_source')`)).toEqual([['Name'], ['new']])
    await expect(answer(`${bags})`)).rejects.toThrow("the table has a column 'Name' already")
  })
})

describe('pivot', () => {
  const ROWS = `datatable(State:string, Event:string, n:long)['AL','Wind',1, 'AK','Wind',2, 'AL','Rain',3]`

  it('gives each value a column', async () => {
    expect(await answer(`${ROWS} | evaluate pivot(State, sum(n)) | sort by Event asc`)).toEqual([
      ['Event', 'AK', 'AL'],
      ['Rain', '0', '3'],
      ['Wind', '2', '1'],
    ])
  })

  it('counts, and gives the columns asked for', async () => {
    expect(
      await answer(
        `${ROWS} | evaluate pivot(State, count(), Event): (Event:string, AL:long, XX:long) | sort by Event asc`,
      ),
    ).toEqual([
      ['Event', 'AL', 'XX'],
      ['Rain', '1', '0'],
      ['Wind', '1', '0'],
    ])
  })
})

describe('ipv4_lookup', () => {
  const query = (
    more: string,
  ) => `let nets = datatable(net:string, place:string)['5.8.0.0/19','east', '5.8.1.0/24','near'];
    datatable(ip:string)['5.8.1.2', '5.8.9.9', '192.165.12.17', 'no address']
    | evaluate ipv4_lookup(nets, ip, net${more}) | project ip, place | sort by ip asc, place asc`

  it('joins addresses with all ranges they are in', async () => {
    expect((await answer(query(''))).slice(1)).toEqual([
      ['5.8.1.2', 'east'],
      ['5.8.1.2', 'near'],
      ['5.8.9.9', 'east'],
    ])
  })

  it('keeps the others if told so', async () => {
    expect(await answer(query(', return_unmatched = true'))).toHaveLength(6)
  })
})

describe('rows_near', () => {
  it('finds the rows around one', async () => {
    const rows = 'range n from 1 to 9 step 1 | evaluate rows_near(n % 7 == 0'
    expect((await answer(`${rows}, 1)`)).flat()).toEqual(['n', '6', '7', '8'])
    expect((await answer(`${rows}, 0, 2)`)).flat()).toEqual(['n', '7', '8', '9'])
  })
})

describe('narrow', () => {
  it('gives a row for each cell', async () => {
    expect(
      await answer(
        "datatable(s:string, n:long)['a',1, 'b',2] | evaluate narrow() | sort by Row asc, Column asc",
      ),
    ).toEqual([
      ['Row', 'Column', 'Value'],
      ['0', 'n', '1'],
      ['0', 's', 'a'],
      ['1', 'n', '2'],
      ['1', 's', 'b'],
    ])
  })
})

describe('plugins that leave the store', () => {
  it('are refused with the reason', async () => {
    await expect(answer("evaluate http_request('https://example.com')")).rejects.toThrow(
      'reaches a service outside',
    )
    await expect(answer("print x=1 | evaluate python(typeof(*), 'x')")).rejects.toThrow(
      'runs code in another language',
    )
  })
})
