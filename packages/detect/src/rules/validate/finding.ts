/** What a check has to say about a rule file. */
export interface Finding {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  /** Name of the check. */
  readonly check: string
  readonly message: string
}

export const printFinding = ({ file, line, column, severity, check, message }: Finding): string =>
  `${file}:${line}:${column}: ${severity}: ${message} [${check}]`
