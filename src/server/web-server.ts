import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** What is served at a path: the methods that are understood there, and by what. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>

export interface WebServer {
  readonly port: number
  /** Accepts nothing more, lets what is open finish for so long, and then breaks it off. */
  close(milliseconds: number): Promise<void>
}

const REQUEST_MILLISECONDS = 10_000
const MOST_CONNECTIONS = 2_000

export interface WebServerOptions {
  readonly host: string
  readonly port: number
  /** How long a request may take to come, from its first byte to its last. */
  readonly requestMilliseconds?: number
}

/**
 * Serves the paths that are listed, exactly as they are written, and nothing else. A request that takes ten seconds to come is
 * cut off.
 */
export function listen(
  routes: Routes,
  { host, port, requestMilliseconds = REQUEST_MILLISECONDS }: WebServerOptions,
  otherwise: Handler = notFound,
): Promise<WebServer> {
  const server = createServer(
    {
      headersTimeout: requestMilliseconds,
      requestTimeout: requestMilliseconds,
      connectionsCheckingInterval: Math.min(1_000, requestMilliseconds / 2),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      void handle(routes, otherwise, request, response)
    },
  )
  server.maxConnections = MOST_CONNECTIONS
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      resolve({ port: bound, close: (milliseconds) => close(server, milliseconds) })
    })
  })
}

async function handle(
  routes: Routes,
  otherwise: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', query] = (request.url ?? '').split('?', 2)
  const methods = Object.hasOwn(routes, path) && query === undefined ? routes[path] : undefined
  try {
    if (methods === undefined) return await otherwise(request, response)
    const method = request.method ?? ''
    const handler = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (handler === undefined) return say(response, 405, { allow: Object.keys(methods).join(', ') })
    await handler(request, response)
  } catch {
    say(response, 500)
  }
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  say(response, 404)
}

function say(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' })
  response.end()
}

function close(server: Server, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), milliseconds)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
