/** Property bags, and what is asked of any dynamic. `kql_list` gives the elements of an array as a list of JSON. */
import { fromDynamic, toText } from './conversion.js'
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'

/** Of two values for one key that are written with the same text the last counts. */
function pack(args: readonly Sql[], { json }: TemplateContext): string {
  const pairs = new Map<string, string>()
  for (let i = 0; i + 1 < args.length; i += 2)
    pairs.set(args[i]!.bare, `${args[i]!.bare}, ${json(args[i + 1]!)}`)
  return `json_object(${[...pairs.values()].join(', ')})`
}

/** What pack_all(true) leaves out: nulls, empty strings, and empty arrays and bags. */
function isKept(value: Sql): string | undefined {
  if (value.type === 'string') return `${value} <> ''`
  if (value.type === 'dynamic') return `${value} NOT IN ('""', '[]', '{}')`
  return value.nullable ? `${value} IS NOT NULL` : undefined
}

function packNonEmpty(args: readonly Sql[], { json }: TemplateContext): string {
  const entries: string[] = []
  for (let i = 0; i + 1 < args.length; i += 2) {
    const kept = isKept(args[i + 1]!)
    const bag = `json_object(${args[i]!.bare}, ${json(args[i + 1]!)})`
    entries.push(kept ? `CASE WHEN ${kept} THEN ${bag} ELSE '{}' END` : bag)
  }
  return entries.length === 0 ? "'{}'::JSON" : `kql_merge_bags([${entries.join(', ')}])`
}

/** The keys of a path in a bag (`$.a['b']`); undefined if the text is a plain key. */
function bagPath(key: string, refuse: (message: string) => never): string[] | undefined {
  if (!/^\$[.[]/.test(key)) return undefined
  const names: string[] = []
  for (const step of key.slice(1).matchAll(/\.([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)")\]|(.)/gs)) {
    const name = step[1] ?? step[2] ?? step[3]
    if (name === undefined) return refuse(`The path '${key}' must lead through keys of bags`)
    names.push(name)
  }
  return names
}

function pointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function setKey([bag, key, value]: readonly Sql[], { json, quote, refuse }: TemplateContext): string {
  if (typeof key!.constant !== 'string') return refuse('The key must be a literal')
  const set = (sql: string, [first, ...rest]: readonly string[], at: readonly string[]): string => {
    if (rest.length === 0) return `kql_bag_set(${sql}, ${quote(first!)}, ${json(value!)})`
    const place = [...at, first!]
    const inner = set(`kql_bag_at(${bag!.bare}, ${quote(pointer(place))})`, rest, place)
    return `kql_bag_set(${sql}, ${quote(first!)}, ${inner})`
  }
  return set(bag!.bare, bagPath(key!.constant, refuse) ?? [key!.constant], [])
}

function removeKeys([bag, keys]: readonly Sql[], { quote, refuse }: TemplateContext): string {
  if (typeof keys!.constant !== 'string')
    return `kql_bag_remove(${bag!.bare}, kql_plain_keys(kql_strings(${keys!.bare})))`
  const list: unknown = JSON.parse(keys!.constant)
  const texts = (Array.isArray(list) ? list : [list]).filter((key) => typeof key === 'string')
  const plain = texts.filter((key) => !bagPath(key, refuse))
  const removed = `kql_bag_remove(${bag!.bare}, [${plain.map((key) => quote(key)).join(', ')}]::VARCHAR[])`
  return texts.reduce((sql, key) => {
    const path = bagPath(key, refuse)
    if (!path) return sql
    const patch = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), null)
    return `kql_bag_remove_at(${sql}, ${quote(pointer(path))}, ${quote(JSON.stringify(patch))})`
  }, removed)
}

/** A JSONPath of keys and indexes in the form DuckDB reads. */
function jsonPath(path: string, refuse: (message: string) => never): string {
  if (!path.startsWith('$')) return refuse(`The path '${path}' must start with $`)
  let read = '$'
  for (const step of path.slice(1).matchAll(/\.([^.[\]*]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|(.)/gs)) {
    const name = step[1] ?? step[3] ?? step[4]
    if (name === undefined && step[2] === undefined)
      return refuse(`The path '${path}' has parts that are not supported`)
    if (name?.includes('"')) return refuse(`The path '${path}' has a key with a quotation mark`)
    read += name === undefined ? `[${step[2]}]` : `."${name}"`
  }
  return read
}

function extractJson([path, text, type]: readonly Sql[], { quote, refuse }: TemplateContext): string {
  if (typeof path!.constant !== 'string') return refuse('The path must be a literal')
  const element = `kql_extract_json(${text!.bare}, ${quote(jsonPath(path!.constant, refuse))})`
  return fromDynamic(element, String(type?.constant ?? 'string'), refuse)
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
    parameters: ['any'],
    returns: 'string',
    nullable: 'always',
    duckdb: (args) => (args[0]!.type === 'dynamic' ? `kql_canonical_5(${args[0]!.bare})` : toText(args)),
  },
  extract_json: {
    doc: 'extract-json-function',
    aliases: ['extractjson'],
    parameters: ['string', 'string', 'string'],
    nullable: 'always',
    duckdb: extractJson,
  },
  gettype: {
    doc: 'gettype-function',
    parameters: ['dynamic'],
    returns: 'string',
    nullable: 'never',
    duckdb: 'kql_gettype($0)',
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
  '$pack-nonempty': {
    doc: 'pack-all-function',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: packNonEmpty,
  },
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
    duckdb: 'kql_bag_keys($0)',
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
    duckdb: setKey,
  },
  bag_remove_keys: {
    doc: 'bag-remove-keys-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: removeKeys,
  },
  bag_merge: {
    doc: 'bag-merge-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: 'kql_merge_bags([$*])',
  },
  bag_zip: {
    doc: 'bag-zip',
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
    duckdb: ([start, stop, step], { jsonAs, refuse }) => {
      const types = [start!, stop!, ...(step ? [step] : [])].map(({ type }) => type)
      if (types.includes('dynamic')) return refuse('The limits of range() must have a type')
      const type = types.includes('real') ? 'real' : start!.type
      const by = `${step ?? (type === 'datetime' || type === 'timespan' ? '36000000000' : '1')}`
      const steps = `kql_steps(${start!.bare}, ${stop!.bare}, ${by})`
      return `to_json(list_transform(${steps}, lambda i: ${jsonAs(`${start} + i * ${by}`, type)}))`
    },
  },
  repeat: {
    doc: 'repeat-function',
    parameters: ['any', 'long'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([value, count], { json }) =>
      `CASE WHEN ${count} >= 0 THEN to_json(list_transform(range(${count!.bare}), lambda i: ${json(value!)})) END`,
  },
  hll_merge: {
    doc: 'hll-merge-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: 'kql_hll_merge([$*])',
  },
  dcount_hll: {
    doc: 'dcount-hll-function',
    parameters: ['dynamic'],
    returns: 'long',
    nullable: 'always',
    duckdb: 'kql_array_length($0)',
  },
  tdigest_merge: {
    doc: 'tdigest-merge-function',
    aliases: ['merge_tdigest'],
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: 'kql_tdigest_merge([$*])',
  },
  percentile_tdigest: {
    doc: 'percentile-tdigest-function',
    parameters: ['dynamic', 'real', 'string'],
    nullable: 'always',
    duckdb: ([digest, rank, type], { refuse }) => {
      const value = `kql_percentile_of(kql_tdigest_entries(${digest!.bare}), ${rank!.bare})`
      return fromDynamic(value, String(type?.constant ?? 'dynamic'), refuse)
    },
  },
  percentiles_array_tdigest: {
    doc: 'percentiles-array-tdigest-function',
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([digest, ...ranks]) => {
      const at = (rank: string) => `kql_percentile_of(kql_tdigest_entries(${digest!.bare}), ${rank})`
      return ranks[0]?.type === 'dynamic'
        ? `to_json(list_transform(kql_list(${ranks[0].bare}), lambda p: ${at('p::DOUBLE')}))`
        : `json_array(${ranks.map((rank) => at(rank.bare)).join(', ')})`
    },
  },
  rank_tdigest: {
    doc: 'rank-tdigest-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'real',
    nullable: 'always',
    duckdb: 'kql_tdigest_rank($0, $1)',
  },
  percentrank_tdigest: {
    doc: 'percentrank-tdigest-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'real',
    nullable: 'always',
    duckdb: 'kql_tdigest_rank($0, $1) * 100 / kql_tdigest_size($0)',
  },
  treepath: {
    doc: 'treepath-function',
    parameters: ['dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: 'kql_tree_path($0)',
  },
  /** The states of sketches are arrays here; see `dialects/duckdb/macros/aggregates.ts`. */
  hll_isvalid: {
    doc: 'hll-aggregation-function',
    parameters: ['dynamic'],
    returns: 'bool',
    nullable: 'never',
    duckdb: `coalesce(json_type($0) = 'ARRAY', false)`,
  },
  tdigest_isvalid: {
    doc: 'tdigest-aggregation-function',
    parameters: ['dynamic'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'kql_tdigest_entries($0) IS NOT NULL',
  },
}
