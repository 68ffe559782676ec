import { describe, expect, test } from '@jest/globals'
import { sourceText } from '../../src/source/source-text.js'
import { elementsIn, readXml, textOf, type XmlDocument } from '../../src/source/xml.js'
import { processorTime } from '../support/processor-time.js'

const read = (text: string): XmlDocument => {
  const document = readXml(sourceText('a.xml', text))
  if ('reason' in document) throw new Error(document.reason)
  return document
}

describe('what is read', () => {
  test('elements with their names, attributes and places', () => {
    const { root, comments } = read(
      '<?xml version="1.0"?>\n<a x="1 &lt; 2">\n  <b:c b:y=\'2\'/>\n  <!-- why -->\n</a>\n',
    )
    expect(root.name).toBe('a')
    expect(root.attributes).toEqual(new Map([['x', '1 < 2']]))
    expect(root.span).toEqual({ path: 'a.xml', start: { line: 2, column: 1 }, end: { line: 5, column: 5 } })
    const [c] = elementsIn(root)
    expect(c).toMatchObject({ name: 'c', prefix: 'b', attributes: new Map([['b:y', '2']]) })
    expect(c?.span).toEqual({ path: 'a.xml', start: { line: 3, column: 3 }, end: { line: 3, column: 17 } })
    expect(comments).toEqual([
      { text: 'why', span: { path: 'a.xml', start: { line: 4, column: 3 }, end: { line: 4, column: 15 } } },
    ])
  })

  test('elements of a name', () => {
    const { root } = read('<a><b/><c/>text<b/></a>')
    expect(elementsIn(root, 'b')).toHaveLength(2)
    expect(elementsIn(root)).toHaveLength(3)
  })

  test('names that JavaScript knows are names', () => {
    const { root } = read('<__proto__ constructor="1"><toString/></__proto__>')
    expect(root.name).toBe('__proto__')
    expect(root.attributes.get('constructor')).toBe('1')
    expect(root.attributes.get('toString')).toBeUndefined()
  })

  test.each([
    ['a byte order mark', '\ufeff<a/>'],
    ['a document type that declares nothing', '<!DOCTYPE a>\n<a/>'],
    ['characters of another encoding that are ASCII', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
  ])('%s is passed over', (_, text) => {
    expect(read(text).root.name).toBe('a')
  })
})

describe('each code unit of a text is found in the file', () => {
  test.each([
    ['plain', '<a>one two</a>', 'one two'],
    ['CDATA', '<a><![CDATA[one & two]]></a>', 'one & two'],
    ['references', '<a>1 &lt; 2 &amp; &#51; &#x1F989;.</a>', '1 < 2 & 3 🦉.'],
    ['pieces', '<a>one<!-- not --> two<![CDATA[ three]]> four</a>', 'one two three four'],
    ['CRLF', '<a>\r\none\r\n\rtwo\r\n</a>', '\none\n\ntwo\n'],
    ['wide characters', '<a>🦉 é <![CDATA[🦉 two]]></a>', '🦉 é 🦉 two'],
  ])('%s', (_, xml, text) => {
    const { root } = read(xml)
    const found = textOf(root)
    expect(found.text).toBe(text)
    for (const [index, unit] of [...text.split('')].entries()) {
      const at = xml[found.offsetOf(index)]
      expect(at === unit || at === '&' || (unit === '\n' && at === '\r')).toBe(true)
    }
    expect(xml.slice(found.offsetOf(text.length))).toMatch(/^(\]\]>)?<\/a>$/)
  })
})

const deep = (levels: number): string => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`
const bomb = `<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "${'&x;'.repeat(10)}">]>`

describe('what is refused, with the reason and the line', () => {
  test.each([
    ['nothing', '', 'it is not well-formed XML: Root element is missing or invalid', 1],
    ['no end tag', '<a>\n<b>\n</a>', 'it is not well-formed XML: Missing end tag for element b', 3],
    [
      'no end tag, after wide characters',
      '<a>🦉🦉🦉\n\n</b>',
      'it is not well-formed XML: Missing end tag for element a',
      3,
    ],
    [
      'an entity that nothing declares',
      '<a>\n&nbsp;</a>',
      "it is not well-formed XML: Named entity isn't defined: &nbsp;",
      2,
    ],
    ['an entity bomb', `\n${bomb}<a>&y;</a>`.trim(), /^it is not well-formed XML|DOCTYPE/, 1],
    ['declared entities', `\n${bomb}<a/>`, /DOCTYPE that may declare entities/, 2],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>', /DOCTYPE/, 1],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>', /DOCTYPE/, 1],
    ['a public document type', '<!DOCTYPE a PUBLIC "x" "http://example.com/a.dtd"><a/>', /DOCTYPE/, 1],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', /says that it is in ISO-8859-1/, 1],
    ['201 levels', `<r>\n${deep(200)}</r>`, 'its elements lie more than 200 levels deep', 2],
    ['10,000 levels', deep(10_000), 'its elements lie more than 200 levels deep', 1],
    ['130,000 levels', deep(130_000), 'its elements lie more than 200 levels deep', 1],
  ])('%s', (_, text, reason, line) => {
    expect(readXml(sourceText('a.xml', text))).toEqual({
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      line,
    })
  })

  test('200 levels are read', () => {
    expect(read(deep(200)).root.name).toBe('a')
  })
})

describe('a mebibyte is done with within three seconds', () => {
  const mebibyte = (part: string): string => part.repeat(Math.floor((1 << 20) / part.length) - 10)
  test.each([
    ['line ends', `<a>${mebibyte('\r\n')}</a>`],
    ['elements', `<a>${mebibyte('<b/>')}</a>`],
    ['references', `<a>${mebibyte('&lt;')}</a>`],
    ['attributes', `<a ${Array.from({ length: 80_000 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['comments', `<a>${mebibyte('<!---->')}</a>`],
    ['CDATA', `<a>${mebibyte('<![CDATA[]]>')}</a>`],
    ['an open comment', `<a>${mebibyte('<!-- ')}</a>`],
    ['brackets in a document type', `<!DOCTYPE a [${mebibyte('] ')}`],
    ['wide characters', `<a>${mebibyte('🦉<b/>')}</a>`],
    ['wide characters and line ends', `<a>${mebibyte('🦉\r\n')}</a>`],
    ['a start tag that does not end', `<a${mebibyte(' ')}`],
  ])('%s', (_, text) => {
    const before = processorTime()
    const document = readXml(sourceText('a.xml', text))
    if (!('reason' in document)) textOf(document.root).offsetOf(0)
    expect(processorTime() - before).toBeLessThan(3_000)
  })
})
