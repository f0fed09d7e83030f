/** Filters of the incident list under a name, kept in this browser. */
import { useLocalStorage } from '@mantine/hooks'
import type { ListSearch } from './list-search'

export interface SavedView {
  readonly name: string
  readonly search: ListSearch
}

export const BUILT_IN: readonly SavedView[] = [
  { name: 'Open', search: {} },
  { name: 'New, nobody has them', search: { status: 'New', owner: 'none' } },
  { name: 'High and open', search: { severity: 'High' } },
  { name: 'Closed', search: { status: 'Closed' } },
  { name: 'All', search: { status: 'all' } },
]

export function useSavedViews() {
  const [views, setViews] = useLocalStorage<SavedView[]>({ key: 'auspex.incident-views', defaultValue: [] })
  return {
    views,
    save: (view: SavedView) => setViews([...views.filter(({ name }) => name !== view.name), view]),
    remove: (name: string) => setViews(views.filter((view) => view.name !== name)),
  }
}
