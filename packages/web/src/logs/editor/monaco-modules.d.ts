declare module 'monaco-editor/esm/vs/editor/edcore.main'
declare module '@kusto/language-service-next/bridge.min.js'
declare module '@kusto/language-service-next/Kusto.Language.Bridge.min.js'
declare module 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution'
