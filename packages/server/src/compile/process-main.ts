/**
 * The compiler process: reads requests from its standard input, writes replies to its standard output, ends
 * with its input.
 *
 * It is bundled into one script (scripts/bundle-compiler.mjs) and started from a snapshot of Node's heap that
 * was taken when the language service was loaded and had parsed a first query. Both take seconds otherwise.
 */
import { startupSnapshot } from 'node:v8'
import '@kusto/language-service-next/bridge.min.js'
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js'
import {
  ColumnsUnknown,
  type CompileOptions,
  compile,
  completions,
  diagnostics,
  format,
  hover,
  KqlError,
  signature,
  tokens,
} from '@auspex/kql'
import {
  type CompileReply,
  type CompileRequest,
  type EditorAnswers,
  type EditorRequest,
  fromLine,
  lineReader,
  toLine,
} from './protocol.js'

const TOLD: {
  readonly [K in keyof EditorAnswers]: (request: EditorRequest) => EditorAnswers[K]
} = {
  completions: ({ text, position, options }) => completions(text, position, options.schema),
  hover: ({ text, position, options }) => hover(text, position, options.schema),
  signature: ({ text, position, options }) => signature(text, position, options.schema),
  tokens: ({ text, options }) => tokens(text, options.schema),
  format: ({ text, options }) => format(text, options.schema),
  diagnostics: ({ text, options }) => diagnostics(text, options),
}

function answer(request: CompileRequest | EditorRequest): CompileReply {
  const { id, text } = request
  try {
    if ('ask' in request) return { id, told: TOLD[request.ask](request) }
    const { options } = request
    return { id, query: compile(text, options) }
  } catch (error) {
    if (error instanceof ColumnsUnknown)
      return { id, diagnostics: error.diagnostics, question: error.question }
    if (error instanceof KqlError) return { id, diagnostics: error.diagnostics }
    return { id, message: (error as Error).stack ?? String(error) }
  }
}

/** Schemas are large and rarely change; the compiler keeps what it made of one as long as it is the same object. */
let lastSchema = { json: '', schema: undefined as CompileOptions['schema'] | undefined }

function withKnownSchema<T extends CompileRequest | EditorRequest>(request: T): T {
  const json = JSON.stringify(request.options.schema)
  if (lastSchema.schema === undefined || lastSchema.json !== json) {
    lastSchema = { json, schema: request.options.schema }
  }
  return { ...request, options: { ...request.options, schema: lastSchema.schema! } }
}

function serve(): void {
  // The language service reports some of its own troubles on the console; standard output is for replies.
  for (const level of ['log', 'info', 'debug'] as const) {
    console[level] = (...words: unknown[]) => void process.stderr.write(`${words.join(' ')}\n`)
  }
  const read = lineReader((line) => {
    process.stdout.write(toLine(answer(withKnownSchema(fromLine(line) as CompileRequest | EditorRequest))))
  })
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', read)
  process.stdin.on('end', () => process.exit(0))
}

/** Something of everything that the grammar builds when it is first used. */
const WARM_UP = `datatable(a:long, b:string, t:datetime)[1, "x", datetime(2020-01-01)]
| where a > 1 and b has "x" and t > ago(1h)
| extend c = strcat(b, "y"), d = tostring(a)
| join kind=inner (print b = "x") on b
| summarize count(), make_set(c) by b, bin(t, 1h)
| project b, count_
| sort by count_ desc
| take 5`

compile(WARM_UP, { schema: { name: 'auspex', tables: [] }, now: 0n })
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(serve)
else serve()
