/**
 * Keys that do things. A component names its shortcuts while it is there; one listener hears them, and the help shows
 * what is live. `mod` is Ctrl, or Command on a Mac; `g i` is one key after the other.
 */
import { useEffect, useRef } from 'react'

export interface Shortcut {
  readonly keys: string
  readonly label: string
  readonly group: string
  readonly run: () => void
  /** Heard while someone types into a field, too. */
  readonly inText?: boolean
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const live = new Set<{ current: readonly Shortcut[] }>()
const SEQUENCE_MS = 900

let first: { key: string; at: number } | undefined

function pressed(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.tagName === 'TEXTAREA' ||
    target.tagName === 'SELECT' ||
    (target.tagName === 'INPUT' && !/^(checkbox|radio|button)$/.test((target as HTMLInputElement).type))
  )
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || /^(Shift|Control|Alt|Meta)$/.test(event.key)) return
  const key = pressed(event)
  const inText = isText(event.target)
  // A dialog has its own keys; what lies under it hears none.
  const inDialog = document.querySelector('[role="dialog"]') !== null
  const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : undefined
  first = inText || inDialog ? undefined : { key, at: event.timeStamp }
  const shortcuts = [...live].flatMap(({ current }) => current)
  const match =
    shortcuts.findLast(({ keys }) => keys === sequence) ?? shortcuts.findLast(({ keys }) => keys === key)
  if (!match || ((inText || inDialog) && !match.inText)) return
  event.preventDefault()
  first = undefined
  match.run()
}

document.addEventListener('keydown', hear)

export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const holder = useRef(shortcuts)
  holder.current = shortcuts
  useEffect(() => {
    live.add(holder)
    return () => void live.delete(holder)
  }, [])
}

export function liveShortcuts(): readonly Shortcut[] {
  return [...live].flatMap(({ current }) => current)
}

const NAMES: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: 'Shift',
  alt: isMac ? '⌥' : 'Alt',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

/** `mod+k` as the keys that are on the keyboard, with blanks between. */
export function keyNames(keys: string): string {
  return keys
    .split(' ')
    .flatMap((step) => step.split('+'))
    .map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ')
}
