/** The store itself. What reads or writes files by their path is for who may enter the data folder. */
import { hostNames } from '@auspex/collect'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

const path = z.string().startsWith('/').max(4096)
const importBody = z.strictObject({
  path: z.string().min(1).max(4096),
  computer: z.string().min(1).max(255),
  ofThisHost: z.boolean(),
})

export function storeEndpoints(workspace: Workspace): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/store',
      permission: 'read',
      summary: 'Tables, rows and bytes.',
      handle: () => workspace.status(),
    }),
    endpoint({
      method: 'post',
      path: '/store/check',
      permission: 'administer',
      summary: 'Read every stored value, and say what is not in order.',
      handle: async () => ({ problems: await workspace.store.check() }),
    }),
    endpoint({
      method: 'post',
      path: '/store/compact',
      permission: 'administer',
      summary: 'Fold the write-ahead log into the database file.',
      handle: () => workspace.store.compact(),
    }),
    endpoint({
      method: 'post',
      path: '/store/backup',
      permission: 'folder',
      summary: 'Copy the store into a folder of this host while it works.',
      body: z.strictObject({ directory: path }),
      handle: ({ body }) => workspace.store.backup(body.directory),
    }),
    endpoint({
      method: 'post',
      path: '/store/export',
      permission: 'folder',
      summary: 'Write a table to a Parquet file of this host.',
      body: z.strictObject({ table: z.string().min(1).max(128), file: path }),
      handle: ({ body }) => workspace.store.export(body.table, body.file),
    }),
    endpoint({
      method: 'post',
      path: '/import',
      permission: 'folder',
      summary: 'Take an audit log of this host, and run the rules over it.',
      body: importBody,
      async handle({ body }) {
        const names = body.ofThisHost ? { names: await hostNames() } : {}
        const report = await workspace.import(body.path, { computer: body.computer, ...names })
        const { incidents, runs, failures } = await workspace.pass()
        return {
          report,
          incidents,
          runs,
          failures: failures.map(({ rule, error }) => `${rule.name}: ${error.message}`),
        }
      },
    }),
  ]
}
