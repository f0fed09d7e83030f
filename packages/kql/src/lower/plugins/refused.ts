/** Plugins that are refused, each with the reason: it goes on from "… is not supported: it". */

const NETWORK = 'reaches a service outside of the store, and a query here reads the tables of the store only'
const CODE = 'runs code in another language, and a query here runs nothing but KQL'
const SEARCH = 'finds patterns by a search whose choices the reference does not fix'
const NOT_YET = 'has not been written yet'
const UNDOCUMENTED = 'is not part of the documented language'

export const refusedPlugins: Readonly<Record<string, string>> = {
  activity_engagement: NOT_YET,
  dcount_intersect: NOT_YET,
  funnel_sequence: NOT_YET,
  funnel_sequence_completion: NOT_YET,
  new_activity_metrics: NOT_YET,
  preview: NOT_YET,
  session_count: NOT_YET,
  sequence_detect: NOT_YET,

  ai_chat_completion: NETWORK,
  ai_chat_completion_prompt: NETWORK,
  ai_embed_text: NETWORK,
  ai_embeddings: NETWORK,
  autocluster: SEARCH,
  azure_digital_twins_query_request: NETWORK,
  basket: SEARCH,
  cosmosdb_sql_request: NETWORK,
  csharp: CODE,
  dax_request: NETWORK,
  diffpatterns: SEARCH,
  diffpatterns_text: SEARCH,
  estimate_rows_count: UNDOCUMENTED,
  execute_query: NETWORK,
  execute_show_command: NETWORK,
  external_datatable: NETWORK,
  http_request: NETWORK,
  http_request_post: NETWORK,
  identity: UNDOCUMENTED,
  identity_v3: UNDOCUMENTED,
  infer_storage_schema: NETWORK,
  infer_storage_schema_with_suggestions: NETWORK,
  mysql_request: NETWORK,
  postgresql_request: NETWORK,
  python: CODE,
  r: CODE,
  sql_request: NETWORK,
}
