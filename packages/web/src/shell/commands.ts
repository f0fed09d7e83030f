/** What the palette offers: components name their commands while they are there. */
import { useEffect, useSyncExternalStore } from 'react'
import type { IconName } from '../design/icons'

export interface Command {
  readonly id: string
  readonly group: string
  readonly label: string
  readonly icon: IconName
  readonly hint?: string
  /** Its shortcut, as shortcuts.ts writes them. */
  readonly keys?: string
  /** Other words that find it. */
  readonly words?: string
  readonly run: () => void
}

const sets = new Map<symbol, readonly Command[]>()
const listeners = new Set<() => void>()
let all: readonly Command[] = []

function changed(): void {
  all = [...sets.values()].flat()
  for (const listener of listeners) listener()
}

/** `commands` must be the same object as long as nothing in it changes. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const key = Symbol('commands')
    sets.set(key, commands)
    changed()
    return () => {
      sets.delete(key)
      changed()
    }
  }, [commands])
}

export function useLiveCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => all,
  )
}

/** How well a text fits a name: all of its words must begin a word of it, or its letters follow each other in it. */
export function score(name: string, text: string): number {
  const lower = name.toLowerCase()
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  if (lower.startsWith(words.join(' '))) return 4
  if (words.every((word) => new RegExp(`\\b${word.replace(/[^\w]/g, '\\$&')}`).test(lower))) return 3
  if (words.every((word) => lower.includes(word))) return 2
  return 0
}

/** The commands that a text means, the best first, those of one group together. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const scored = commands
    .map((command) => ({
      command,
      score: Math.max(score(command.label, text), score(command.words ?? '', text) - (text.trim() ? 0.5 : 1)),
    }))
    .filter(({ score }) => score > 0)
  const best = new Map<string, number>()
  for (const { command, score } of scored)
    best.set(command.group, Math.max(best.get(command.group) ?? 0, score))
  // Groups that fit as well stay in the order in which they were named.
  const groups = [...best.keys()].sort((a, b) => best.get(b)! - best.get(a)!)
  return groups.flatMap((group) =>
    scored
      .filter(({ command }) => command.group === group)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command),
  )
}
