/** How long an exchange may take, in milliseconds, and how much may come back. */
export interface Deadlines {
  readonly headers: number
  readonly total: number
  readonly bytes: number
}

/** Ten seconds to the answer's first line, thirty in all; a listing of a very large tree has some 40 MB. */
export const DEADLINES: Deadlines = { headers: 10_000, total: 30_000, bytes: 64 << 20 }

export type Fetch = (url: string, options?: RequestInit) => Promise<Response>

/**
 * A fetch that always ends: Node's own waits for minutes. The answer is read as a whole before it is handed on, so that one
 * that breaks off in the middle is a failure and not a shorter text.
 */
export function boundedFetch(fetch: Fetch, deadlines: Deadlines = DEADLINES): Fetch {
  return async (url, options = {}) => {
    const ending = new AbortController()
    const end = (why: string) => (): void => ending.abort(new Error(why))
    const first = setTimeout(end(`no answer within ${deadlines.headers / 1_000} s`), deadlines.headers)
    const last = setTimeout(end(`no whole answer within ${deadlines.total / 1_000} s`), deadlines.total)
    const signals = [ending.signal, ...(options.signal ? [options.signal] : [])]
    try {
      const response = await fetch(url, { ...options, signal: AbortSignal.any(signals) })
      clearTimeout(first)
      const { status, statusText, headers } = response
      const body = await read(response, deadlines.bytes)
      // An answer without a body must be made without one.
      return new Response(NO_BODY.has(status) ? null : body, { status, statusText, headers })
    } catch (error) {
      throw new Error(reasonOf(ending.signal.aborted ? ending.signal.reason : error))
    } finally {
      clearTimeout(first)
      clearTimeout(last)
    }
  }
}

/** What fetch throws says "fetch failed" and keeps the reason to itself. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown; code?: unknown } }
  return String(cause?.message || cause?.code || message || 'the connection failed')
}

const NO_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304])

async function read(response: Response, most: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.byteLength
    if (bytes > most) throw new Error(`the answer has more than ${most} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
