import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { frameReader } from '../../src/sandbox/docker-program.js'

const frame = (channel: number, text: string): Buffer => {
  const body = Buffer.from(text)
  const header = Buffer.alloc(8)
  header.writeUInt8(channel, 0)
  header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body])
}

/** What a reader makes of chunks, by channel. */
function heard(chunks: readonly Buffer[]): Readonly<Record<number, string>> {
  const parts: Record<number, Buffer[]> = {}
  const read = frameReader((channel, chunk) => (parts[channel] ??= []).push(chunk))
  for (const chunk of chunks) read(chunk)
  return Object.fromEntries(Object.entries(parts).map(([channel, each]) => [channel, Buffer.concat(each).toString()]))
}

test('frames are told apart wherever the chunks end', () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'grapheme', maxLength: 40 })))
  fc.assert(
    fc.property(frames, fc.array(fc.nat(200), { maxLength: 20 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([channel, text]) => frame(channel, text)))
      const ends = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b)
      const chunks = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end))
      const expected: Record<number, string> = {}
      for (const [channel, text] of sent) if (text !== '') expected[channel] = (expected[channel] ?? '') + text
      expect(heard(chunks)).toEqual(expected)
    }),
  )
})
