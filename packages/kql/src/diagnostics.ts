/** What is wrong with a query, where, and what to do about it. */

export interface Diagnostic {
  /** Kusto's own code (`KS142`) or ours (`AUX…`). */
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Offset into the query text, in UTF-16 units. */
  readonly start: number
  readonly length: number
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  /** A whole sentence or question, such as `did you mean 'where'?` */
  readonly suggestion?: string
  /** The page of Microsoft's KQL reference that describes the thing. */
  readonly documentation?: string
}

/** A query that can not be compiled; carries everything that is wrong with it, in order of position. */
export class KqlError extends Error {
  readonly code = 'KQL_ERROR'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics
        .map(
          (d) =>
            `${d.code} at ${d.line}:${d.column}: ${d.message}${d.suggestion ? ` (${d.suggestion})` : ''}`,
        )
        .join('\n'),
    )
    this.name = 'KqlError'
    this.diagnostics = diagnostics
  }
}

/** 1-based line and column of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** Each diagnostic with its source line, a caret under the place, and the suggestion. */
export function formatDiagnostics(text: string, diagnostics: readonly Diagnostic[]): string {
  const lines = text.split('\n')
  return diagnostics
    .map((diagnostic) => {
      const source = (lines[diagnostic.line - 1] ?? '').replace(/\r$/, '')
      const gutter = `${diagnostic.line} | `
      const lead = source.slice(0, diagnostic.column - 1).replace(/[^\t]/g, ' ')
      const width = Math.max(1, Math.min(diagnostic.length, source.length - diagnostic.column + 1))
      return [
        `${diagnostic.severity} ${diagnostic.code} at line ${diagnostic.line}, column ${diagnostic.column}: ${diagnostic.message}`,
        `${gutter}${source}`,
        `${' '.repeat(gutter.length)}${lead}${'^'.repeat(width)}`,
        ...(diagnostic.suggestion ? [`  ${diagnostic.suggestion}`] : []),
        ...(diagnostic.documentation ? [`  see ${diagnostic.documentation}`] : []),
      ].join('\n')
    })
    .join('\n')
}
