import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'dist-action', 'fixtures', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['src/cli.ts', 'scripts/**', 'bin/**'],
    rules: { 'no-console': 'off' },
  },
)
