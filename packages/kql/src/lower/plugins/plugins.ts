/** All plugins of `evaluate`, by name. */
import { activityPlugins } from './activity.js'
import { bagUnpackPlugins } from './bag-unpack.js'
import { lookupPlugins } from './lookup.js'
import { narrowPlugins } from './narrow.js'
import { pivotPlugins } from './pivot.js'
import type { PluginTable } from './plugin.js'
import { rollingPlugins } from './rolling.js'
import { rowsNearPlugins } from './rows-near.js'
import { schemaMergePlugins } from './schema-merge.js'

export const plugins: PluginTable = {
  ...activityPlugins,
  ...bagUnpackPlugins,
  ...lookupPlugins,
  ...narrowPlugins,
  ...pivotPlugins,
  ...rollingPlugins,
  ...rowsNearPlugins,
  ...schemaMergePlugins,
}
