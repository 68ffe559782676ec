/** How a team's Python is installed, so that Alembic can run: shell lines in a folder that leave a `.venv` there. */
export interface PythonSetup {
  /** From the top of the repository; '' for the top. */
  readonly folder: string
  readonly lines: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const WAYS: readonly (Omit<PythonSetup, 'folder'> & { readonly file: string })[] = [
  { file: 'uv.lock', lines: ['python -m pip install uv', 'uv sync --frozen'], environment: {} },
  {
    file: 'poetry.lock',
    lines: ['python -m pip install poetry', 'poetry install'],
    environment: { POETRY_VIRTUALENVS_IN_PROJECT: 'true' },
  },
  {
    file: 'requirements.txt',
    lines: ['python -m venv .venv', '.venv/bin/pip install --requirement requirements.txt'],
    environment: {},
  },
  { file: 'pyproject.toml', lines: ['python -m venv .venv', '.venv/bin/pip install .'], environment: {} },
]

/** The nearest way above a project, its own folder first; null where there is none. */
export function pythonSetup(root: string, has: (path: string) => boolean): PythonSetup | null {
  const parts = root === '' ? [] : root.split('/')
  for (let length = parts.length; length >= 0; length--) {
    const folder = parts.slice(0, length).join('/')
    const way = WAYS.find(({ file }) => has(folder === '' ? file : `${folder}/${file}`))
    if (way !== undefined) return { folder, lines: way.lines, environment: way.environment }
  }
  return null
}
