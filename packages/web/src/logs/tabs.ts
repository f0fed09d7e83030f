/** The tabs of the Logs page: their texts outlive the browser's window, their results the page that shows them. */
import { useSyncExternalStore } from 'react'
import { newId } from '../design/new-id'
import { Run } from './run'

export interface Tab {
  readonly id: string
  readonly text: string
  /** As time-range.ts writes them. */
  readonly range: string
  /** Given by hand; else the query's first words are the title. */
  readonly title?: string
}

interface Tabs {
  readonly tabs: readonly Tab[]
  readonly active: string
}

const KEY = 'auspex.tabs'
const newTab = (text = '', range = '24h'): Tab => ({ id: newId(), text, range })

function read(): Tabs {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Tabs | null
    const tabs = kept?.tabs.filter(
      ({ id, text, range }) => id && typeof text === 'string' && typeof range === 'string',
    )
    if (tabs && tabs.length > 0) {
      return { tabs, active: tabs.some(({ id }) => id === kept?.active) ? kept!.active : tabs[0]!.id }
    }
  } catch {
    // Something else wrote there: begin anew.
  }
  const first = newTab()
  return { tabs: [first], active: first.id }
}

let state = read()
const listeners = new Set<() => void>()
const runs = new Map<string, Run>()

function set(next: Tabs): void {
  state = next
  try {
    localStorage.setItem(KEY, JSON.stringify(state))
  } catch {
    // A full store keeps the texts of before; these live as long as the page.
  }
  for (const listener of listeners) listener()
}

export function useTabs(): Tabs {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => state,
  )
}

export function runOf(id: string): Run {
  const run = runs.get(id) ?? new Run()
  runs.set(id, run)
  return run
}

export const tabsNow = (): Tabs => state
export const activeTab = ({ tabs, active }: Tabs): Tab => tabs.find(({ id }) => id === active) ?? tabs[0]!

export function changeTab(id: string, change: Partial<Omit<Tab, 'id'>>): void {
  set({ ...state, tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) })
}

export function showTab(id: string): void {
  set({ ...state, active: id })
}

/** Opens a text in the shown tab if that is empty, else in a new one, and shows it. */
export function openTab(text = '', range?: string): Tab {
  const current = activeTab(state)
  if (text !== '' && current.text.trim() === '') {
    const tab = { ...current, text, range: range ?? current.range }
    set({ ...state, tabs: state.tabs.map((each) => (each.id === tab.id ? tab : each)) })
    return tab
  }
  const tab = newTab(text, range ?? current.range)
  set({ tabs: [...state.tabs, tab], active: tab.id })
  return tab
}

export function closeTab(id: string): void {
  runs.get(id)?.close()
  runs.delete(id)
  const at = state.tabs.findIndex((tab) => tab.id === id)
  const rest = state.tabs.filter((tab) => tab.id !== id)
  if (rest.length === 0) rest.push(newTab('', state.tabs[at]?.range))
  const active = state.active === id ? rest[Math.min(at, rest.length - 1)]!.id : state.active
  set({ tabs: rest, active })
}

/** The first words of a query that say something. */
export function titleOf({ title, text }: Tab): string {
  if (title) return title
  const lines = text.split('\n').map((line) => line.trim())
  const comment = lines[0]?.match(/^\/\/\s*(.+)/)?.[1]
  const line = comment ?? lines.find((each) => each !== '' && !each.startsWith('//')) ?? ''
  return line === '' ? 'New query' : line.length > 28 ? `${line.slice(0, 27)}…` : line
}
