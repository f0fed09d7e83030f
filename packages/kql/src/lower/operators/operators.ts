/** All tabular operators, by the name of their node in the bound tree. */
import { columnOperators } from './columns.js'
import { evaluateOperators } from './evaluate.js'
import { expandOperators } from './expand.js'
import { graphOperators } from './graph.js'
import { groupOperators } from './groups.js'
import { joinOperators } from './join.js'
import { namingOperators } from './naming.js'
import type { OperatorTable } from './operator.js'
import { parseOperators } from './parse.js'
import { rowOperators } from './rows.js'
import { scanOperators } from './scan.js'
import { searchOperators } from './search.js'
import { seriesOperators } from './series.js'
import { sourceOperators } from './sources.js'
import { summarizeOperators } from './summarize.js'
import { unionOperators } from './union.js'

export const operators: OperatorTable = {
  ...sourceOperators,
  ...rowOperators,
  ...columnOperators,
  ...summarizeOperators,
  ...joinOperators,
  ...evaluateOperators,
  ...unionOperators,
  ...namingOperators,
  ...expandOperators,
  ...parseOperators,
  ...seriesOperators,
  ...groupOperators,
  ...graphOperators,
  ...scanOperators,
  ...searchOperators,
}
