import { elementsIn, readXml, textOf, type XmlElement } from '../../../source/xml.js'
import { toldOf, type ConfigurationReader } from './told.js'

/** `pom.xml`: properties that begin with `flyway.`, and the configuration of flyway-maven-plugin, which counts more. */
export const readPom: ConfigurationReader = (source) => {
  if (!source.text.includes('flyway')) return null
  const document = readXml(source)
  if ('reason' in document) return { kind: 'unread', reason: document.reason, line: document.line }
  const { root } = document
  const properties = new Map(
    elementsIn(root, 'properties')
      .flatMap((each) => elementsIn(each))
      .map((each) => [each.name, wordsOf(each)]),
  )
  const resolved = (value: string): string =>
    value.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => properties.get(name) ?? whole)
  const own = [...properties].flatMap(([name, value]) =>
    name.startsWith('flyway.') ? [[name.slice('flyway.'.length), value] as const] : [],
  )
  const told = [...own, ...pluginsOf(root).flatMap(configurationOf)]
  return toldOf(told.map(([name, value]) => [name, resolved(value)]))
}

/** Those of the build, after those that other modules inherit. */
function pluginsOf(root: XmlElement): readonly XmlElement[] {
  const builds = elementsIn(root, 'build')
  const managed = builds.flatMap((build) => elementsIn(build, 'pluginManagement'))
  return [...managed, ...builds]
    .flatMap((each) => elementsIn(each, 'plugins'))
    .flatMap((each) => elementsIn(each, 'plugin'))
    .filter((plugin) => elementsIn(plugin, 'artifactId').some((each) => wordsOf(each) === 'flyway-maven-plugin'))
}

function configurationOf(plugin: XmlElement): readonly (readonly [string, string])[] {
  return elementsIn(plugin, 'configuration')
    .flatMap((each) => elementsIn(each))
    .flatMap((setting): readonly (readonly [string, string])[] => {
      const inner = elementsIn(setting)
      if (setting.name === 'placeholders') return inner.map((each) => [`placeholders.${each.name}`, wordsOf(each)])
      return [[setting.name, inner.length === 0 ? wordsOf(setting) : inner.map(wordsOf).join(',')]]
    })
}

function wordsOf(element: XmlElement): string {
  return textOf(element).text.trim()
}
