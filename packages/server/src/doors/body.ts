import type { Context } from 'hono'
import { z } from 'zod'

/** The request's body, or the answer that says what is wrong with it. */
export async function readBody<T>(context: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  return context.json({ error: { code: 'BadArgument', message: z.prettifyError(parsed.error) } }, 400)
}
