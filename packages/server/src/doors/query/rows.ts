/** The rows of an answer as pieces of a JSON array of arrays, while they are read. */
import type { KqlValue } from '@auspex/kql'
import type { StreamedAnswer } from '../../workspace.js'
import { type CellStyle, cellWriter } from './cells.js'

/**
 * An answer whose first rows are here: what fails before them can still be told by a status.
 * Throws what the query throws.
 */
export async function begin(answer: StreamedAnswer, style: CellStyle): Promise<AsyncGenerator<string>> {
  const writers = answer.columns.map(({ type }) => cellWriter(type, style))
  const batches = answer.batches[Symbol.asyncIterator]()
  let next = await batches.next()
  return (async function* () {
    try {
      let separator = ''
      while (!next.done) {
        const { columns, rowCount } = next.value
        for (let row = 0; row < rowCount; row++) {
          const cells = writers.map((write, column) => write(columns[column]![row] as KqlValue))
          yield `${separator}[${cells.join(',')}]`
          separator = ','
        }
        next = await batches.next()
      }
    } finally {
      await batches.return?.()
    }
  })()
}
