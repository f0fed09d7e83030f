/** A text with its colours: to read, or to write when it is given what to do with a change. */
import { useMantineColorScheme } from '@mantine/core'
import 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution'
import type { Finding } from '@auspex/detect'
import type * as Monaco from 'monaco-editor'
import { useEffect, useRef } from 'react'
import { createText, EDITOR_OPTIONS, isDark, monaco, useThemeOf } from './monaco'

export default function TextView({
  text,
  language,
  label,
  onChange,
  findings,
}: {
  text: string
  language: 'kusto' | 'yaml' | 'json'
  label: string
  onChange?: (text: string) => void
  findings?: readonly Finding[]
}) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<Monaco.editor.IStandaloneCodeEditor>(null)
  const latest = useRef({ text, onChange })
  latest.current = { text, onChange }
  const { colorScheme } = useMantineColorScheme()
  const readOnly = onChange === undefined

  useEffect(() => {
    const model = createText(latest.current.text, language)
    const created = monaco.editor.create(place.current!, {
      ...EDITOR_OPTIONS,
      model,
      readOnly,
      domReadOnly: readOnly,
      ariaLabel: label,
      tabSize: language === 'kusto' ? 4 : 2,
      renderLineHighlight: readOnly ? 'none' : 'line',
    })
    editor.current = created
    const listening = model.onDidChangeContent(() => latest.current.onChange?.(model.getValue()))
    return () => {
      listening.dispose()
      created.dispose()
      model.dispose()
    }
  }, [label, language, readOnly])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (model && model.getValue() !== text) model.setValue(text)
  }, [text])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model) return
    monaco.editor.setModelMarkers(
      model,
      'rule',
      (findings ?? []).map(({ line, column, message, severity, check }) => ({
        startLineNumber: line,
        startColumn: column,
        endLineNumber: line,
        endColumn: model.getLineMaxColumn(Math.min(line, model.getLineCount())),
        message,
        code: check,
        severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
      })),
    )
  }, [findings])

  useEffect(() => {
    useThemeOf(isDark())
  }, [colorScheme])

  return <div ref={place} style={{ width: '100%', height: '100%' }} />
}
