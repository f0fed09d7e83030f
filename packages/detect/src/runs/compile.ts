import type { CompiledQuery, CompileOptions } from '@auspex/kql'

/** KQL to SQL, in this process or another. */
export type Compile = (text: string, options: CompileOptions) => Promise<CompiledQuery>
