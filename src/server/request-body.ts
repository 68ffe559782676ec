import type { IncomingMessage } from 'node:http'

/** Why a body was not read to its end. */
export interface Unread {
  readonly status: 400 | 408 | 413 | 503
  readonly message: string
}

export interface BodyLimits {
  readonly bodyBytes: number
  readonly bytesInFlight: number
  readonly milliseconds: number
}

/**
 * Reads the bytes of a request's body. The bytes are counted in `flight` as they come, those of all requests together: one that
 * only announces a long body takes no room from the others. They stay counted when they are returned, and whoever has them takes them out.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  flight: { bytes: number },
): Promise<Buffer | Unread> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const end = (result: Buffer | Unread): void => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      if (!Buffer.isBuffer(result)) {
        flight.bytes -= length
        // The answer closes the connection; what still comes until then is thrown away.
        request.on('error', () => undefined).resume()
      }
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      flight.bytes += chunk.length
      chunks.push(chunk)
      if (length > limits.bodyBytes) end({ status: 413, message: 'the body is too long' })
      else if (flight.bytes > limits.bytesInFlight) end({ status: 503, message: 'too much is coming in' })
    }
    const onEnd = (): void => end(Buffer.concat(chunks, length))
    const onClose = (): void => end({ status: 400, message: 'the body broke off' })
    const timer = setTimeout(() => end({ status: 408, message: 'the body took too long' }), limits.milliseconds)
    request
      .on('data', onData)
      .on('end', onEnd)
      .on('close', onClose)
      .on('error', () => undefined)
  })
}
