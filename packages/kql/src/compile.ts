/** Text to SQL, in three steps: bind (front), lower (plan), render (dialect). */
import { type Diagnostic, KqlError, positionOf } from './diagnostics.js'
import { renderQuery } from './dialects/duckdb/relation.js'
import { Inexpressible } from './dialects/duckdb/scalar.js'
import { type BoundQuery, bind, type RawDiagnostic } from './front/bind.js'
import { suggestionFor } from './front/suggest.js'
import type { AheadLimit } from './lower/context.js'
import { documentationUrl } from './lower/context.js'
import { lower } from './lower/lower.js'
import type { QueryPlan } from './plan/plan.js'
import { type ScanNeeds, scanNeeds } from './plan/scans.js'
import type { ColumnSchema, DatabaseSchema } from './schema.js'
import { COMMAND, textProblem } from './text-limits.js'
import type { KqlValue } from './values.js'

export type SqlValue = KqlValue

export interface CompileOptions {
  readonly schema: DatabaseSchema
  /** Ticks; the one instant of `now()` and `ago()`. */
  readonly now: bigint
  /** Ticks; every scan of a table that has TimeGenerated reads `from <= TimeGenerated < to` only. */
  readonly timeRange?: { readonly from?: bigint; readonly to?: bigint }
  /** Tables that hold what is so, not what happened (watchlists): the time range is not for them. */
  readonly untimed?: readonly string[]
  /** Only rows whose time is at most, or more than, so many ticks ahead of when they were received. */
  readonly ahead?: AheadLimit
  /** Values of `declare query_parameters`, as text. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Who asks, for `current_principal()`: `aaduser=…`. */
  readonly principal?: string
  readonly dialect?: 'duckdb'
  readonly limits?: CompileLimits
  /** Hidden column of every table that grows in the order of arrival. Default `_RowId`. */
  readonly rowId?: string
  /** By table: a scan sees only rows with `after < row id <= upTo`. Tables that are not named are not limited. */
  readonly rows?: Readonly<Record<string, { readonly after?: bigint; readonly upTo: bigint }>>
  /** Answers to the questions of `ColumnsUnknown`, by key; `prepare` fills them in. */
  readonly answers?: ReadonlyMap<string, readonly (string | null)[]>
}

/** Asks the data for the values of one column, on which the columns of the result depend. */
export interface ColumnsQuestion {
  readonly key: string
  /** Gives one column of text. */
  readonly sql: string
}

/**
 * A query whose columns depend on the data (`bag_unpack` and `pivot` without a schema). `prepare` asks the data and
 * goes on; who can not ask shows the diagnostic, which says how to write the schema.
 */
export class ColumnsUnknown extends KqlError {
  readonly question: ColumnsQuestion

  constructor(diagnostics: readonly Diagnostic[], question: ColumnsQuestion) {
    super(diagnostics)
    this.name = 'ColumnsUnknown'
    this.question = question
  }
}

export interface CompileLimits {
  /** Longest query text in UTF-16 units. Default 65,536. */
  readonly maxTextLength?: number
}

export interface Render {
  readonly kind: string
  readonly properties: Readonly<Record<string, string>>
}

export interface CompiledQuery {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
  readonly columns: readonly ColumnSchema[]
  readonly render?: Render
  /** Tables that the query reads. */
  readonly tables: readonly string[]
  /** What it wants of them at most: an engine may leave out the rest. */
  readonly needs: readonly ScanNeeds[]
  readonly plan: QueryPlan
  /** What the binder warns of. */
  readonly warnings: readonly Diagnostic[]
}

const CACHE_SIZE = 256

/** Bound trees by text, for the schemas that are alive. Binding is the slow step and depends on nothing else. */
const boundQueries = new WeakMap<DatabaseSchema, Map<string, BoundQuery>>()

function bindCached(text: string, schema: DatabaseSchema): BoundQuery {
  const cache = boundQueries.get(schema) ?? new Map<string, BoundQuery>()
  boundQueries.set(schema, cache)
  const known = cache.get(text)
  if (known) {
    cache.delete(text)
    cache.set(text, known)
    return known
  }
  const bound = bind(text, schema)
  cache.set(text, bound)
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!)
  return bound
}

/** Compiles a query; throws a KqlError that carries everything that is wrong with it. */
export function compile(text: string, options: CompileOptions): CompiledQuery {
  const { schema } = options
  const refused = textProblem(text, options.limits?.maxTextLength)
  if (refused) throw failure(text, [refused])
  const bound = bindCached(text, schema)
  const errors = bound.diagnostics.filter((d) => d.severity === 'error' && !isMissingFuzzy(d, text))
  if (errors.length > 0) throw failure(text, withoutConsequences(errors), bound, schema)
  const whole = { start: 0, length: text.length, severity: 'error' } as const
  if (!bound.hasSemantics) {
    throw failure(text, [
      { ...whole, code: 'AUX002', message: 'The query is nested too deeply to be analyzed.' },
    ])
  }
  if (bound.kind === 'Command') throw failure(text, [{ ...COMMAND, start: 0, length: text.length }])
  const lowered = lower(bound.root, {
    schema,
    now: options.now,
    timeRange: options.timeRange ?? {},
    untimed: options.untimed ?? [],
    ahead: options.ahead,
    parameters: options.parameters ?? {},
    principal: options.principal,
    rowId: options.rowId ?? '_RowId',
    rows: options.rows ?? {},
    answers: options.answers ?? new Map(),
  })
  if (lowered.problems.length > 0) {
    const diagnostics = lowered.problems.map(
      (problem): Diagnostic => ({ ...problem, severity: 'error', ...positionOf(text, problem.start) }),
    )
    const { question } = lowered
    throw question
      ? new ColumnsUnknown(diagnostics, { key: question.key, sql: render(question.plan, text) })
      : new KqlError(diagnostics)
  }
  if (!lowered.plan) {
    throw failure(text, [
      { ...whole, code: 'AUX004', message: 'The query has no result: no statement in it is an expression.' },
    ])
  }
  return {
    sql: render(lowered.plan, text),
    parameters: [],
    columns: lowered.plan.output.map(({ name, type }) => ({ name, type })),
    ...(lowered.render ? { render: lowered.render } : {}),
    tables: lowered.tables,
    needs: scanNeeds(lowered.plan),
    plan: lowered.plan,
    warnings: located(
      text,
      bound.diagnostics.filter((d) => d.severity === 'warning'),
      bound,
      schema,
    ),
  }
}

/** A pattern of a fuzzy union may match nothing (and the binder does not see that it matches a view). */
function isMissingFuzzy({ code, start, length }: RawDiagnostic, text: string): boolean {
  return (
    code === 'KS142' &&
    text.slice(start, start + length).includes('*') &&
    /\bisfuzzy\s*=\s*true\b/i.test(text)
  )
}

/** What the parser makes of the text behind a place where an operator is missing tells nobody anything. */
function withoutConsequences(errors: readonly RawDiagnostic[]): readonly RawDiagnostic[] {
  const broken = errors.find((error) => error.code === 'KS176')
  return broken ? errors.filter((error) => error === broken || error.start < broken.start) : errors
}

/** More questions than this, and more answers to one, are refused. */
const MAX_QUESTIONS = 20
const MAX_DISCOVERED = 1000

/**
 * Compiles a query; where its columns depend on the data, asks the data first. `ask` runs an SQL statement under the
 * caller's limits and gives the values of its only column. `compileText` is for who compiles elsewhere.
 */
export async function prepare(
  text: string,
  options: CompileOptions,
  ask: (sql: string) => Promise<readonly (string | null)[]>,
  compileText: (text: string, options: CompileOptions) => CompiledQuery | Promise<CompiledQuery> = compile,
): Promise<CompiledQuery> {
  const answers = new Map(options.answers)
  for (;;) {
    try {
      return await compileText(text, { ...options, answers })
    } catch (error) {
      if (!(error instanceof ColumnsUnknown) || answers.size >= MAX_QUESTIONS) throw error
      const { key, sql } = error.question
      const answer = await ask(sql)
      if (answer.length > MAX_DISCOVERED) {
        throw new KqlError([
          {
            ...error.diagnostics[0]!,
            code: 'AUX141',
            message: `The data would give more than ${MAX_DISCOVERED} columns. ${error.diagnostics[0]!.message}`,
          },
        ])
      }
      answers.set(key, answer)
    }
  }
}

/** The SQL of a plan that was made out of a compiled query's. */
export function renderPlan(plan: QueryPlan): Pick<CompiledQuery, 'sql' | 'parameters' | 'columns'> {
  return {
    sql: render(plan, ''),
    parameters: [],
    columns: plan.output.map(({ name, type }) => ({ name, type })),
  }
}

function render(plan: QueryPlan, text: string): string {
  try {
    return renderQuery(plan)
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error
    throw new KqlError([
      {
        code: 'AUX100',
        severity: 'error',
        message: error.message,
        start: 0,
        length: text.length,
        line: 1,
        column: 1,
        documentation: documentationUrl(error.page),
      },
    ])
  }
}

function located(
  text: string,
  diagnostics: readonly RawDiagnostic[],
  bound?: BoundQuery,
  schema?: DatabaseSchema,
): Diagnostic[] {
  return [...diagnostics]
    .sort((a, b) => a.start - b.start)
    .map((diagnostic) => {
      const suggestion = bound && schema ? suggestionFor(diagnostic, text, bound.root, schema) : undefined
      return { ...diagnostic, ...positionOf(text, diagnostic.start), ...(suggestion ? { suggestion } : {}) }
    })
}

function failure(
  text: string,
  diagnostics: readonly RawDiagnostic[],
  bound?: BoundQuery,
  schema?: DatabaseSchema,
): KqlError {
  return new KqlError(located(text, diagnostics, bound, schema))
}
