import type { RuleSetting, Settings } from '../model/settings.js'
import { more } from '../report/limits.js'
import { approverWords } from '../report/approval-words.js'
import type { Command, Context } from './command.js'
import { fitting } from './reply.js'

export const config: Command = {
  name: 'config',
  usage: 'config',
  summary: 'the policy in force, and where each value comes from',
  who: 'anyone',
  about: 'nothing',
  run: (_, context) =>
    fitting(context, 'command-config', ({ cut, limits }) => {
      const rows = valuesOf(context.policy.settings)
      return {
        path: context.policy.path ?? '',
        rows: rows.slice(0, limits.folded * 2).map(({ key, value }) => ({
          key,
          value: cut(value),
          from: fromWhere(key, context),
        })),
        more: more(rows.length, limits.folded * 2, 'value'),
      }
    }),
}

/** A value's line in the file of the base branch, or that it is a default. */
function fromWhere(key: string, { policy: { path, lines } }: Context): string {
  const line = Object.hasOwn(lines, key) ? lines[key] : undefined
  return path === null || line === undefined ? 'default' : `${path}:${line}`
}

/** The policy as people write it: every key with its value. */
function valuesOf(settings: Settings): readonly { readonly key: string; readonly value: string }[] {
  const { postgres, preset, migrations, baseline, rules, tables, rehearsal, commands, approval, comment } = settings
  const row = (key: string, value: string | number | boolean) => ({ key, value: String(value) })
  return [
    row('postgres', postgres),
    row('preset', preset),
    row('migrations', migrations.length === 0 ? 'detected' : migrations.map(folderWords).join(', ')),
    row('baseline', baseline ?? 'none'),
    ...Object.entries(rules).map(([id, setting]) => row(`rules.${id}`, ruleWords(setting))),
    row('tables.large', namesOr(tables.large, 'none')),
    row('tables.small', namesOr(tables.small, 'none')),
    row('tables.statistics', statisticsWords(tables)),
    row('rehearsal.required', rehearsal.required),
    row('rehearsal.sandbox', rehearsal.sandbox),
    row('rehearsal.seconds', rehearsal.seconds),
    row('rehearsal.rows', rehearsal.rows),
    ...Object.entries(commands ?? {}).map(([name, command]) => row(`commands.${name}`, command)),
    row('approval.data', approverWords(approval.data)),
    row('approval.schema', approval.schema.length === 0 ? 'nobody has to agree' : approverWords(approval.schema)),
    row('approval.require-issue', approval.requireIssue),
    row('approval.require-backup', approval.requireBackup),
    row('comment', comment),
  ]
}

function folderWords({ path, framework }: Settings['migrations'][number]): string {
  return `${path === '' ? '.' : path}${framework === null ? '' : ` (${framework})`}`
}

function ruleWords(setting: RuleSetting): string {
  if (typeof setting === 'string') return setting
  const options = Object.entries(setting.options ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return [setting.severity ?? 'by default', ...options].join(', ')
}

function statisticsWords({ statistics, measured: { large, small } }: Settings['tables']): string {
  return statistics === null ? 'none' : `${statistics} (${large.length} large, ${small.length} small)`
}

function namesOr(names: readonly string[], otherwise: string): string {
  return names.length === 0 ? otherwise : names.join(', ')
}
