import { sectionOf } from './changelog.mjs'

/** The notes of a release: what the changelog says, and how each door is pinned to it. `repository` is `owner/name`. */
export function notes({ version, changelog, commit, source, repository }) {
  const name = repository.split('/')[1]
  return `${sectionOf(changelog, version)}

## Pinned

\`\`\`yaml
# the Action
- uses: ${repository}@${commit} # v${version}
\`\`\`

\`\`\`yaml
# pre-commit
- repo: https://github.com/${repository}
  rev: v${version}
  hooks: [{ id: dba-lint }]
\`\`\`

\`\`\`sh
npm install --save-dev --save-exact ${name}@${version}
docker pull ghcr.io/${repository}:${version}
\`\`\`

Built from ${source}. \`gh attestation verify ${name}-${version}.tgz --repo ${repository}\` says so too; in a clone at that commit
\`npm ci && npm run release -- verify v${version}\` builds the release anew and compares it file by file.
`
}
