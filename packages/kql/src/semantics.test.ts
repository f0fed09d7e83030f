import { beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from './duckdb.testing.js'
import { compile, type DatabaseSchema, formatValue, type KqlValue, parseDatetime } from './index.js'

const schema: DatabaseSchema = {
  name: 'db',
  tables: [
    {
      name: 'Logon',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'User', type: 'string' },
        { name: 'Host', type: 'string' },
        { name: 'Count', type: 'long' },
      ],
    },
    {
      name: 'Owner',
      columns: [
        { name: 'Host', type: 'string' },
        { name: 'Team', type: 'string' },
        { name: 'Level', type: 'int' },
      ],
    },
  ],
  functions: [{ name: 'Recent', parameters: '(least:long=2)', body: 'Logon | where Count >= least' }],
}

const NOW = parseDatetime('2024-05-01T12:00:00Z')!
const MINUTE = 600_000_000n

let run: (kql: string) => Promise<string[]>

beforeAll(async () => {
  const connection = await openDuckDB()
  await connection.run(
    'CREATE TABLE "Logon" ("TimeGenerated" BIGINT, "User" VARCHAR NOT NULL, "Host" VARCHAR NOT NULL, "Count" BIGINT, "_RowId" BIGINT)',
  )
  const rows = [
    ['alice', 'web1', '3'],
    ['Bob', 'web2', '1'],
    ['alice', 'db1', 'NULL'],
    ['carol', 'WEB1', '7'],
  ]
  for (const [i, [user, host, count]] of rows.entries()) {
    const time = NOW - BigInt(i) * 30n * MINUTE
    await connection.run(`INSERT INTO "Logon" VALUES (${time}, '${user}', '${host}', ${count}, ${i})`)
  }
  await connection.run(
    'CREATE TABLE "Owner" ("Host" VARCHAR NOT NULL, "Team" VARCHAR NOT NULL, "Level" INTEGER, "_RowId" BIGINT)',
  )
  await connection.run(
    `INSERT INTO "Owner" VALUES ('web1', 'shop', 1, 0), ('web1', 'blog', 2, 1), ('db1', 'data', NULL, 2)`,
  )
  run = async (kql) => {
    const query = compile(kql, { schema, now: NOW })
    const reader = await connection.runAndReadAll(query.sql)
    return reader
      .getRowsJS()
      .map((row) => row.map((cell, i) => formatValue(query.columns[i]!.type, plain(cell))).join('|'))
  }
})

function plain(cell: unknown): KqlValue {
  if (cell === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof cell))
    return cell as KqlValue
  return String(cell)
}

/** Query, and the rows it gives: cells joined by `|`, in order if the query sorts, else as a set. */
type Case = readonly [kql: string, ...rows: string[]]

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'string operators': [
    ['Logon | where User == "bob" | count', '0'],
    ['Logon | where User =~ "bob" | count', '1'],
    ['Logon | where User !~ "ALICE" | project User', 'Bob', 'carol'],
    ['Logon | where Host in~ ("WEB1", "x") | project User', 'alice', 'carol'],
    ['Logon | where Host !in~ ("web1", "db1") | project User', 'Bob'],
    ['Logon | where Host !in ("web1", "db1") | project User', 'Bob', 'carol'],
    ['print "KustoExplorerQueryRun" has "Explorer", "North-America" has "america"', 'false|true'],
    [
      'print "a/etc/passwd" has "/etc/passwd", "/etc/passwd1" has "/etc/passwd", "x etc y" !has "ETC"',
      'true|false|false',
    ],
    [
      'print "server01 up" hasprefix "SERV", "server01 up" hassuffix "ver01", "server01" hasprefix_cs "SERV"',
      'true|true|false',
    ],
    ['print "100%_x" contains "%_X", "100%" startswith "100%", "aXb" endswith_cs "xb"', 'true|true|false'],
    [
      'print "abc" has_any ("x", "abc"), "a b" has_all ("b", "a"), "ab" has_any (dynamic(["b"]))',
      'true|true|false',
    ],
    ['let names = Logon | project User; Owner | extend m = "ALICE x" has_any (names) | distinct m', 'true'],
    ['print "Ab1" matches regex "^[A-Z]b\\\\d$", "ab" matches regex "B"', 'true|false'],
  ],
  'null and empty': [
    ['Logon | where Count != 3 | project User, Count', 'Bob|1', 'alice|', 'carol|7'],
    ['Logon | where not(Count == 3) | project User, Count', 'Bob|1', 'alice|', 'carol|7'],
    ['Logon | where Count > 1 | count', '2'],
    ['Logon | where Count !in (1, 3) | project User', 'alice', 'carol'],
    [
      'print a = iff(long(null) == 5, "then", "else"), b = iff(bool(null), 1, 2), c = isnull(""), d = isempty(long(null))',
      'else|2|false|true',
    ],
    [
      'Logon | extend c = coalesce(Count, 0) | summarize sum(c), count(), countif(isnull(Count)), avg(Count)',
      '11|4|1|3.6666666666666665',
    ],
    ['Logon | where Count > 100 | summarize count(), sum(Count), max(Count), make_set(User)', '0|0||[]'],
    ['Logon | where Count > 100 | summarize count() by User'],
    [
      'print strcat("a", "", tostring(long(null))), tostring(dynamic(null)), toint("x"), todatetime("never")',
      'a|||',
    ],
  ],
  numbers: [
    ['print 1/2, 7/2, -7/2, 1.0/2, 5 % 3, -14 % 12, 14 % -12', '0|3|-3|0.5|2|10|2'],
    ['print 2147483647 + 1, 3000000000 * 2', '2147483648|6000000000'],
    ['print bin(-3, 5), bin(4.7, 1.5), bin(7, 0)', '-5|4.5|'],
    ['print 0x1F, 1e3, 5 between (1 .. 5), 6 !between (1 .. 5)', '31|1000|true|true'],
  ],
  time: [
    ['print now() - ago(1h), now() == now()', '01:00:00|true'],
    ['Logon | where TimeGenerated > ago(45m) | project User', 'alice', 'Bob'],
    ['Logon | where TimeGenerated between (ago(1h) .. 30m) | count', '2'],
    [
      'print 1d / 1h, 1h * 1.5, 90m + 1s, datetime(2024-05-01) - datetime(2024-04-30)',
      '24|01:30:00|01:30:01|1.00:00:00',
    ],
    [
      'print bin(datetime(2024-05-01 12:34:56.1234567), 1h), bin(datetime(2024-05-01), 7d)',
      '2024-05-01T12:00:00.0000000Z|2024-04-29T00:00:00.0000000Z',
    ],
    ['print todatetime("2024-05-01T10:00:00.1234567+02:00")', '2024-05-01T08:00:00.1234567Z'],
    [
      'Logon | summarize n = count() by bin(TimeGenerated, 1h) | sort by TimeGenerated asc | project n',
      '1',
      '2',
      '1',
    ],
  ],
  'columns and names': [
    [
      'Logon | extend Count = Count + 1, Twice = Count * 2 | where User == "Bob" | project Count, Twice',
      '2|2',
    ],
    ['Logon | project-rename Who = User | project-away Time*, Host | where Who == "carol"', 'carol|7'],
    [
      'Logon | project-reorder Count, *, Host | take 1 | getschema | project ColumnName',
      'Count',
      'TimeGenerated',
      'User',
      'Host',
    ],
    [
      'Logon | summarize count(), max(Count), dcount(User), make_list(Host), percentile(Count, 50) by User | getschema | project ColumnName',
      'User',
      'count_',
      'max_Count',
      'dcount_User',
      'list_Host',
      'percentile_Count_50',
    ],
    [
      'Logon | project Missing = column_ifexists("Nope", "none"), U = column_ifexists("User", "") | where U == "Bob"',
      'none|Bob',
    ],
    ['print a = 1 | project b = a, c = a | as T | project c, b | getschema | project ColumnName', 'c', 'b'],
    ['let m = materialize(Logon | project p = User, q = User); m | where p == "Bob" | project q', 'Bob'],
    ['range i from 1 to 3 step 1 | extend r = rand() | project x = r, y = r | where x == y | count', '3'],
    ['print x = 1 | extend ["a b"] = x | project ["a b"]', '1'],
  ],
  joins: [
    ['Logon | join kind=inner Owner on Host | project User, Team', 'alice|shop', 'alice|blog', 'alice|data'],
    ['Owner | join Owner on Host | count', '3'],
    [
      'Logon | join kind=leftouter Owner on Host | where User == "Bob" | project User, Team, Host1, Level',
      'Bob|||',
    ],
    ['Logon | join kind=leftanti Owner on Host | project User', 'Bob', 'carol'],
    ['Logon | join kind=rightsemi Owner on Host | project Team', 'shop', 'blog', 'data'],
    ['Logon | join kind=fullouter (Owner | where Host == "none") on Host | count', '4'],
    ['Logon | extend h = tolower(Host) | join kind=inner Owner on $left.h == $right.Host | count', '5'],
    ['Logon | lookup Owner on Host | where User == "carol" | project User, Team, Level', 'carol||'],
    [
      'Logon | lookup kind=inner (Owner | where Level == 1) on Host | getschema | project ColumnName',
      'TimeGenerated',
      'User',
      'Host',
      'Count',
      'Team',
      'Level',
    ],
  ],
  union: [
    ['union withsource=T Logon, Owner | summarize count() by T', 'Logon|4', 'Owner|3'],
    ['union (print a = 1, b = "x"), (print b = 2) | project a, b_string, b_long', '1|x|', '||2'],
    ['union isfuzzy=true Nothing, (Missing | where x > 1 | project x), Owner | count', '3'],
    ['union kind=inner Owner, (Owner | take 1) | count', '4'],
    [
      'let V_1 = view () { print x = 1 }; let V_2 = view () { print x = 2 }; union V_1, V_2 | summarize sum(x)',
      '3',
    ],
    ['union isfuzzy=true Own*, Nope* | count', '3'],
  ],
  'order and windows': [
    ['Logon | sort by Count | project User, Count', 'carol|7', 'alice|3', 'Bob|1', 'alice|'],
    ['Logon | sort by Count asc | project Count', '', '1', '3', '7'],
    ['Logon | where Count > 0 | sort by Count asc | extend Count = -Count | project Count', '-1', '-3', '-7'],
    ['Logon | top 2 by Count | extend Count = -Count | project Count, User', '-7|carol', '-3|alice'],
    [
      'Logon | where Count > 0 | extend User = Host, H = User | sort by H asc | project-away H | project User',
      'web2',
      'web1',
      'WEB1',
    ],
    ['let Owner = materialize(Logon | take 2); Owner | count', '2'],
    ['Logon | sort by Count asc nulls last | take 2 | project Count', '1', '3'],
    ['Logon | top 2 by Count | project User', 'carol', 'alice'],
    [
      'Logon | serialize n = row_number() | extend before = prev(User), after = next(User, 1, "none") | project n, before, after',
      '1||Bob',
      '2|alice|alice',
      '3|Bob|carol',
      '4|alice|none',
    ],
    ['range x from 1 to 4 step 1 | serialize s = row_cumsum(x, x == 3) | project s', '1', '3', '3', '7'],
    ['Logon | sort by User asc | summarize make_list(User)', '["Bob","alice","alice","carol"]'],
    ['Logon | summarize make_set(User), make_list(User, 2)', '["alice","Bob","carol"]|["alice","Bob"]'],
    [
      'Logon | summarize arg_max(Count, *) by User | project User, Host, Count',
      'alice|web1|3',
      'Bob|web2|1',
      'carol|WEB1|7',
    ],
    ['Logon | where isnull(Count) | summarize arg_max(Count, Host)', '|db1'],
  ],
  'let, functions and scalars': [
    [
      'let f = (a:long, b:string = "b.default", c:long = 0) { strcat(a, "-", b, "-", c) }; print f(c=7, a=12), f(12)',
      '12-b.default-7|12-b.default-0',
    ],
    [
      'let who = (T:(User:string), u:string) { T | where User == u | project User }; who(Logon, "Bob")',
      'Bob',
    ],
    ['Recent() | count', '2'],
    ['Recent(7) | project User', 'carol'],
    ['let m = toscalar(Logon | summarize max(Count)); Logon | where Count == m | project User', 'carol'],
    [
      'let x = materialize(Logon | where Count > 0); x | join kind=inner (x | project User, c2 = Count) on User | count',
      '3',
    ],
    ['Logon | as L | where User == "Bob" | union (L | where User == "carol") | project User', 'Bob', 'carol'],
    [
      'let plus = (T:(Count:long), n:long) { T | extend Sum = Count + n }; Logon | invoke plus(10) | where User == "Bob" | project Sum',
      '11',
    ],
    ['database("db").Owner | count', '3'],
    ['Logon | where Host in ((Owner | where Level == 1 | project Host)) | project User', 'alice'],
  ],
  dynamic: [
    [
      'print d = dynamic({"a": {"b c": [10, 20, {"x": "y"}]}}) | project d.a["b c"][1], d.a["b c"][-1].x, d.nope.deeper',
      '20|y|',
    ],
    [
      'print d = parse_json("{\\"n\\": 5, \\"s\\": \\"five\\"}") | where d.n > 4.5 and d.s == "five" | project d.n + 1',
      '6',
    ],
    [
      'print parse_json("not json"), parse_json("[1, 2]")[1], array_length(parse_json("[1,2,3]")), gettype(dynamic("x"))',
      'not json|2|3|string',
    ],
    [
      'datatable(k:int, d:dynamic)[1, dynamic([1, 2]), 2, dynamic([]), 3, dynamic(null)] | mv-expand d | project k, d',
      '1|1',
      '1|2',
      '3|',
    ],
    [
      'print a = dynamic([1, 2, 3]), b = dynamic(["x"]) | mv-expand with_itemindex = i a to typeof(long), b | project i, a, b',
      '0|1|x',
      '1|2|',
      '2|3|',
    ],
    ['print d = dynamic({"x": 1, "y": 2}) | mv-expand d | project tostring(d)', '{"x":1}', '{"y":2}'],
    [
      'datatable(k:int, d:dynamic)[1, dynamic([3, 1]), 2, dynamic([5])] | mv-apply e = d to typeof(long) on (top 1 by e asc) | project k, e',
      '1|1',
      '2|5',
    ],
    ['print d = dynamic([1, 5]) | mv-apply x = d to typeof(long) on (summarize s = sum(x)) | project s', '6'],
  ],
  'text to columns': [
    [
      'print s = "user=bob id=17 rest" | parse s with "user=" user " id=" id:long " " rest | project user, id, rest',
      'bob|17|rest',
    ],
    [
      'print s = "user=bob id=x rest" | parse s with "user=" user " id=" id:long " " rest | project user, id, rest',
      '||',
    ],
    [
      'print s = "user=bob id=x rest" | parse kind=relaxed s with "user=" user " id=" id:long " " rest | project user, id, rest',
      'bob||rest',
    ],
    ['print s = "none" | parse-where s with "user=" user | count', '0'],
    [
      'print s = "a=1, b=\'x, y\'" | parse-kv s as (a:long, b:string) with (pair_delimiter=",", kv_delimiter="=", quote="\'") | project a, b',
      '1|x, y',
    ],
    [
      'print split("a_b_c", "_"), split("a_b_c", "_", 1), extract("x=([0-9]+)", 1, "x=42", typeof(long)), extract("(y)", 1, "x")',
      '["a","b","c"]|["b"]|42|',
    ],
  ],
  groups: [
    ['Logon | distinct User | count', '3'],
    ['Logon | summarize n = count() by User | where n > 1 | project User', 'alice'],
    ['Logon | summarize half = sum(Count) / 2, rows = count() + 1', '5|5'],
    [
      'Logon | partition by User (top 1 by TimeGenerated asc | project User, Host)',
      'alice|db1',
      'Bob|web2',
      'carol|WEB1',
    ],
    ['Logon | top-hitters 1 of User', 'alice|2'],
    ['Logon | top-nested 1 of User by n = count(), top-nested 1 of Host by m = max(Count)', 'alice|2|web1|3'],
    [
      'Logon | make-series n = count() default = 0 on TimeGenerated from ago(2h) to now() step 1h | project n',
      '[1,2]',
    ],
    [
      'Logon | where User == "nobody" | make-series n = count() on TimeGenerated from ago(2h) to now() step 1h | count',
      '0',
    ],
    ['search in (Logon, Owner) "blog" | project $table, Team', 'Owner|blog'],
    ['search "web*" | summarize count() by $table', 'Logon|3', 'Owner|2'],
    ['find in (Logon, Owner) where Host == "db1" project User, Host', 'Logon|alice|db1', 'Owner||db1'],
  ],
}

const SORTS = /\b(sort|top|serialize|getschema)\b|^range/

describe.each(Object.keys(CASES))('%s', (group) => {
  it.each(CASES[group]!.map(([kql, ...rows]) => ({ kql, rows })))('$kql', async ({ kql, rows }) => {
    const given = await run(kql)
    if (SORTS.test(kql)) expect(given).toEqual(rows)
    else expect(given.sort()).toEqual([...rows].sort())
  })
})

describe('what the caller sets', () => {
  it('keeps a query to its time window, on every scan', () => {
    const { sql } = compile('Logon | join kind=inner Logon on User', {
      schema,
      now: NOW,
      timeRange: { from: NOW - 60n * MINUTE, to: NOW },
    })
    expect(sql.match(/"TimeGenerated" >= /g)).toHaveLength(2)
    expect(sql.match(/"TimeGenerated" < /g)).toHaveLength(2)
  })

  it('fills query parameters, and says which has no value', () => {
    const text = 'declare query_parameters(u:string, n:long = 5); Logon | where User == u and Count > n'
    expect(compile(text, { schema, now: NOW, parameters: { u: "o'neil" } }).sql).toContain("'o''neil'")
    expect(() => compile(text, { schema, now: NOW })).toThrow(/parameter 'u' has no value/)
  })

  it('gives render as metadata', () => {
    const { render } = compile('Logon | summarize count() by User | render piechart with (title="Who")', {
      schema,
      now: NOW,
    })
    expect(render).toEqual({ kind: 'piechart', properties: { title: 'Who' } })
  })
})
