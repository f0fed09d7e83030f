/** A KQL editor. Loaded when it is first shown; give it the space it should fill. */

import type { DatabaseSchema, Diagnostic } from '@auspex/kql'
import { useMantineColorScheme } from '@mantine/core'
import type * as Monaco from 'monaco-editor'
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react'
import { documentOf } from './documents'
import styles from './kql-editor.module.css'
import { ask, setLanguageSchema } from './language'
import { createText, EDITOR_OPTIONS, isDark, LANGUAGE, monaco, showDiagnostics, useThemeOf } from './monaco'

export interface EditorHandle {
  focus(): void
  /** Writes at the cursor, in the place of the selection. */
  insert(text: string): void
  /** The selected text; empty without a selection. */
  selection(): string
  format(): void
  /** Shows a place, from 1. */
  reveal(line: number, column: number): void
}

export interface KqlEditorProps {
  /** Which text this is: undo and cursor are kept per document. */
  readonly document: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly schema: DatabaseSchema | undefined
  readonly onRun?: () => void
  readonly onDiagnostics?: (diagnostics: readonly Diagnostic[]) => void
  readonly label: string
  readonly handle?: RefObject<EditorHandle | null>
}

const CHECK_AFTER_MS = 300

function modelOf(name: string, text: string): Monaco.editor.ITextModel {
  return documentOf(name, () => createText(text, LANGUAGE))
}

export default function KqlEditor(props: KqlEditorProps) {
  const { document: name, value, schema, label, handle } = props
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<Monaco.editor.IStandaloneCodeEditor>(null)
  const latest = useRef(props)
  latest.current = props
  const { colorScheme } = useMantineColorScheme()

  useEffect(() => {
    const created = monaco.editor.create(place.current!, {
      model: null,
      ...EDITOR_OPTIONS,
      ariaLabel: label,
    })
    editor.current = created
    const { KeyCode, KeyMod } = monaco
    const run = () => latest.current.onRun?.()
    created.addCommand(KeyMod.Shift | KeyCode.Enter, run)
    created.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, run)
    // The palette is the page's, also from here.
    created.addCommand(KeyMod.CtrlCmd | KeyCode.KeyK, () =>
      document.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, metaKey: true, bubbles: true }),
      ),
    )
    return () => created.dispose()
  }, [label])

  useEffect(() => {
    const created = editor.current!
    const model = modelOf(name, latest.current.value)
    created.setModel(model)
    let timer = 0
    let turn = 0
    const check = () => {
      const mine = ++turn
      ask('diagnostics', model.getValue()).then(
        (diagnostics) => {
          if (mine !== turn || model.isDisposed()) return
          showDiagnostics(model, diagnostics)
          latest.current.onDiagnostics?.(diagnostics)
        },
        () => {},
      )
    }
    const listening = model.onDidChangeContent(() => {
      latest.current.onChange(model.getValue())
      clearTimeout(timer)
      timer = window.setTimeout(check, CHECK_AFTER_MS)
    })
    check()
    return () => {
      turn = -1
      clearTimeout(timer)
      listening.dispose()
    }
  }, [name])

  // A text that changed elsewhere is written as an edit, so that it can be undone.
  useEffect(() => {
    const model = modelOf(name, value)
    if (model.getValue() === value) return
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null)
  }, [name, value])

  useEffect(() => {
    if (!schema) return
    setLanguageSchema(schema)
    const model = modelOf(name, latest.current.value)
    ask('diagnostics', model.getValue()).then(
      (diagnostics) => {
        if (!model.isDisposed()) showDiagnostics(model, diagnostics)
      },
      () => {},
    )
  }, [name, schema])

  useEffect(() => {
    useThemeOf(isDark())
  }, [colorScheme])

  useImperativeHandle(handle, () => ({
    focus: () => editor.current?.focus(),
    insert: (text) => {
      const current = editor.current
      const at = current?.getSelection()
      if (!current || !at) return
      current.executeEdits('insert', [{ range: at, text, forceMoveMarkers: true }])
      current.focus()
    },
    selection: () => {
      const at = editor.current?.getSelection()
      return at && !at.isEmpty() ? (editor.current?.getModel()?.getValueInRange(at) ?? '') : ''
    },
    format: () => void editor.current?.getAction('editor.action.formatDocument')?.run(),
    reveal: (line, column) => {
      editor.current?.setPosition({ lineNumber: line, column })
      editor.current?.revealPositionInCenter({ lineNumber: line, column })
      editor.current?.focus()
    },
  }))

  return <div className={styles.editor} ref={place} />
}
