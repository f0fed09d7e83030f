/** Property bags, and what is asked of any dynamic. `kql_list` gives the elements of an array as a list of JSON. */
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'

/** Of two values for one key the last counts; Kusto keeps the first of bag_merge, so that is turned round. */
function pack(args: readonly Sql[], { json }: TemplateContext): string {
  const pairs = new Map<string, string>()
  for (let i = 0; i + 1 < args.length; i += 2)
    pairs.set(args[i]!.bare, `${args[i]!.bare}, ${json(args[i + 1]!)}`)
  return `json_object(${[...pairs.values()].join(', ')})`
}

function packNonEmpty(args: readonly Sql[], { json }: TemplateContext): string {
  const entries: string[] = []
  for (let i = 0; i + 1 < args.length; i += 2) {
    const value = args[i + 1]!
    const kept = value.type === 'string' ? `nullif(${value.bare}, '') IS NOT NULL` : `${value} IS NOT NULL`
    entries.push(`CASE WHEN ${kept} THEN json_object(${args[i]!.bare}, ${json(value)}) ELSE '{}' END`)
  }
  return entries.length === 0 ? "'{}'::JSON" : `kql_merge_bags([${entries.join(', ')}])`
}

export const dynamicFunctions: ScalarFunctionTable = {
  parse_json: {
    doc: 'parse-json-function',
    aliases: ['todynamic', 'parsejson', 'toobject'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([value], { json }) =>
      value!.type === 'string' ? `kql_parse_json(${value!.bare})` : json(value!),
  },
  dynamic_to_json: {
    doc: 'dynamic-to-json-function',
    parameters: ['dynamic'],
    returns: 'string',
    nullable: 'always',
    duckdb: '$0::VARCHAR',
  },
  extract_json: {
    doc: 'extract-json-function',
    aliases: ['extractjson'],
    parameters: ['string', 'string'],
    returns: 'string',
    nullable: 'always',
    duckdb: 'kql_extract_json($0, $1)',
  },
  gettype: {
    doc: 'gettype-function',
    parameters: ['dynamic'],
    returns: 'string',
    nullable: 'never',
    duckdb:
      "CASE json_type($0) WHEN 'ARRAY' THEN 'array' WHEN 'OBJECT' THEN 'dictionary' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'bool' WHEN 'DOUBLE' THEN 'double' WHEN 'BIGINT' THEN 'long' WHEN 'UBIGINT' THEN 'long' ELSE 'null' END",
  },
  array_length: {
    doc: 'array-length-function',
    aliases: ['arraylength'],
    parameters: ['dynamic'],
    returns: 'long',
    nullable: 'always',
    duckdb: 'kql_array_length($0)',
  },
  bag_pack: {
    doc: 'bag-pack-function',
    aliases: ['pack', 'pack_dictionary'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: pack,
  },
  '$pack-nonempty': { doc: 'pack-all-function', returns: 'dynamic', nullable: 'never', duckdb: packNonEmpty },
  pack_array: {
    doc: 'pack-array-function',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: (args, { json }) => `json_array(${args.map((arg) => json(arg)).join(', ')})`,
  },
  bag_keys: {
    doc: 'bag-keys-function',
    parameters: ['dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: "CASE WHEN json_type($0) = 'OBJECT' THEN to_json(json_keys($0)) END",
  },
  bag_has_key: {
    doc: 'bag-has-key-function',
    parameters: ['dynamic', 'string'],
    returns: 'bool',
    nullable: 'always',
    duckdb: 'kql_bag_has_key($0, $1)',
  },
  bag_set_key: {
    doc: 'bag-set-key-function',
    parameters: ['dynamic', 'string', 'any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([bag, key, value], { json, refuse }) => {
      if (typeof key!.constant === 'string' && key!.constant.startsWith('$.'))
        return refuse('bag_set_key() with a path')
      return `kql_bag_set(${bag!.bare}, ${key!.bare}, ${json(value!)})`
    },
  },
  bag_remove_keys: {
    doc: 'bag-remove-keys-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([bag, keys]) => {
      const list = typeof keys!.constant === 'string' ? (JSON.parse(keys!.constant) as unknown[]) : []
      const hasPaths = list.some((key) => typeof key === 'string' && key.startsWith('$.'))
      return `${hasPaths ? 'kql_bag_remove_paths' : 'kql_bag_remove'}(${bag!.bare}, kql_strings(${keys!.bare}))`
    },
  },
  bag_merge: {
    doc: 'bag-merge-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: (args) => `kql_merge_bags([${args.map((arg) => arg.bare).join(', ')}])`,
  },
  bag_zip: {
    doc: 'bag-zip-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: 'kql_bag_zip(kql_list($0), kql_list($1))',
  },
  zip: {
    doc: 'zip-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: (args) => `kql_zip([${args.map((arg) => `kql_list(${arg.bare})`).join(', ')}])`,
  },
  range: {
    doc: 'range-function',
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([from, to, step], { jsonAs }) => {
      const { type } = from!
      const by = step?.bare ?? (type === 'datetime' || type === 'timespan' ? '36000000000' : '1')
      const values =
        type === 'real' || step?.type === 'real'
          ? `list_transform(generate_series(0, floor((${to} - ${from}) / ${by})::BIGINT), lambda i: ${from} + i * ${by})`
          : `generate_series(${from!.bare}, ${to!.bare}, ${by})`
      return `to_json(list_slice(list_transform(${values}, lambda v: ${jsonAs('v', step?.type === 'real' ? 'real' : type)}), 1, 1048576))`
    },
  },
  repeat: {
    doc: 'repeat-function',
    parameters: ['any', 'long'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([value, count], { json }) =>
      `to_json(list_transform(range(greatest(${count!.bare}, 0)), lambda i: ${json(value!)}))`,
  },
}
