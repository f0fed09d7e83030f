/** All plugins of `evaluate`, by name. */
import { bagUnpackPlugins } from './bag-unpack.js'
import { lookupPlugins } from './lookup.js'
import { narrowPlugins } from './narrow.js'
import { outsidePlugins } from './outside.js'
import { pivotPlugins } from './pivot.js'
import type { PluginTable } from './plugin.js'
import { rowsNearPlugins } from './rows-near.js'

export const plugins: PluginTable = {
  ...bagUnpackPlugins,
  ...lookupPlugins,
  ...narrowPlugins,
  ...outsidePlugins,
  ...pivotPlugins,
  ...rowsNearPlugins,
}
