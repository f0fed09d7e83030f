/** The OpenAPI document of a list of endpoints, out of the schemas that check their requests. */
import { z } from 'zod'
import type { Endpoint } from './endpoint.js'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  return rest
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  read: 'Needs the role reader.',
  respond: 'Needs the role responder.',
  contribute: 'Needs the role contributor.',
  administer: 'Needs the role admin.',
  ingest: 'Needs the right to send rows.',
  folder: 'Answered only through the Unix socket in the data folder.',
}

function parameters(
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
  names: readonly string[],
): Json[] {
  const { properties = {}, required = [] } = (schema ? schemaOf(schema) : {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  const all = where === 'path' ? names : Object.keys(properties)
  return all.map((name) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: properties[name] ?? { type: 'string' },
  }))
}

const ERROR = {
  description: 'What went wrong: a code, and a message that says what to do.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          error: {
            type: 'object',
            properties: { code: { type: 'string' }, message: { type: 'string' } },
            required: ['code', 'message'],
          },
        },
      },
    },
  },
}

function operation(tag: string, each: Endpoint): Json {
  const names = [...each.path.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  const status = String(each.status ?? 200)
  return {
    tags: [tag],
    summary: each.summary,
    ...(each.permission && { description: PERMISSIONS[each.permission] }),
    parameters: [...parameters(each.params, 'path', names), ...parameters(each.query, 'query', [])],
    ...(each.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(each.body) } } },
    }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(each.answer && { content: { 'application/json': { schema: schemaOf(each.answer) } } }),
      },
      default: ERROR,
    },
    ...(each.permission === undefined ? { security: [] } : {}),
  }
}

/** @param groups endpoints by the name of their group, in the order of the page */
export function openApi(
  base: string,
  groups: ReadonlyMap<string, readonly Endpoint[]>,
  version: string,
): Json {
  const paths: Record<string, Json> = {}
  for (const [tag, endpoints] of groups) {
    for (const each of endpoints) {
      const path = base + each.path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')
      paths[path] = { ...paths[path], [each.method]: operation(tag, each) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Auspex',
      version,
      description:
        'Everything that the browser UI and the command line do. Errors are `{"error": {"code", "message"}}`; lists are `{"items", "total", "next"}`, and `next` goes into `cursor`; what can be changed carries an `etag`, which goes into `If-Match`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...groups.keys()].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of `auspex token create`.' },
        session: { type: 'apiKey', in: 'cookie', name: 'auspex_session' },
      },
    },
    security: [{ token: [] }, { session: [] }],
  }
}
