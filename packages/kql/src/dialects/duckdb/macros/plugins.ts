import { type Macro, macro } from './macro.js'

export const pluginMacros: readonly Macro[] = [
  macro(
    'kql_slot_type',
    'v',
    `CASE json_type(v) WHEN 'VARCHAR' THEN 'string' WHEN 'BIGINT' THEN 'long' WHEN 'BOOLEAN' THEN 'bool'
      WHEN 'UBIGINT' THEN CASE WHEN TRY_CAST(v::VARCHAR AS BIGINT) IS NULL THEN 'real' ELSE 'long' END
      WHEN 'OBJECT' THEN 'dynamic' WHEN 'ARRAY' THEN 'dynamic' WHEN 'NULL' THEN 'null' ELSE 'real' END`,
  ),
  macro(
    'kql_slots',
    'j',
    `CASE WHEN json_type(j) = 'OBJECT' THEN to_json(list_filter(
      list_transform(json_keys(j), lambda k: [k, kql_slot_type(json_extract(j, kql_pointer(k)))]),
      lambda slot: slot[2] <> 'null')) END`,
  ),
]
