/**
 * The two addresses that `ClientSecretCredential` of `@azure/identity` asks, when its `authorityHost` is this server:
 * the tenant may be any, the client secret is a token of ours, and the access token that comes back is the same.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { addressOf } from '../../http/address.js'
import { failureOf } from '../../http/failure.js'
import { TooManyRequestsError } from '../../identity/errors.js'
import type { Identity } from '../../identity/identity.js'
import type { Throttle } from '../../identity/throttle.js'

const MAX_BODY = 64 * 1024
const LIFE_S = 3599

export function oauth(identity: Identity, attempts: Throttle): Hono {
  const app = new Hono()

  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) => {
    const { origin } = new URL(context.req.url)
    const base = `${origin}/${encodeURIComponent(context.req.param('tenant'))}`
    return context.json({
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    })
  })

  const token = async (context: Context) => {
    try {
      attempts.take(addressOf(context))
      const form = await context.req.parseBody()
      if (form.grant_type !== 'client_credentials') {
        return refused(context, 400, 'unsupported_grant_type', 'only client_credentials is answered here')
      }
      const secret = typeof form.client_secret === 'string' ? form.client_secret : ''
      await identity.byToken(secret)
      context.header('cache-control', 'no-store')
      return context.json({
        token_type: 'Bearer',
        expires_in: LIFE_S,
        ext_expires_in: LIFE_S,
        access_token: secret,
      })
    } catch (error) {
      const { status, message } = failureOf(error)
      if (error instanceof TooManyRequestsError) context.header('retry-after', String(error.retryAfter))
      if (status === 401) {
        return refused(
          context,
          401,
          'invalid_client',
          `${message}: the client secret is a token of \`auspex token create\``,
        )
      }
      return refused(context, status === 429 ? 429 : 400, 'invalid_request', message)
    }
  }
  const limit = bodyLimit({ maxSize: MAX_BODY })
  app.post('/:tenant/oauth2/v2.0/token', limit, token)
  app.post('/:tenant/oauth2/token', limit, token)
  return app
}

const refused = (context: Context, status: 400 | 401 | 429, error: string, description: string) =>
  context.json({ error, error_description: description, error_codes: [] }, status)
