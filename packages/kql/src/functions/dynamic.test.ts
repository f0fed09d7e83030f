import { describeExpressions } from './evaluate.testing.js'

const BAG = 'dynamic({"a":1,"b":{"x":"s","y":[1,2]},"n":null})'

describeExpressions('functions on dynamics', [
  [`bag_keys(${BAG})`, '["a","b","n"]'],
  [`bag_has_key(${BAG}, "$.b.x")`, true],
  [`bag_has_key(${BAG}, "x")`, false],
  [`bag_remove_keys(${BAG}, dynamic(["b", "n", "q"]))`, '{"a":1}'],
  [`bag_set_key(${BAG}, "$.b.z.w", "v").b`, '{"x":"s","y":[1,2],"z":{"w":"v"}}'],
  [`bag_set_key(${BAG}, "a", 2).a`, '2'],
  [`bag_merge(dynamic({"a":1}), dynamic({"a":2,"b":3}))`, '{"a":1,"b":3}'],
  [`bag_zip(dynamic(["a", 8, "b"]), dynamic([1, "2", 2.5]))`, '{"a":1,"b":2.5}'],
  [`bag_zip(dynamic(["a", "b"]), dynamic([1]))`, '{"a":1,"b":null}'],
  [`zip(dynamic([1,3,5]), dynamic([2,4]))`, '[[1,2],[3,4],[5,null]]'],
  [`pack("k", 1, "l", "x", "m", 1d)`, '{"k":1,"l":"x","m":"1.00:00:00"}'],
  [`pack_array(1, "a", ${BAG}.b.y)`, '[1,"a",[1,2]]'],
  ['range(1, 8, 3)', '[1,4,7]'],
  ['range(5, 1)', '[]'],
  ['range(5, 1, -2)', '[5,3,1]'],
  ['range(1, 2, 0)', null],
  [
    'range(datetime(2020-01-01), datetime(2020-01-01 01:30))',
    '["2020-01-01T00:00:00.0000000Z","2020-01-01T01:00:00.0000000Z"]',
  ],
  ["repeat('a', 2)", '["a","a"]'],
  ['repeat(1, -1)', null],
  [`extract_json("$.h[1].m", '{"h":[{"m":1},{"m":2.0}]}', typeof(int))`, 2],
  [`extract_json("$.a.b", '{"a":{"b":"x"}}')`, 'x'],
  [`extract_json("$.a", 'bad')`, ''],
  ['parse_json(\'[1, "a", null]\')', '[1,"a",null]'],
  ["tostring(parse_json('not json'))", 'not json'],
  ["parse_json('')", null],
  [`dynamic_to_json(dynamic({"b":[{"z":1,"y":null}],"a":"q"}))`, '{"a":"q","b":[{"y":null,"z":1}]}'],
  ["gettype(parse_json('1'))", 'int'],
  ["gettype(parse_json('{}'))", 'dictionary'],
  ['gettype(1d)', 'timespan'],
])
