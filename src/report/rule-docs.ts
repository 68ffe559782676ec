import { answering } from './answered.js'
import { PEERS } from './peers.js'
import { openTemplates, type Templates } from './render.js'
import { ruleListMarkdown, ruleMarkdown, type RuleExamples, type RuleFacts } from './rule-page.js'

/** The pages on rules by file name: one a rule, the list by group, and where the rules of other tools are found again. */
export function ruleDocs(
  rules: readonly RuleFacts[],
  examplesOf: (id: string) => RuleExamples,
  templates: Templates = openTemplates(),
): ReadonlyMap<string, string> {
  return new Map([
    ...rules.map((rule) => [`${rule.id}.md`, ruleMarkdown(rule, examplesOf(rule.id), templates)] as const),
    ['README.md', ruleListMarkdown(rules, templates)],
    ['moving.md', movingMarkdown(rules, templates)],
  ])
}

/** What each rule of other tools is called here. */
function movingMarkdown(rules: readonly RuleFacts[], templates: Templates): string {
  const byCode = new Map(rules.map(({ id, code }) => [code, id]))
  const rows = (codes: ReadonlyMap<string, readonly string[]>) =>
    [...codes].map(([theirs, found]) => ({
      theirs,
      ours: [...new Set(found.flatMap((code) => byCode.get(code) ?? answering(code)))].map((id) => ({ id })),
    }))
  return templates.render('moving', { peers: PEERS.map(({ title, codes }) => ({ title, rows: rows(codes) })) })
}
