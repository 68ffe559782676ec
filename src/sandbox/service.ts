import { runnable } from '../source/runnable.js'
import { openSandbox } from './engine.js'
import type { SandboxProvider } from './sandbox.js'
import type { ServiceBoot } from './service-boot.js'

/** A server that somebody else has started. */
export interface ServiceOptions {
  readonly url: string
  /** Whether the environment says that the server may be thrown away; `?dba=disposable` in the URL says so too. */
  readonly disposable?: boolean
  readonly onProgress?: (text: string) => void
}

const GRACE_MILLISECONDS = 5000

/** A database of its own on a server that is marked as one to throw away, dropped with all that was made there. */
export function service({ url, disposable = false, onProgress = () => undefined }: ServiceOptions): SandboxProvider {
  return {
    id: 'service',
    async open({ postgres }, signal) {
      const target = read(url)
      if (target === null) return { unavailable: 'the database URL is not one of PostgreSQL' }
      if (!disposable && target.mark !== 'disposable') return { unavailable: UNMARKED }
      const boot: ServiceBoot = { url: target.url, postgres }
      const program = {
        module: runnable(import.meta.url, './service-child.js'),
        boot,
        graceMilliseconds: GRACE_MILLISECONDS,
      }
      const opened = await openSandbox('service', true, program, onProgress, signal)
      return 'unavailable' in opened ? { unavailable: target.redact(opened.unavailable) } : opened
    },
  }
}

const UNMARKED =
  'the server of the database URL is not marked as one to throw away: add ?dba=disposable to the URL or set DBA_DISPOSABLE=1'

/** The URL without our own mark, the mark, and how to keep its password out of a sentence. */
function read(
  text: string,
): { readonly url: string; readonly mark: string | null; readonly redact: (sentence: string) => string } | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (!/^postgres(?:ql)?:$/.test(url.protocol)) return null
  const mark = url.searchParams.get('dba')
  url.searchParams.delete('dba')
  const written = [url.password, url.searchParams.get('password') ?? '']
  const secrets = [...written, ...written.map(decoded)].filter((secret) => secret !== '')
  return {
    url: url.href,
    mark,
    redact: (sentence) => secrets.reduce((said, secret) => said.replaceAll(secret, '***'), sentence),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
