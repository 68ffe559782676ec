import { gzipSync } from 'node:zlib'
import type { GitObjects } from './objects.js'

const BLOCK = 512

/** A gzipped archive of a tree below one folder, as GitHub's codeload gives it. */
export function tarball(objects: GitObjects, tree: string, folder: string, at: number): Buffer {
  const parts: Buffer[] = []
  for (const [path, { mode, sha }] of objects.files(tree)) {
    if (mode === '160000') continue
    const bytes = objects.blob(sha) ?? Buffer.alloc(0)
    const link = mode === '120000'
    parts.push(
      ...entry(`${folder}/${path}`, link ? Buffer.alloc(0) : bytes, {
        type: link ? '2' : '0',
        mode: mode === '100755' ? 0o775 : 0o664,
        link: link ? bytes.toString('utf8') : '',
        at,
      }),
    )
  }
  parts.push(Buffer.alloc(2 * BLOCK))
  return gzipSync(Buffer.concat(parts))
}

interface Facts {
  readonly type: string
  readonly mode: number
  readonly link: string
  readonly at: number
}

/** A header and its content. Names beyond what a plain header holds go into a pax record before it, as git does. */
function entry(path: string, bytes: Buffer, facts: Facts): readonly Buffer[] {
  const plain = [header(path, bytes.length, facts), bytes, padding(bytes.length)]
  if (Buffer.byteLength(path) <= 100) return plain
  const record = paxRecord('path', path)
  return [
    header('pax_header', record.length, { ...facts, type: 'x', link: '' }),
    record,
    padding(record.length),
    header(path.slice(-100), bytes.length, facts),
    ...plain.slice(1),
  ]
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length++
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function header(path: string, size: number, { type, mode, link, at }: Facts): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  block.write(path, 0, 100)
  block.write(octal(mode, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(at, 12), 136)
  block.write('        ', 148)
  block.write(type, 156)
  block.write(link, 157, 100)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
