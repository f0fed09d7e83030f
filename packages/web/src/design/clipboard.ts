/** Copying, also where the browser has no clipboard for the page: over plain HTTP from another host. */
import { notify } from './notices'

export async function copyText(text: string, done = 'Copied'): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    if (!copied) return notify('The browser does not let this page copy', { tone: 'failed' })
  }
  notify(done)
}
