/** Drafts that are not saved yet, kept for this tab of the browser: leaving the page loses nothing. */
import type { Draft } from './draft'

export interface KeptDraft {
  readonly draft: Draft
  /** The file that it came from. */
  readonly original?: string
}

const keyOf = (name: string) => `auspex.draft.${name}`

export function keptDraft(name: string): KeptDraft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null') as KeptDraft | null
    return kept && typeof kept.draft?.query === 'string' ? kept : undefined
  } catch {
    return undefined
  }
}

export function keepDraft(name: string, kept: KeptDraft): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(kept))
  } catch {
    // The draft lives as long as the page, then.
  }
}

export const dropDraft = (name: string): void => sessionStorage.removeItem(keyOf(name))
