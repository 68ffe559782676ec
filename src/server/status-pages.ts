import type { Handler, Routes } from './web-server.js'

export interface StatusParts {
  /** Why the process should get no more work; null when it may. Asked for each request. */
  readonly unready: () => Promise<string | null>
  /** The figures in Prometheus' text form. */
  readonly figures: () => Promise<{ readonly type: string; readonly text: string }>
}

/**
 * The pages for whoever runs the App. `/healthz`: the process answers; it says nothing of the database, as a restart does not
 * help when that is away. `/readyz`: it may be sent work. `/metrics`: the figures.
 */
export function statusPages({ unready, figures }: StatusParts): Routes {
  const health: Handler = (_request, response) => send(response, 200, 'text/plain', 'ok\n')
  const ready: Handler = async (_request, response) => {
    const reason = await unready().catch(() => 'it cannot be told')
    send(response, reason === null ? 200 : 503, 'text/plain', `${reason ?? 'ok'}\n`)
  }
  const metrics: Handler = async (_request, response) => {
    const { type, text } = await figures()
    send(response, 200, type, text)
  }
  return {
    '/healthz': { GET: health, HEAD: health },
    '/readyz': { GET: ready, HEAD: ready },
    '/metrics': { GET: metrics, HEAD: metrics },
  }
}

function send(response: Parameters<Handler>[1], status: number, type: string, text: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}
