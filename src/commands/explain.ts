import type { Review } from '../model/review.js'
import { more } from '../report/limits.js'
import { plansOf } from '../report/rollback-plan.js'
import { where } from '../report/view.js'
import { SEVERITY_MARKS } from '../report/wording.js'
import type { Answer, Command, Context } from './command.js'
import { othersPage, statementPage, wayBackPage } from './explanation.js'
import { aboutReport, fitting, noReport, refuse, type Shape } from './reply.js'
import { numbered, type Numbered } from './statements.js'
import { subjectOf, type Subject } from './subject.js'

export const explain: Command = {
  name: 'explain',
  usage: 'explain [RULE · FILE[:LINE] · #STATEMENT]',
  summary:
    'what the change does, in plain words: each statement with its lock, what it blocks, whether it rewrites, how it is undone, and the safe way',
  who: 'anyone',
  about: 'report',
  run({ words }, context) {
    const { review, textOf } = context
    if (words.length > 1) return refuse(context, 'explain takes one rule, file or statement, or nothing for all')
    if (review === null) {
      const subject = words[0] === undefined ? null : subjectOf(words[0], NO_REPORT, [])
      return subject?.kind === 'rule' ? ruleReply(subject.rule, context) : noReport(context)
    }
    const statements = numbered(review, (span) => textOf?.(span) ?? '')
    return answerTo(subjectOf(words[0], review, statements), words[0] ?? '', statements, context)
  },
}

const NO_REPORT: Pick<Review, 'findings' | 'migrations'> = { findings: [], migrations: [] }

function answerTo(subject: Subject, word: string, statements: readonly Numbered[], context: Context): Answer {
  switch (subject.kind) {
    case 'all':
      return migrationsReply(statements, statements, context)
    case 'statements':
      return migrationsReply(subject.statements, statements, context)
    case 'finding': {
      const { rule, at } = subject.finding
      const mine = statements.filter(({ found }) => found.includes(subject.finding))
      return mine.length > 0
        ? migrationsReply(mine, statements, context)
        : answerTo(subjectOf(rule, NO_REPORT, []), `${rule} at ${where(at)}`, statements, context)
    }
    case 'rule':
      return ruleReply(subject.rule, context)
    case 'none': {
      const meant = subject.near.length > 0 ? '; did you mean one of these?' : ''
      return refuse(
        context,
        `There is no rule, file or statement “${word.slice(0, 80)}” in this report${meant}`,
        subject.near,
      )
    }
  }
}

/** The migrations of some statements, each with those of its statements, and how it is undone. */
function migrationsReply(wanted: readonly Numbered[], all: readonly Numbered[], context: Context): Answer {
  return aboutReport(context, 'command-explain', (review, _, shape) => {
    const plans = plansOf(review)
    const whole = wanted.length === all.length
    const subjects = review.migrations.filter(
      (migration) => whole || wanted.some((statement) => statement.migration === migration),
    )
    const { limits, cut } = shape
    let room = limits.folded
    const pages = subjects.flatMap((migration) => {
      if (room === 0) return []
      const mine = wanted.filter((statement) => statement.migration === migration)
      // The way down has a place of its own where everything is told.
      const told = whole ? mine.filter(({ direction }) => direction === 'up') : mine
      const downs = whole ? mine.filter(({ direction }) => direction === 'down') : []
      const shown = told.slice(0, room)
      room -= shown.length
      const numbers = downs.map(({ number }) => number)
      return [
        {
          path: cut(migration.revision.path),
          change: CHANGES[migration.change],
          remark: remarkOf(migration.up.script.kind),
          statements: shown.map((each) => statementPage(each, all, whole, shape)),
          more: more(told.length, shown.length, 'statement'),
          others: othersPage(
            migration,
            whole ? review.findings : [],
            mine.filter((each) => shown.includes(each)),
            shape,
          ),
          back: wayBackPage(migration, plans, numbers, shape),
        },
      ]
    })
    return { migrations: pages, more: more(subjects.length, pages.length, 'migration') }
  })
}

const CHANGES = {
  added: 'is new',
  edited: 'is edited, though databases may have run it',
  removed: 'is taken away',
  renamed: 'gets another name',
} as const

function remarkOf(kind: Review['migrations'][number]['up']['script']['kind']): string {
  if (kind === 'refused') return 'Its up script could not be read.'
  return kind === 'script' ? '' : 'It has no up script.'
}

/** What a rule finds and why, and where it found something here. */
function ruleReply({ meta }: Extract<Subject, { kind: 'rule' }>['rule'], context: Context): Answer {
  const { review } = context
  const page = ({ cut, limits }: Shape): object => {
    const found = (review?.findings ?? []).filter(({ rule }) => rule === meta.id)
    return {
      id: meta.id,
      code: meta.code,
      summary: meta.summary,
      why: meta.why,
      instead: meta.instead,
      found: found.slice(0, limits.folded).map(({ severity, at, message, allowed }) => ({
        mark: SEVERITY_MARKS[severity],
        where: cut(where(at)),
        message: cut(message),
        allowed: allowed === null ? '' : 'allowed',
      })),
      more: more(found.length, limits.folded, 'finding'),
    }
  }
  return fitting(context, 'command-explain-rule', page)
}
