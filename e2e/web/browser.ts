/**
 * The built server with a real session in it, and a real browser in front of it: Debian's chromium, driven by
 * playwright. Where there is no chromium, the tests that need one are skipped, and say so.
 */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { Auspex, sample } from '../main-job/auspex.js'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const chromiumPath = (): string | undefined =>
  process.env.AUSPEX_CHROMIUM ?? PATHS.find((path) => existsSync(path))

export interface Site {
  readonly auspex: Auspex
  readonly browser: Browser
  readonly origin: string
  /** A page of somebody who has signed in with the link that the server printed. */
  open(options?: Parameters<Browser['newContext']>[0]): Promise<{ page: Page; context: BrowserContext }>
  close(): Promise<void>
}

/** What the page said on its console that no page should say, and requests that left the server. */
export interface Complaints {
  readonly errors: string[]
  readonly outside: string[]
}

export function listen(page: Page, origin: string): Complaints {
  const complaints: Complaints = { errors: [], outside: [] }
  page.on('pageerror', (error) => complaints.errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.errors.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.outside.push(url)
  })
  return complaints
}

export async function openSite(): Promise<Site> {
  const auspex = new Auspex()
  const server = auspex.start('up', '--log', sample('enriched'), '--computer', 'web-1', '--port', '0')
  const [, link] = (await server.until(/Listening on (\S+)/)) as unknown as [string, string]
  const { origin } = new URL(link)
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('there is no chromium')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const first = await browser.newContext()
  const page = await first.newPage()
  await page.goto(link)
  await page.getByRole('navigation').first().waitFor()
  const storageState = await first.storageState()
  await first.close()
  return {
    auspex,
    browser,
    origin,
    async open(options = {}) {
      const context = await browser.newContext({
        storageState,
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
        timezoneId: 'UTC',
        ...options,
      })
      return { context, page: await context.newPage() }
    },
    async close() {
      await browser.close()
      await auspex.stop()
      auspex.remove()
    },
  }
}
