import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readHcl, type HclBody } from '../../src/source/hcl.js'
import { processorTime } from '../support/processor-time.js'

/** A body in one line: `a=1 env(x){b=?}`. */
function sketch({ attributes, blocks }: HclBody): string {
  return [
    ...[...attributes].map(([name, { text }]) => `${name}=${text ?? '?'}`),
    ...blocks.map((block) => `${block.type}(${block.labels.join(' ')}){${sketch(block)}}`),
  ].join(' ')
}

describe('what is read of HCL', () => {
  test.each([
    ['nothing', '', ''],
    ['a text, a word and a number', 'a = "b c"\nd = LINEAR_SKIP\ne = 12', 'a=b c d=LINEAR_SKIP e=12'],
    ['words with dashes', 'format = golang-migrate', 'format=golang-migrate'],
    ['escapes of quotes alone', 'a = "\\"\\\\"\nb = "\\n"', 'a="\\ b=?'],
    ['no template', 'a = "x${b}"\nc = "%{ if d }e%{ endif }"', 'a=? c=?'],
    ['no reference, call, list or sum', 'a = b.c\nd = e("f")\ng = ["h"]\ni = 1 + 2', 'a=? d=? g=? i=?'],
    ['blocks with labels', 'env "a" {\n  b = c\n}\nlint { d = "e" }', 'env(a){b=c} lint(){d=e}'],
    ['blocks in blocks', 'env a "b" {\n\n  c {\n    d = 1\n  }\n}', 'env(a b){c(){d=1}}'],
    ['comments', '# a {\n// b = "\n/* c\n} */ d = 1 # e\nf = "#" // g', 'd=1 f=#'],
    ['values of several lines', 'a = [\n  "b",\n  { c = 1 },\n]\nd = {\n  e = "}"\n}\nf = 1', 'a=? d=? f=1'],
    ['heredocs', 'a = <<-SQL\n  } b = "\n  SQL\nc = 1', 'a=? c=1'],
    ['line ends of Windows', 'env "a" {\r\n  b = "c"\r\n}\r\n', 'env(a){b=c}'],
  ])('%s', (_, text, expected) => {
    const body = readHcl(text)
    expect('problem' in body ? body : sketch(body)).toEqual(expected)
  })

  test.each([
    ['a brace that is not closed', 'env "a" {\n  b = 1\n', 1],
    ['a brace that was not opened', 'a = 1\n}\n', 2],
    ['a quote that is not closed', 'a = "b\nc"', 1],
    ['a comment that is not ended', 'a = 1\n/* b', 2],
    ['a heredoc that is not ended', '\na = <<EOT\nb', 2],
    ['a name alone', 'a\nb = 1', 1],
    ['a value alone', '"a" = 1', 1],
    ['no value', 'a =\n', 1],
    ['one name twice', 'a = 1\na = 2', 2],
    ['too many braces', 'a {'.repeat(30) + '}'.repeat(30), 1],
  ])('%s is a problem in its line', (_, text, line) =>
    expect(readHcl(text)).toMatchObject({ line, problem: expect.any(String) }),
  )

  test.each(['/* ', '<<A\n', '"', '{', '[', '# ', 'a=', '/* */'])('200,000 characters of %j take no time', (piece) => {
    const before = processorTime()
    readHcl(piece.repeat(200_000 / piece.length))
    expect(processorTime() - before).toBeLessThan(1000)
  })

  test('any text is answered', () => {
    const word = fc.constantFrom(
      'a',
      '=',
      '{',
      '}',
      '"',
      '\\',
      '\n',
      '<<EOT\n',
      'EOT',
      '/*',
      '*/',
      '#',
      '[',
      ']',
      '${',
      '€',
    )
    fc.assert(fc.property(fc.array(word, { maxLength: 30 }), (words) => typeof readHcl(words.join('')) === 'object'))
  })
})
