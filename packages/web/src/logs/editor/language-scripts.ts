/** Microsoft's language service: two scripts that set globals, in this order. */
import './global'
import '@kusto/language-service-next/bridge.min.js'
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js'
