import { createHash } from 'node:crypto'
import type { FileEntries } from '../model/file-set.js'
import type { SandboxProvider, Wish } from '../sandbox/sandbox.js'

/** A provider whose first sandbox is on its way already; dispose of it when nobody came for that. */
export interface Early extends AsyncDisposable {
  readonly provider: SandboxProvider
}

/** Begins to open a sandbox before it is known what will run in it: reading and booting need not wait for each other. */
export function openEarly(provider: SandboxProvider, wish: Wish, signal: AbortSignal): Early {
  let waiting: ReturnType<SandboxProvider['open']> | null = provider.open(wish, signal)
  // Whoever asks for it hears of a failure; until then nobody listens.
  waiting.catch(() => undefined)
  return {
    provider: {
      id: provider.id,
      open: (asked, asker) => {
        const first = waiting
        waiting = null
        return first ?? provider.open(asked, asker)
      },
    },
    [Symbol.asyncDispose]: async () => {
      const unclaimed = await waiting?.catch(() => null)
      if (unclaimed && !('unavailable' in unclaimed)) await unclaimed[Symbol.asyncDispose]()
    },
  }
}

/** Every word of the files that speak of extensions: the names of those that may be wanted are among them. */
export function extensionWords(entries: FileEntries): readonly string[] {
  const words = new Set<string>()
  for (const entry of entries.values()) {
    if (entry === null || !('text' in entry) || !/extension/i.test(entry.text)) continue
    for (const [word] of entry.text.matchAll(/[\w-]+/g)) words.add(word.toLowerCase())
  }
  return [...words]
}

/** Whether any file that was loaded differs between the two sides, so that there may be something to rehearse. */
export function differ(base: FileEntries, head: FileEntries): boolean {
  return [...head].some(([path, entry]) => {
    if (entry === null || !('text' in entry)) return false
    const before = base.get(path)
    return !before || !('text' in before) || before.text !== entry.text
  })
}

/** What is known of a history before it is read: the texts that lead to it. */
export function hintOf(base: FileEntries, postgres: number): string {
  const texts = [...base].map(([path, entry]) => [path, entry !== null && 'text' in entry ? entry.text : null])
  return createHash('sha256')
    .update(JSON.stringify([postgres, texts]))
    .digest('hex')
}
