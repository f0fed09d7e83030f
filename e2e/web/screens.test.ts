/**
 * Takes the pictures of docs/screens, when asked to:
 *
 *     npm run build && AUSPEX_SCREENS=docs/screens npx vitest run e2e/web/screens.test.ts
 *
 * and, to keep them small, `pngquant --ext .png --force docs/screens/*.png`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { openSite } from './browser.js'
import { pagesOf } from './pages.js'

const folder = process.env.AUSPEX_SCREENS

test.skipIf(folder === undefined)('pictures of every page', { timeout: 300_000 }, async () => {
  mkdirSync(folder!, { recursive: true })
  const site = await openSite()
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [1440, 'dark'],
    [1024, 'light'],
    [1024, 'dark'],
  ] as const) {
    const { page, context } = await site.open({ colorScheme, viewport: { width, height: 900 } })
    const list = await page.request.get(`${site.origin}/api/sessions?user=alice`)
    const { uid } = (await list.json()).items[0]
    for (const [name, path] of Object.entries(pagesOf(uid))) {
      await page.goto(site.origin + path)
      await page.waitForLoadState('networkidle')
      if (name === 'graph') {
        await page.getByRole('button', { name: 'alice', exact: true }).click()
        for (const expansion of [/Sessions of the user/, /rarest first/]) {
          await page.getByRole('button', { name: expansion }).click()
          await page.getByRole('button', { name: expansion }).getByText('found').waitFor()
        }
        await page.locator('section[aria-label="Investigation graph"]').evaluate((node) => {
          node.scrollLeft = 0
        })
      }
      await page.waitForTimeout(300)
      await page.screenshot({ path: join(folder!, `${name}-${width}-${colorScheme}.png`) })
    }
    await context.close()
  }
  await site.close()
})
