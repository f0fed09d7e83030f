/** Monaco with KQL in it: colours at once from a small grammar, everything that needs meaning from the worker. */

import type { CompletionKind, Diagnostic, TokenKind } from '@auspex/kql'
import type * as Monaco from 'monaco-editor'
import * as editor from 'monaco-editor/esm/vs/editor/edcore.main'
import { ask } from './language'

export const monaco = editor as unknown as typeof Monaco
export const LANGUAGE = 'kusto'

declare global {
  interface Window {
    MonacoEnvironment?: Monaco.Environment
  }
}

window.MonacoEnvironment = {
  getWorker: () => new Worker(new URL('./editor.worker.ts', import.meta.url), { type: 'module' }),
}

const OPERATORS =
  'as|consume|count|datatable|distinct|evaluate|extend|externaldata|facet|filter|find|fork|getschema|graph-match|invoke|join|limit|lookup|make-graph|make-series|materialize|mv-apply|mv-expand|order|parse|parse-kv|parse-where|partition|print|project|project-away|project-keep|project-rename|project-reorder|range|reduce|render|sample|sample-distinct|scan|search|serialize|sort|summarize|take|tabular|top|top-hitters|top-nested|union|where'
const WORDS =
  'and|or|not|by|on|kind|with|asc|desc|nulls|first|last|from|to|step|in|let|declare|query_parameters|set|alias|pattern|restrict|access|has|has_cs|has_any|has_all|hasprefix|hassuffix|contains|contains_cs|startswith|startswith_cs|endswith|endswith_cs|matches|regex|between|true|false|null|typeof|dynamic|datetime|timespan|real|long|int|string|bool|guid|decimal|isfuzzy|withsource|inner|innerunique|leftouter|rightouter|fullouter|leftanti|rightanti|leftsemi|rightsemi|hint'

monaco.languages.register({ id: LANGUAGE, extensions: ['.kql'] })
monaco.languages.setLanguageConfiguration(LANGUAGE, {
  comments: { lineComment: '//' },
  brackets: [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
  ],
  autoClosingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '{', close: '}' },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: "'", close: "'", notIn: ['string', 'comment'] },
  ],
  wordPattern: /[A-Za-z_][\w]*/,
  onEnterRules: [
    {
      beforeText: /^\s*\|.*$/,
      action: { indentAction: 0 satisfies Monaco.languages.IndentAction, appendText: '| ' },
    },
  ],
})
monaco.languages.setMonarchTokensProvider(LANGUAGE, {
  tokenizer: {
    root: [
      [/\/\/.*$/, 'comment'],
      [/[hH]?@"(?:[^"]|"")*"|[hH]?@'(?:[^']|'')*'/, 'string'],
      [/[hH]?"(?:[^"\\]|\\.)*"|[hH]?'(?:[^'\\]|\\.)*'/, 'string'],
      [
        /(\|)(\s*)([\w-]+)/,
        ['delimiter', '', { cases: { [`$3~(?:${OPERATORS})`]: 'keyword', '@default': 'identifier' } }],
      ],
      [/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:d|h|m|s|ms|microsecond|tick)?\b/, 'number'],
      [/[!]?(?:in~|in|contains|has|startswith|endswith|between)\b/, 'keyword'],
      [/[A-Za-z_]\w*(?=\s*\()/, { cases: { '@words': 'keyword', '@default': 'function' } }],
      [
        /[A-Za-z_][\w]*/,
        { cases: { '@words': 'keyword', '@operators': 'keyword', '@default': 'identifier' } },
      ],
      [/[=!<>~+\-*/%]+/, 'operator'],
    ],
  },
  words: WORDS.split('|'),
  operators: OPERATORS.split('|').filter((name) => !name.includes('-')),
} as Monaco.languages.IMonarchLanguage)

const { CompletionItemKind } = monaco.languages
const KINDS: Readonly<Record<CompletionKind, Monaco.languages.CompletionItemKind>> = {
  operator: CompletionItemKind.Keyword,
  function: CompletionItemKind.Function,
  aggregate: CompletionItemKind.Method,
  plugin: CompletionItemKind.Module,
  column: CompletionItemKind.Field,
  table: CompletionItemKind.Struct,
  variable: CompletionItemKind.Variable,
  keyword: CompletionItemKind.Keyword,
  type: CompletionItemKind.TypeParameter,
  comparison: CompletionItemKind.Operator,
  chart: CompletionItemKind.Enum,
  punctuation: CompletionItemKind.Operator,
}

const snippet = (text: string) => text.replace(/[\\$}]/g, '\\$&')
const page = (url: string | undefined) => (url ? `\n\n[Reference](${url})` : '')

function rangeOf(model: Monaco.editor.ITextModel, start: number, length: number): Monaco.IRange {
  const [from, to] = [model.getPositionAt(start), model.getPositionAt(start + length)]
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  }
}

monaco.languages.registerCompletionItemProvider(LANGUAGE, {
  triggerCharacters: [' ', '|', '(', '.', ',', '='],
  async provideCompletionItems(model, position) {
    const { start, length, items } = await ask('completions', model.getValue(), model.getOffsetAt(position))
    const range = rangeOf(model, start, length)
    return {
      suggestions: items.map(({ kind, label, match, order, before, after, documentation }) => ({
        label: { label, description: kind },
        kind: KINDS[kind],
        filterText: match,
        sortText: order,
        insertText: after ? `${snippet(before)}$0${snippet(after)}` : before,
        ...(after && { insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet }),
        ...(documentation && { documentation: { value: `[Reference](${documentation})` } }),
        // What goes on with a name is offered at once: the operator after a pipe, the column after a bracket.
        ...(/[\s(]$/.test(before) && { command: { id: 'editor.action.triggerSuggest', title: 'Suggest' } }),
        range,
      })),
    }
  },
})

monaco.languages.registerHoverProvider(LANGUAGE, {
  async provideHover(model, position) {
    const hover = await ask('hover', model.getValue(), model.getOffsetAt(position))
    if (!hover) return null
    return {
      range: rangeOf(model, hover.start, hover.length),
      contents: [
        { value: `\`\`\`${LANGUAGE}\n${hover.title}\n\`\`\`` },
        { value: `${hover.text}${page(hover.documentation)}` },
      ],
    }
  },
})

monaco.languages.registerSignatureHelpProvider(LANGUAGE, {
  signatureHelpTriggerCharacters: ['(', ','],
  async provideSignatureHelp(model, position) {
    const found = await ask('signature', model.getValue(), model.getOffsetAt(position))
    if (!found) return null
    const fits = found.overloads.findIndex(
      ({ parameters }) => found.argument < parameters.length || parameters.at(-1)?.repeatable,
    )
    return {
      value: {
        activeSignature: Math.max(0, fits),
        activeParameter: found.argument,
        signatures: found.overloads.map(({ label, parameters }) => ({
          label,
          documentation: { value: found.text },
          parameters: parameters.map(({ name }) => ({ label: name })),
        })),
      },
      dispose: () => {},
    }
  },
})

monaco.languages.registerDocumentFormattingEditProvider(LANGUAGE, {
  async provideDocumentFormattingEdits(model) {
    const text = await ask('format', model.getValue())
    return text === model.getValue() ? [] : [{ range: model.getFullModelRange(), text }]
  },
})

const TOKEN_TYPES = [
  'table',
  'column',
  'function',
  'variable',
  'parameter',
  'keyword',
  'string',
  'number',
  'comment',
  'type',
]
const TOKENS: Readonly<Partial<Record<TokenKind, string>>> = {
  table: 'table',
  column: 'column',
  function: 'function',
  variable: 'variable',
  parameter: 'parameter',
  queryOperator: 'keyword',
  keyword: 'keyword',
  string: 'string',
  literal: 'number',
  comment: 'comment',
  type: 'type',
}

monaco.languages.registerDocumentSemanticTokensProvider(LANGUAGE, {
  getLegend: () => ({ tokenTypes: TOKEN_TYPES, tokenModifiers: [] }),
  async provideDocumentSemanticTokens(model) {
    const tokens = await ask('tokens', model.getValue())
    const data: number[] = []
    let [line, column] = [1, 1]
    for (const { kind, start, length } of tokens) {
      const type = TOKENS[kind]
      const at = model.getPositionAt(start)
      // A token over several lines is left to the grammar.
      if (type === undefined || model.getPositionAt(start + length).lineNumber !== at.lineNumber) continue
      const sameLine = at.lineNumber === line
      data.push(
        at.lineNumber - line,
        sameLine ? at.column - column : at.column - 1,
        length,
        TOKEN_TYPES.indexOf(type),
        0,
      )
      ;[line, column] = [at.lineNumber, at.column]
    }
    return { data: new Uint32Array(data) }
  },
  releaseDocumentSemanticTokens: () => {},
})

const { MarkerSeverity } = monaco

export function showDiagnostics(model: Monaco.editor.ITextModel, diagnostics: readonly Diagnostic[]): void {
  monaco.editor.setModelMarkers(
    model,
    'kql',
    diagnostics.map(({ start, length, message, code, severity, suggestion, documentation }) => ({
      // A mistake without a length is marked on the letter before it, or it would not be seen.
      ...rangeOf(model, length === 0 ? Math.max(0, start - 1) : start, Math.max(1, length)),
      message: suggestion ? `${message}\n${suggestion}` : message,
      severity: severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
      code: documentation ? { value: code, target: monaco.Uri.parse(documentation) } : code,
      source: 'KQL',
    })),
  )
}

export const EDITOR_OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = {
  theme: 'auspex',
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSize: 13,
  fontLigatures: false,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  automaticLayout: true,
  fixedOverflowWidgets: true,
  lineNumbersMinChars: 3,
  folding: false,
  glyphMargin: false,
  renderLineHighlight: 'line',
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  padding: { top: 8, bottom: 8 },
  wordWrap: 'on',
  tabSize: 4,
  stickyScroll: { enabled: false },
  'semanticHighlighting.enabled': true,
  suggest: { showWords: false, preview: false, showStatusBar: false },
  quickSuggestions: { other: true, strings: false, comments: false },
  wordBasedSuggestions: 'off',
  scrollbar: { verticalScrollbarSize: 8, horizontalScrollbarSize: 8 },
}

/** A text for an editor, its lines ended as KQL's positions count them, its brackets in one colour. */
export function createText(text: string, language: string): Monaco.editor.ITextModel {
  const model = monaco.editor.createModel(text, language)
  model.setEOL(monaco.editor.EndOfLineSequence.LF)
  model.updateOptions({
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  })
  return model
}

export const isDark = (): boolean => document.documentElement.dataset.mantineColorScheme === 'dark'

/** The editor in the colours of the page; called again when the scheme changes. */
export function useThemeOf(dark: boolean): void {
  const style = getComputedStyle(document.documentElement)
  // The editor takes six digits, and the build writes three where it can.
  const color = (name: string) =>
    style
      .getPropertyValue(`--${name}`)
      .trim()
      .replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3')
  const rule = (token: string, name: string, fontStyle?: string) => ({
    token,
    foreground: color(name).slice(1),
    ...(fontStyle !== undefined && { fontStyle }),
  })
  monaco.editor.defineTheme('auspex', {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('', 'text'),
      rule('keyword', 'code-keyword'),
      rule('function', 'code-function'),
      rule('string', 'code-string'),
      rule('number', 'code-number'),
      rule('type', 'code-number'),
      rule('comment', 'code-comment', 'italic'),
      rule('table', 'code-table'),
      rule('column', 'text'),
      rule('variable', 'code-number'),
      rule('parameter', 'code-number'),
      rule('operator', 'text-2'),
      rule('delimiter', 'text-3'),
    ],
    colors: {
      'editor.background': color('surface'),
      'editor.foreground': color('text'),
      'editorLineNumber.foreground': color('text-3'),
      'editorLineNumber.activeForeground': color('text-2'),
      'editor.lineHighlightBackground': color('sunken'),
      'editor.lineHighlightBorder': color('sunken'),
      'editor.selectionBackground': color('selected'),
      'editorCursor.foreground': color('accent'),
      'editorError.foreground': color('bad'),
      'editorWarning.foreground': color('warn'),
      'editorWidget.background': color('surface'),
      'editorWidget.border': color('line'),
      'editorSuggestWidget.selectedBackground': color('selected'),
      'editorSuggestWidget.selectedForeground': color('text'),
      'editorSuggestWidget.highlightForeground': color('accent-text'),
      'editorSuggestWidget.focusHighlightForeground': color('accent-text'),
      'editorHoverWidget.background': color('surface'),
      'editorHoverWidget.border': color('line'),
      focusBorder: color('focus'),
      'input.background': color('surface'),
      'list.hoverBackground': color('hover'),
      'textLink.foreground': color('accent-text'),
    },
  })
  monaco.editor.setTheme('auspex')
}
