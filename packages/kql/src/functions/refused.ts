/**
 * Scalar functions and aggregates of the language that are refused, each with the reason: it goes on from "… is not
 * supported: it". A test holds the tables against the language service's own lists, so that nothing is left out.
 */

const UNDOCUMENTED = 'is not part of the documented language'
const CLUSTER = 'speaks of a cluster and how it stores data, and there is none here'
const HASHES = 'joins hashes by a rule that the reference does not give'
const OUTSIDE = 'reads what lies outside of the store, and a query here reads the tables of the store only'

export const refusedFunctions: Readonly<Record<string, string>> = {
  labels: 'speaks of graphs that a cluster keeps, and none are kept here',
  parse_user_agent: 'needs a list of all browsers that is not part of this program',
  hash_combine: HASHES,
  hash_many: HASHES,

  __cast: UNDOCUMENTED,
  __geo_length_to_s2cell_level: UNDOCUMENTED,
  __geo_line_s2cell_covering_level: UNDOCUMENTED,
  __geo_line_validate: UNDOCUMENTED,
  __geo_polygon_s2cell_covering_level: UNDOCUMENTED,
  __geo_polygon_validate: UNDOCUMENTED,
  __hash_crc32: UNDOCUMENTED,
  __hash_djb2: UNDOCUMENTED,
  __hash_many_crc32: UNDOCUMENTED,
  __hash_xxh64: UNDOCUMENTED,
  __hll_normalize: UNDOCUMENTED,
  __invoke: UNDOCUMENTED,
  __ipv6_lookup_ranges: UNDOCUMENTED,
  __lz4_compress_dynamic_array_to_base64_string: UNDOCUMENTED,
  current_cluster_endpoint: CLUSTER,
  current_cursor: CLUSTER,
  current_node_id: CLUSTER,
  cursor_after: CLUSTER,
  cursor_before_or_at: CLUSTER,
  cursor_current: CLUSTER,
  entity_group: CLUSTER,
  extent_id: CLUSTER,
  extent_tags: CLUSTER,
  extentid: CLUSTER,
  external_table: OUTSIDE,
  geo_info_from_ip_address: 'needs a database of addresses that is not part of this program',
  graph: 'reads a graph that a cluster keeps, and none are kept here; make-graph makes one of tables',
  row_id: UNDOCUMENTED,
  rowstore_ordinal_range: CLUSTER,
  stored_query_result: CLUSTER,
}

export const refusedAggregates: Readonly<Record<string, string>> = {
  passthrough: UNDOCUMENTED,
}
