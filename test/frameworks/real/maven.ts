import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Tool } from './tool.js'

const run = promisify(execFile)

/** A program of Java made of these artifacts (`group:artifact:version`) and no others, that begins in a class. */
export function mavenTool(name: string, version: string, main: string, artifacts: readonly string[]): Tool {
  return {
    name,
    version,
    needs: 'Java 17 and Maven',
    program: 'program',
    async make(folder) {
      await run('java', ['-version'])
      await writeFile(join(folder, 'pom.xml'), pomOf(artifacts))
      const copy = ['dependency:copy-dependencies', '-DoutputDirectory=jars', '-DincludeScope=runtime']
      await run('mvn', ['-q', '-B', '-f', join(folder, 'pom.xml'), ...copy], { cwd: folder, timeout: 300_000 })
      const script = `#!/bin/sh\nexec java -cp "$(dirname "$0")/jars/*" ${main} "$@"\n`
      await writeFile(join(folder, 'program'), script, { mode: 0o755 })
    },
  }
}

/**
 * Options of Java, for `JAVA_TOOL_OPTIONS`, with which a program that lives a second takes half the time: compiled once and
 * cheaply, and with its classes as the first run left them.
 * https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
 */
export function brief(program: string): string {
  const classes = join(dirname(program), 'classes.jsa')
  const shared = existsSync(classes) ? `-XX:SharedArchiveFile=${classes}` : `-XX:ArchiveClassesAtExit=${classes}`
  return `-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable ${shared}`
}

function pomOf(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':')
    const itself = `<groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version>`
    const alone = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
    return `<dependency>${itself}${alone}</dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>tools</groupId><artifactId>tool</artifactId><version>0</version>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`
}
