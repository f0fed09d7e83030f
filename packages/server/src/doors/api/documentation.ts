/** The OpenAPI document, and a page of it that needs no script. */
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import { openApi } from '../../http/openapi.js'

interface Operation {
  readonly summary: string
  readonly description?: string
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: unknown }[]
  readonly requestBody?: { content: { 'application/json': { schema: unknown } } }
}

const asHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
h2{margin-top:2.5rem}details{border-top:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}
code{font:13px ui-monospace,monospace}summary b{display:inline-block;width:4.5rem;font:600 12px ui-monospace,monospace}
pre{background:#8881;padding:.6rem;overflow:auto}small{opacity:.75}`

function page(document: Record<string, unknown>): string {
  const paths = document.paths as Record<string, Record<string, Operation & { tags: string[] }>>
  const { title, version, description } = document.info as Record<string, string>
  const groups = new Map<string, string[]>()
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, each] of Object.entries(operations)) {
      const rows = each.parameters.map(
        (parameter) =>
          `<li><code>${asHtml(parameter.name)}</code> <small>${parameter.in}${parameter.required ? ', required' : ''}</small></li>`,
      )
      const body = each.requestBody?.content['application/json'].schema
      const parts = [
        `<p>${asHtml(each.description ?? 'Open.')}</p>`,
        rows.length > 0 ? `<ul>${rows.join('')}</ul>` : '',
        body === undefined ? '' : `<pre><code>${asHtml(JSON.stringify(body, null, 2))}</code></pre>`,
      ]
      const item = `<details><summary><b>${method.toUpperCase()}</b><code>${asHtml(path)}</code> ${asHtml(each.summary)}</summary>${parts.join('')}</details>`
      const tag = each.tags[0]!
      groups.set(tag, [...(groups.get(tag) ?? []), item])
    }
  }
  const sections = [...groups].map(([tag, items]) => `<h2>${asHtml(tag)}</h2>${items.join('')}`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${asHtml(title!)} API</title><style>${STYLE}</style>
<h1>${asHtml(title!)} API <small>${asHtml(version!)}</small></h1><p>${asHtml(description!)}</p>
<p><a href="openapi.json">openapi.json</a></p>${sections.join('')}</html>`
}

export function documentationEndpoints(
  groups: ReadonlyMap<string, readonly Endpoint[]>,
  version: string,
): Endpoint[] {
  const document = openApi('/api', groups, version)
  return [
    endpoint({
      method: 'get',
      path: '/openapi.json',
      permission: 'read',
      summary: 'This document.',
      handle: () => document,
    }),
    endpoint({
      method: 'get',
      path: '/docs',
      permission: 'read',
      summary: 'This document, to read.',
      handle: ({ context }) => context.html(page(document)),
    }),
  ]
}
