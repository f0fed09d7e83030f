/**
 * The UI in a real browser against the real server with a real session: the article's own path, accessibility of
 * every page, and what a first visit loads.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, listen, openSite, type Site } from './browser.js'
import { pagesOf, QUERY } from './pages.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const isHere = chromiumPath() !== undefined
if (!isHere)
  process.stderr.write('SKIPPED: the UI in a browser; there is no chromium (apt-get install chromium)\n')

describe.skipIf(!isHere)('the UI', () => {
  let site: Site
  let uid: string
  beforeAll(async () => {
    site = await openSite()
    const { page, context } = await site.open()
    const answer = await page.request.get(`${site.origin}/api/sessions?user=alice`)
    uid = (await answer.json()).items[0].uid
    await context.close()
  }, 120_000)
  afterAll(() => site?.close())

  test('from a query to a rule, its incident, the session, and the end of the case', async () => {
    const { page, context } = await site.open()
    const heard = listen(page, site.origin)
    await page.goto(`${site.origin}/logs?${new URLSearchParams({ q: QUERY, t: 'all' })}`)
    await page.getByText(/^[1-9]\d* rows?$/).waitFor()
    await page
      .getByRole('link', { name: 'New rule' })
      .or(page.getByRole('button', { name: 'New rule' }))
      .click()

    const step = (name: string) => page.getByRole('listitem').getByRole('button', { name }).click()
    await step('General')
    await page.getByLabel(/^Name/).fill('Somebody looked at shadow')
    await step('Set rule logic')
    await page.getByRole('button', { name: 'Test with current data' }).click()
    await page.getByText(/runs?/).first().waitFor()
    for (const name of ['Incident settings', 'Automated response', 'Review and create']) await step(name)
    await page.getByRole('button', { name: 'Create the rule' }).click()
    await page.waitForURL(/\/analytics\/rules\//)
    await page.getByRole('heading', { name: 'Somebody looked at shadow' }).waitFor()

    await page.getByRole('button', { name: 'Run now' }).click()
    await expect
      .poll(
        async () => {
          const list = await page.request.get(`${site.origin}/api/incidents?text=Somebody%20looked`)
          return (await list.json()).items.length
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0)
    await page.goto(`${site.origin}/incidents`)
    await page.getByText('Somebody looked at shadow').first().waitFor()

    await page.getByText('alice read the password hashes on web-1').first().click()
    await page.goto(`${site.origin}/incidents/4?tab=graph`)
    await page.getByRole('button', { name: 'root', exact: true }).click()
    await page.getByRole('button', { name: /Users who became this one/ }).click()
    await page.getByText('1 found').waitFor()
    await page.getByRole('button', { name: 'alice', exact: true }).click()
    await page.getByRole('button', { name: /Sessions of the user/ }).click()
    await page.getByRole('button', { name: 'session 14 of alice' }).click()
    await page.getByRole('link', { name: 'Open the session' }).click()
    await page.waitForURL(new RegExp(`/sessions/${uid}`))
    await page.getByText('cat /etc/shadow | head -1').first().waitFor()
    await page.getByText('l -la //tmp').first().waitFor()

    await page.goto(`${site.origin}/incidents/4`)
    await page
      .getByRole('button', { name: 'Close…' })
      .or(page.getByRole('button', { name: 'Close...' }))
      .click()
    await page.getByRole('radio').first().check()
    await page.getByLabel('Comment').fill('It was me, on purpose')
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect
      .poll(async () => (await (await page.request.get(`${site.origin}/api/incidents/4`)).json()).status)
      .toBe('Closed')
    expect(heard).toEqual({ errors: [], outside: [] })
    await context.close()
  }, 180_000)

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    return page.evaluate(async () => {
      // Monaco's own inner parts are not ours to name.
      const context = { exclude: [['.monaco-editor']] }
      const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
      const found = await (
        globalThis as unknown as {
          axe: {
            run(c: unknown, o: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
          }
        }
      ).axe.run(context, options)
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} (${nodes.length})`,
      )
    })
  }

  test.each(['light', 'dark'] as const)(
    'every page is accessible in %s, and asks nobody else',
    async (colorScheme) => {
      const { page, context } = await site.open({ colorScheme })
      const heard = listen(page, site.origin)
      const found: Record<string, string[]> = {}
      for (const [name, path] of Object.entries(pagesOf(uid))) {
        await page.goto(site.origin + path)
        await page.waitForLoadState('networkidle')
        const list = await violations(page)
        if (list.length > 0) found[name] = list
      }
      expect(found).toEqual({})
      expect(heard).toEqual({ errors: [], outside: [] })
      await context.close()
    },
    180_000,
  )

  test('a first visit loads at most 300 KB, and the editor only when it is needed', async () => {
    const { page, context } = await site.open()
    const loaded: { url: string; bytes: number }[] = []
    page.on('response', async (response) => {
      if (!/\.(js|css)$/.test(new URL(response.url()).pathname)) return
      const { responseBodySize } = await response.request().sizes()
      loaded.push({ url: response.url(), bytes: responseBodySize })
    })
    await page.goto(site.origin)
    await page.waitForLoadState('networkidle')
    const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(total).toBeGreaterThan(20_000)
    expect(total).toBeLessThanOrEqual(300 * 1024)
    expect(loaded.filter(({ url }) => /monaco|editor/i.test(url))).toEqual([])
    await context.close()
  }, 60_000)
})
