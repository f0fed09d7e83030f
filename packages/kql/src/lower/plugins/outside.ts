/** Plugins that are refused, each with the reason. */
import { type Plugin, type PluginTable, refuse } from './plugin.js'

function refused(reason: string): Plugin {
  return (work) => refuse(work, `The plugin ${work.name}() ${reason}: it`)
}

const NETWORK =
  'reaches a service outside of the store, and a query here reads the tables of the store and nothing else'
const CODE = 'runs code in another language, and a query here runs nothing but KQL'
const SEARCH = 'finds patterns by a search whose choices the reference does not fix'

export const outsidePlugins: PluginTable = {
  ai_chat_completion: refused(NETWORK),
  ai_chat_completion_prompt: refused(NETWORK),
  ai_embed_text: refused(NETWORK),
  ai_embeddings: refused(NETWORK),
  autocluster: refused(SEARCH),
  azure_digital_twins_query_request: refused(NETWORK),
  basket: refused(SEARCH),
  cosmosdb_sql_request: refused(NETWORK),
  diffpatterns: refused(SEARCH),
  diffpatterns_text: refused(SEARCH),
  execute_query: refused(NETWORK),
  execute_show_command: refused(NETWORK),
  http_request: refused(NETWORK),
  http_request_post: refused(NETWORK),
  infer_storage_schema: refused(NETWORK),
  infer_storage_schema_with_suggestions: refused(NETWORK),
  mysql_request: refused(NETWORK),
  postgresql_request: refused(NETWORK),
  python: refused(CODE),
  r: refused(CODE),
  sql_request: refused(NETWORK),
}
