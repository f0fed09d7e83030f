/** A macro; one that uses another comes after it in the list. */
export interface Macro {
  readonly name: string
  readonly parameters: readonly string[]
  /** An expression of the parameters. */
  readonly body: string
}

export function macro(name: string, parameters: string, body: string): Macro {
  return { name, parameters: parameters.split(',').map((parameter) => parameter.trim()), body: body.trim() }
}
