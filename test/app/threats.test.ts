import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

/** Where it is shown that a threat is met: the file below `test/`, and the name of the test or of the tests together. */
type Shown = readonly [file: string, name: string]
/** Why the App, which judges pull requests on a server, cannot meet a threat. */
type NotMet = string

const own = (file: string, ...names: readonly string[]): readonly Shown[] =>
  names.map((name) => [`app/threats-${file}.test.ts`, name])

/** The threats to a reviewer of migrations, each with what it is. */
const THREATS: readonly (readonly [id: string, threat: string, shown: readonly Shown[] | NotMet])[] = [
  [
    'T1',
    'a migration poisons the engine that rehearses it',
    [
      ['rehearsal/poison.test.ts', 'an engine that answers an error with nothing proves nothing'],
      ['sandbox/contract.ts', '%s is never taken for success'],
    ],
  ],
  [
    'T2',
    'a migration knows the sandbox and behaves there',
    [['review/conclude.test.ts', 'one more finding, note or rehearsal never makes a verdict better']],
  ],
  [
    'T3',
    'the reader and PostgreSQL read different things',
    [
      ['sql/script.test.ts', 'nothing behind a change of lexing is read as if all were well'],
      ...own('host', 'T40: there is no switch that lets through what could not be looked at'),
    ],
  ],
  [
    'T4',
    'a migration forges what is read of the database',
    [
      ['rehearsal/hostile-corpus.ts', '$name is contained, and is no pass'],
      ['sandbox/contract.ts', 'what a reading calls of the migration’s own has no more power than the migration'],
    ],
  ],
  [
    'T5',
    'one head in two pull requests',
    [
      ...own('gate', 'T5: a commit that is green for an unprotected branch is not for the one where it does harm'),
      ['github/people.test.ts', 'T5: all that have one head are found, also from another branch and from a fork'],
    ],
  ],
  [
    'T6',
    'another base after the pass',
    own('gate', 'T6: another base is another question: a new check run at once, and what was agreed to is over'),
  ],
  [
    'T7',
    'lists that are cut off',
    [
      ...own(
        'reading',
        'T7: ten thousand files before the migration do not hide it',
        'T7: a tree that GitHub cuts off even folder by folder is not a pass',
        'T7: a page of commits that comes twice names nobody who may agree',
      ),
      ['github/snapshot.test.ts', 'T7: a list that may be short is never taken for whole'],
    ],
  ],
  ['T8', 'the policy of the head', own('reading', 'T8: a policy in the head disarms nothing')],
  [
    'T9',
    'SQL outside of the folder of migrations',
    [
      ...own('reading', 'T9: what a migration is made of, wherever it stands'),
      ['review/touched.test.ts', 'a module that such a module imports'],
    ],
  ],
  [
    'T10',
    'somebody agrees to their own change',
    [
      ['review/consent-right.test.ts', 'who may agree to lost data, where maintainers may'],
      ['github/people.test.ts', 'T10: who had a hand in the commits'],
      ['app/conversation.test.ts', 'waits for somebody who may agree, to exactly the text that was shown'],
    ],
  ],
  [
    'T11',
    'a push between reading and agreeing',
    [
      ...own('people', 'T11: an agreement that is looked at while another text is pushed is none to that'),
      ['commands/interleavings.test.ts', '10,000 interleavings: never an agreement to a text that was not shown'],
    ],
  ],
  [
    'T12',
    'a comment that was edited',
    own(
      'people',
      'T12: into a command, by whom it is or by another, is none',
      'T12: between delivery and reading is passed over, and so is what was deleted',
    ),
  ],
  [
    'T13',
    'a role that is not what it seems, or cannot be seen',
    [
      ...own('people', 'T13: is nobody while GitHub cannot say, and is asked again', 'T13: is told by the role'),
      ['github/people.test.ts', 'T13: a role is what GitHub says now, by the name of the role'],
    ],
  ],
  [
    'T14',
    'comments and check runs that look like ours',
    [
      ...own('people', 'T14: what looks like ours and is not is neither believed nor touched'),
      ['github/inline-review.test.ts', 'T14: another’s comment with our mark neither stands for a finding'],
    ],
  ],
  [
    'T15',
    'a command in a quotation or in code',
    [
      ['commands/parse.test.ts', 'what is none'],
      ['app/conversation.test.ts', 'a question is answered once, in words'],
    ],
  ],
  [
    'T16',
    'forks that go away, drafts, pull requests that are closed and opened again',
    [
      ...own(
        'gate',
        'T16: a draft is judged, and again when it is none, and none again',
        'T16: closed and opened again, no agreement of before counts',
        'T16: a fork that went away while it was read leaves no green check',
      ),
      ['app/conversation.test.ts', 'a fork whose repository was deleted is judged all the same'],
    ],
  ],
  [
    'T17',
    'code of the repository that is run',
    [
      ...own('host', 'T17: a migration in Python is read and never run'),
      ['frameworks/alembic/hostile.test.ts', 'nothing that it says is done'],
    ],
  ],
  [
    'T18',
    'git on a hostile repository: the App reads through the API, the command line by git',
    [['git/snapshot.test.ts', 'hooks, filters, monitors, text converters, pagers, aliases, transports']],
  ],
  [
    'T19',
    'links to files outside',
    [
      ['cli/hostile.test.ts', 'a symlink in the migrations folder is refused, and what it points to is never shown'],
      ['github/snapshot.test.ts', 'links, submodules, names that lead out, LFS pointers and large files are refused'],
    ],
  ],
  [
    'T20',
    'a way out of the database',
    [
      ['rehearsal/hostile-corpus.ts', '$name is contained, and is no pass'],
      ['sandbox/contract.ts', 'lets another program in with no more power than a migration has'],
      ['docker/confinement.test.ts', 'it has no network'],
    ],
  ],
  [
    'T21',
    'a rehearsal without end',
    [
      ['rehearsal/hostile-corpus.ts', '$name is ended, and nothing of it is left'],
      ['sandbox/local-lifetime.test.ts', 'memory has a limit'],
    ],
  ],
  [
    'T22',
    'texts that keep a parser busy',
    [
      ['cli/hostile.test.ts', 'a hostile file is a finding or a refusal with a reason, soon, and never a pass'],
      ['config/load.test.ts', 'what YAML can do beyond data is refused'],
      ['frameworks/alembic/hostile.test.ts', 'what would take long ends soon'],
      ['commands/parse.test.ts', 'what is meant to keep a reader busy'],
    ],
  ],
  [
    'T23',
    'deliveries that are forged, repeated or too large',
    [
      ['server/intake.test.ts', 'what is refused leaves no row'],
      ['server/intake.test.ts', 'a hundred times at once is kept once'],
      ['server/intake.test.ts', 'a request that takes too long'],
    ],
  ],
  [
    'T24',
    'a delivery that takes the process down',
    [
      ['server/events.test.ts', 'no payload whatever makes it throw'],
      ['server/dispatch.test.ts', 'one that is poison waits for itself, and not the others for it'],
      ['server/shutdown.test.ts', 'comes after an %s, in order'],
    ],
  ],
  [
    'T25',
    'one tenant is shown what is another’s',
    [
      ...own('host', 'T25: each repository is seen with a token for it alone'),
      ['github/snapshot.test.ts', 'T25: what is kept of one repository is not shown to another'],
    ],
  ],
  [
    'T26',
    'a secret in a log, a check run or a comment',
    [
      ...own('host', 'T26: no secret of the App reaches a log, a check run or a comment'),
      ['report/redact.test.ts', 'whatever a secret is and wherever it stands, none of its forms is left'],
    ],
  ],
  [
    'T27',
    'names that are Markdown or HTML',
    [
      ...own('text', 'T27: of tables, columns, files and branches are text in all that is published'),
      ['commands/hostile.test.ts', 'what a pull request is made of comes back as text'],
    ],
  ],
  [
    'T28',
    'so many findings, or so many comments, that nobody can read them',
    [
      ...own('text', 'T28: thousands of findings are one comment', 'T28: what bots write is not answered'),
      ['report/markdown.test.ts', 'ten thousand findings fit, and what is left out is counted'],
    ],
  ],
  ['T29', 'an address in a policy', own('host', 'T29: an address in a policy makes it invalid, and is never asked')],
  [
    'T30',
    'names that objects are born with',
    own('host', 'T30: in a delivery do nothing, and the App goes on', 'T30: in a policy make it invalid: %s'),
  ],
  [
    'T31',
    'values that become templates',
    [
      ['report/markdown.test.ts', '%s fills every hole through a helper'],
      ['report/markdown.test.ts', 'nothing of a hostile text comes to life: %s'],
    ],
  ],
  ['T32', 'a workflow that runs the title of a pull request', 'The App has no workflow: this is the Action’s.'],
  ['T33', 'a required job that is skipped', 'The App’s check run is on every head, and no job: this is the Action’s.'],
  ['T34', 'a workflow that its author edits', 'No file of a pull request configures the App: this is the Action’s.'],
  ['T35', 'a dependency that was taken over', 'It is met when the package is built and published, not by the App.'],
  [
    'T36',
    'the process that reads hostile text holds the key',
    [['server/review-apart.test.ts', 'holds nothing of the environment of its parent']],
  ],
  [
    'T37',
    'labels, titles and texts that agree',
    own('people', 'T37: labels, the text of the pull request and its title agree to nothing'),
  ],
  [
    'T38',
    'a group of a merge queue',
    [
      ...own(
        'gate',
        'T38: that cannot be read is a failing check on the commit of the group',
        'T38: that destroys data is not let through by an agreement to something else',
      ),
      ['app/conversation.test.ts', 'a group of a merge queue is judged by what its pull requests have'],
    ],
  ],
  [
    'T39',
    'a head that comes back',
    [
      ...own('people', 'T39: a head that was left and comes back is not agreed to any more'),
      ['commands/interleavings.test.ts', 'what comes back is not revived'],
    ],
  ],
  [
    'T40',
    'a switch that lets everything through',
    own('host', 'T40: there is no switch that lets through what could not be looked at'),
  ],
  [
    'T41',
    'names that are SQL or lines of a log',
    [
      ...own(
        'host',
        'T41: a branch whose name is SQL is kept as it is, and so are all tables',
        'T41: an id or a type of a delivery that is SQL or more than one line is refused or kept as text',
        'T41: every line of the log is one object of JSON',
      ),
      ['report/redact.test.ts', 'cannot be made to begin a line'],
    ],
  ],
  ['T42', 'a language model that is told what to say', 'No model is asked for anything.'],
]

/** Names may begin with the threats that they are about. */
const IDS = /^T\d+(?:, T\d+)*: /

test('every threat is spoken of, in order', () => {
  expect(THREATS.map(([id]) => id)).toEqual(Array.from({ length: 42 }, (_, i) => `T${i + 1}`))
})

test.each(THREATS)('%s: %s', (_, threat, shown) => {
  expect(threat).toMatch(/\w/)
  if (typeof shown === 'string') return expect(shown).toMatch(/^[A-Z].*\.$/)
  expect(shown.length).toBeGreaterThan(0)
  for (const [file, name] of shown) {
    const names = readFileSync(`test/${file}`, 'utf8').matchAll(/[([]\s*(['"`])((?:(?!\1).)+)\1/g)
    expect(
      [...names].some(([, , found = '']) => found.replace(IDS, '').startsWith(name.replace(IDS, '')))
        ? name
        : `${name} is not in ${file}`,
    ).toBe(name)
  }
})
