/** Questions in KQL, and their answers. */
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { search } from '../api/client'
import { useMay } from '../api/me'
import { copyText } from '../design/clipboard'
import { Icon } from '../design/icons'
import { TimePicker } from '../design/time-picker'
import { setsOwnTime } from '../kql/text'
import { type Command, useCommands } from '../shell/commands'
import { useShortcuts } from '../shell/shortcuts'
import { useTitle } from '../shell/title'
import type { EditorHandle } from './editor/kql-editor'
import { linkOf, queryOf } from './link'
import styles from './page.module.css'
import { ResultsPane, type ResultView } from './results/results-pane'
import { SaveDialog } from './save-dialog'
import { useSchema } from './schema'
import { HistoryList } from './side/history-list'
import { SavedList } from './side/saved-list'
import { SchemaTree } from './side/schema-tree'
import { SplitHandle } from './split-handle'
import { TabBar } from './tab-bar'
import { activeTab, changeTab, openTab, runOf, showTab, tabsNow, useTabs } from './tabs'

const KqlEditor = lazy(() => import('./editor/kql-editor'))
const route = getRouteApi('/logs')

const VIEWS = ['rows', 'chart', 'plan'] as const

export function LogsPage() {
  useTitle('Logs')
  const address = route.useSearch()
  const navigate = useNavigate()
  const tabs = useTabs()
  const tab = activeTab(tabs)
  const run = runOf(tab.id)
  const state = useSyncExternalStore(run.subscribe, run.state)
  const schema = useSchema()
  const editor = useRef<EditorHandle>(null)
  const [side, setSide] = useState<'tables' | 'saved' | 'history'>('tables')
  const narrow = useMediaQuery('(max-width: 1180px)', undefined, { getInitialValueInEffect: false })
  const [sideShown, setSideShown] = useLocalStorage({
    key: 'auspex.logs-side',
    defaultValue: !narrow,
    getInitialValueInEffect: false,
  })
  const [height, setHeight] = useLocalStorage({
    key: 'auspex.editor-height',
    defaultValue: 200,
    getInitialValueInEffect: false,
  })
  const maySave = useMay('respond')
  const [saving, setSaving] = useState(false)
  const view = VIEWS.find((name) => name === address.v)
  const ownTime = setsOwnTime(tab.text)

  /** Runs a text of the shown tab, and puts it into the address, so that the address is a link to it. */
  const start = async (text: string, range: string) => {
    if (text.trim() === '') return
    const { id } = activeTab(tabsNow())
    const link = await linkOf(text, range)
    await navigate({ to: '/logs', search: link, replace: true })
    void runOf(id).start(text, range)
  }
  const runTab = () => {
    const now = activeTab(tabsNow())
    void start(editor.current?.selection() || now.text, now.range)
  }
  const openAndRun = (text: string, range?: string) => {
    const opened = openTab(text, range)
    void start(opened.text, opened.range)
  }

  // An address with a query opens it and runs it, unless it is the one that is shown.
  useEffect(() => {
    void queryOf(address).then((text) => {
      if (text === undefined) return
      const now = activeTab(tabsNow())
      const shown = runOf(now.id).state()
      if ('query' in shown && shown.query === text) return
      const range = address.t ?? now.range
      const known = tabsNow().tabs.find((each) => each.text === text && each.range === range)
      if (known) showTab(known.id)
      const opened = known ?? openTab(text, range)
      void runOf(opened.id).start(text, range)
    })
  }, [address.q, address.z, address.t])

  const share = async () => {
    const link = await linkOf(tab.text, tab.range)
    await copyText(`${location.origin}/logs${search({ ...link, v: view })}`, 'Link copied')
  }

  const commands = useMemo<Command[]>(
    () => [
      { id: 'logs-new', group: 'Logs', label: 'New query tab', icon: 'plus', run: () => void openTab() },
      {
        id: 'logs-format',
        group: 'Logs',
        label: 'Format the query',
        icon: 'format',
        run: () => editor.current?.format(),
      },
      {
        id: 'logs-side',
        group: 'Logs',
        label: 'Show or hide the tables',
        icon: 'panel',
        run: () => setSideShown((shown) => !shown),
      },
    ],
    [setSideShown],
  )
  useCommands(commands)
  useShortcuts([
    {
      keys: 'shift+Enter',
      label: 'Run the query, or what of it is selected',
      group: 'Logs',
      inText: true,
      run: runTab,
    },
    { keys: 'mod+Enter', label: 'Run the query', group: 'Logs', inText: true, run: runTab },
    { keys: 'e', label: 'Go to the editor', group: 'Logs', run: () => editor.current?.focus() },
    { keys: 'n', label: 'New query tab', group: 'Logs', run: () => void openTab() },
    {
      keys: 'alt+c',
      label: 'Cancel the query',
      group: 'Logs',
      inText: true,
      run: () => run.cancel(),
    },
  ])

  return (
    <div className={styles.page} data-side={sideShown || undefined}>
      <h1 className="visually-hidden">Logs</h1>
      {sideShown && (
        <aside className={styles.side} aria-label="Tables and queries">
          <div className={styles.sideTop}>
            <SegmentedControl
              fullWidth
              aria-label="What is listed"
              value={side}
              onChange={(value) => setSide(value as typeof side)}
              data={[
                { value: 'tables', label: 'Tables' },
                { value: 'saved', label: 'Saved' },
                { value: 'history', label: 'History' },
              ]}
            />
          </div>
          <div className={styles.sideBody}>
            {side === 'tables' ? (
              <SchemaTree
                insert={(text) => editor.current?.insert(text)}
                preview={(table) => openAndRun(`${table}\n| take 50`)}
              />
            ) : side === 'saved' ? (
              <SavedList
                open={({ query, timespan, name }) =>
                  changeTab(openTab(query, timespan ?? undefined).id, { title: name })
                }
              />
            ) : (
              <HistoryList open={({ query, range }) => openTab(query, range)} />
            )}
          </div>
        </aside>
      )}
      <section className={styles.work} aria-label="Query">
        <TabBar tabs={tabs} />
        <div className={styles.bar}>
          <Tooltip label={sideShown ? 'Hide the tables' : 'Show the tables'}>
            <ActionIcon
              aria-label={sideShown ? 'Hide the tables' : 'Show the tables'}
              aria-pressed={sideShown}
              onClick={() => setSideShown(!sideShown)}
            >
              <Icon name="panel" />
            </ActionIcon>
          </Tooltip>
          {state.status === 'running' ? (
            <Button color="gray" leftSection={<Icon name="stop" size={13} />} onClick={() => run.cancel()}>
              Cancel
            </Button>
          ) : (
            <Tooltip label="Shift+Enter">
              <Button
                leftSection={<Icon name="run" size={13} />}
                onClick={runTab}
                disabled={tab.text.trim() === ''}
              >
                Run
              </Button>
            </Tooltip>
          )}
          <TimePicker
            value={tab.range}
            setInQuery={ownTime}
            onChange={(range) => changeTab(tab.id, { range })}
          />
          <span className={styles.tools}>
            <Tooltip label="Format (Shift+Alt+F)">
              <Button
                variant="default"
                leftSection={<Icon name="format" size={14} />}
                onClick={() => editor.current?.format()}
              >
                Format
              </Button>
            </Tooltip>
            {maySave && (
              <Button
                variant="default"
                leftSection={<Icon name="save" size={14} />}
                onClick={() => setSaving(true)}
                disabled={tab.text.trim() === ''}
              >
                Save
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<Icon name="link" size={14} />}
              onClick={() => void share()}
              disabled={tab.text.trim() === ''}
            >
              Copy link
            </Button>
          </span>
        </div>
        <SaveDialog
          key={String(saving)}
          opened={saving}
          close={() => setSaving(false)}
          query={tab.text}
          range={tab.range}
        />
        <div className={styles.editor} style={{ height }}>
          <Suspense fallback={<pre className={styles.plain}>{tab.text}</pre>}>
            <KqlEditor
              document={tab.id}
              value={tab.text}
              onChange={(text) => changeTab(tab.id, { text })}
              schema={schema.data}
              onRun={runTab}
              label="KQL query. Press Ctrl+M to let Tab leave the editor."
              handle={editor}
            />
          </Suspense>
        </div>
        <SplitHandle height={height} onHeight={setHeight} />
        <div className={styles.results}>
          <ResultsPane
            run={run}
            state={state}
            view={view}
            onView={(next: ResultView) =>
              void navigate({ to: '/logs', search: { ...address, v: next }, replace: true })
            }
            onQuery={(text) => {
              changeTab(tab.id, { text })
              void start(text, tab.range)
            }}
            onReveal={(line, column) => editor.current?.reveal(line, column)}
            actions={
              state.status === 'done' && (
                <Button
                  variant="default"
                  leftSection={<Icon name="analytics" size={14} />}
                  onClick={() =>
                    void linkOf(state.query, '').then(({ q, z }) =>
                      navigate({ to: '/analytics/new', search: { q, z } }),
                    )
                  }
                >
                  New rule
                </Button>
              )
            }
          />
        </div>
      </section>
    </div>
  )
}
