/** Arrays and property bags. A dynamic is a JSON value; `kql_list` gives the elements of an array as a list of JSON. */
import type { ScalarFunctionTable } from './function.js'

export const dynamicFunctions: ScalarFunctionTable = {
  parse_json: {
    doc: 'parse-json-function',
    aliases: ['todynamic', 'parsejson', 'toobject'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([value], { json }) =>
      value!.type === 'string' ? `kql_parse_json(${value!.bare})` : json(value!),
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
    duckdb: (args, { json }) =>
      `json_object(${args.map((arg, i) => (i % 2 === 0 ? arg.bare : json(arg))).join(', ')})`,
  },
  pack_array: {
    doc: 'pack-array-function',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: (args, { json }) => `json_array(${args.map((arg) => json(arg)).join(', ')})`,
  },
}
