import { readFile } from 'node:fs/promises'
import { formatDiagnostics, formatPlan, KqlError } from '@auspex/kql'
import { openDesk } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { type Format, renderAnswer } from '../output/answer.js'

export interface QueryArguments {
  readonly text: string
  readonly directory: string
  readonly format: Format | undefined
  /** Show what the query becomes instead of its rows. */
  readonly explain: 'plan' | 'sql' | undefined
  /** Read the query from this file instead. */
  readonly file: string | undefined
}

/** A mistake in the query is wrong usage (2), with its place in the text. */
export async function query(args: QueryArguments, effects: Effects): Promise<ExitCode> {
  const text = args.file === undefined ? args.text : await readFile(args.file, 'utf8')
  const desk = await openDesk(args.directory, effects, false)
  try {
    if (args.explain !== undefined) {
      const { plan, sql } = await desk.explain(text)
      effects.out.write(args.explain === 'sql' ? `${sql}\n` : `${formatPlan(plan)}\n`)
      return 0
    }
    const answer = await desk.query(text)
    const width = effects.out.columns
    effects.out.write(renderAnswer(answer, args.format ?? (width === undefined ? 'json' : 'table'), width))
    if (answer.truncated) {
      effects.err.write(
        `only the first ${answer.rows.length} rows are shown: narrow the query, or aggregate\n`,
      )
    }
    return 0
  } catch (error) {
    if (error instanceof KqlError) throw new CliError(formatDiagnostics(text, error.diagnostics), 2)
    throw error
  } finally {
    await desk.close()
  }
}
