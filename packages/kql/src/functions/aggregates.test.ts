import { describeExpressions } from './evaluate.testing.js'

const of = (aggregate: string, rows = 'range x from 1 to 5 step 1') =>
  `toscalar(${rows} | summarize ${aggregate})`
const WITH_NULL = 'datatable(x: long, s: string)[1, "a", long(null), "b", 3, "", 1, "a"]'
const EMPTY = 'datatable(x: long)[]'
const WEIGHTED = 'datatable(v: long, w: long)[10, 8, 20, 6, 30, 3, 40, 1]'

const CASES: readonly (readonly [string, unknown])[] = [
  [of('stdev(x)'), 1.5811388300841898],
  [of('stdevp(x)'), Math.SQRT2],
  [of('variance(x)'), 2.5],
  [of('variancepif(x, x > 3)'), 0.25],
  [of('covariance(x, x * 2)'), 5],
  [of('covariancepif(x, x * 2, x < 3)'), 0.5],
  [of('avg(x)', WITH_NULL), 1.6666666666666667],
  [of('count()', WITH_NULL), '4'],
  [of('count(x > 0)', WITH_NULL), '3'],
  [of('countif(x != 1)', WITH_NULL), '2'],
  [of('dcount(s)', WITH_NULL), '3'],
  [of('make_list(x)', WITH_NULL), '[1,3,1]'],
  [of('make_list_with_nulls(x)', WITH_NULL), '[1,null,3,1]'],
  [of('make_list_if(x, s == "a", 1)', WITH_NULL), '[1]'],
  [of('make_set(x)', WITH_NULL), '[1,3]'],
  [of('make_set(split(s, ""))', 'datatable(s: string)["a", "b", "a"]'), '["a","b"]'],
  [of('array_length(makelist(x))', 'range x from 1 to 200 step 1'), '128'],
  [of('array_length(make_list(x))', 'range x from 1 to 200 step 1'), '200'],
  [of('take_anyif(s, x == 3)', 'datatable(x: long, s: string)[1, "a", 3, "c"]'), 'c'],
  [of('anyif(s, x == 3)', 'datatable(x: long, s: string)[1, "a", 3, "c"]'), 'c'],
  [of('make_bag(pack(strcat("k", x), x), 2)'), '{"k1":1,"k2":2}'],
  [of('make_bag_if(pack("k", x), x > 3)'), '{"k":4}'],
  [of('binary_all_or(x)'), '7'],
  [of('binary_all_and(x)', 'range x from 6 to 7 step 1'), '6'],
  [of('binary_all_xor(x)'), '1'],
  [of('percentile(x, 50)'), '3'],
  [of('percentile(x * 1d, 40) / 1d'), 2],
  [of('percentiles_array(x, 20, 99.9)'), '[1,5]'],
  [of('percentilew(v, w, 50)', WEIGHTED), '20'],
  [of('percentilesw_array(v, w, 10, 75, 99.9)', WEIGHTED), '[10,20,40]'],
  [of('percentile_tdigest(tdigest(v, w), 50)', WEIGHTED), '20'],
  [of('rank_tdigest(tdigest(x), 4)'), 4],
  [of('percentrank_tdigest(tdigest(x), 4)'), 80],
  [
    of(
      'a = tdigest(x), b = tdigest(x + 10) | project percentile_tdigest(merge_tdigest(a, b), 60, typeof(long))',
    ),
    '11',
  ],
  [of('a = hll(x), b = hll(x + 3) | project dcount_hll(hll_merge(a, b))'), '8'],
  [of('dcount_hll(hll_if(x, x > 3))'), '2'],
  [of('count()', EMPTY), '0'],
  [of('sum(x)', EMPTY), '0'],
  [of('stdev(x)', EMPTY), 0],
  [of('make_set(x)', EMPTY), '[]'],
  [of('max(x)', EMPTY), null],
  [of('percentile(x, 5)', EMPTY), null],
  [
    of(
      'make_list(strcat(s, t)) ',
      'datatable(g: long, x: long, s: string, t: string)[1, 5, "a", "x", 1, 7, "b", "", 2, long(null), "c", "z"] | summarize arg_max(x, *) by g | sort by g asc',
    ),
    '["b","cz"]',
  ],
]

// A query each: DuckDB's time to plan grows fast with the number of subqueries.
for (const [expression, value] of CASES) describeExpressions('aggregates', [[expression, value]])
