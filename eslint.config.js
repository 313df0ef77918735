import jsdoc from 'eslint-plugin-jsdoc';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const ban = (selector, message) => ({ selector, message });

// A strict content policy and Trusted Types hold on a host's page only while nobody writes markup or styles as text.
const asText = [
  ban(
    "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]:not([object.name='expect'])",
    'Text is text, never markup: use a template or textContent.',
  ),
  ban(
    'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/(^|\\s)style\\s*=/]',
    'No style attribute: a strict content policy forbids it. Use a class, a part or the CSSOM.',
  ),
  ban(
    "CallExpression[callee.property.name='setAttribute'][arguments.0.value='style']",
    'No style attribute: use the CSSOM.',
  ),
];
const notLogical = ban(
  "TaggedTemplateExpression[tag.name='css'] TemplateElement[value.raw=/(^|[\\s;{])((margin|padding|border|inset|scroll-margin|scroll-padding)-)?(left|right)(-[a-z]+)?\\s*:|border-(top|bottom)-(left|right)-radius|(text-align|float|clear):\\s*(left|right)/]",
  'Use logical properties (inline-start and inline-end): pages can run from right to left.',
);
// `error` and `running` are words of other things too, so they are left to the reader.
const statusWord = ban(
  ':matches(SwitchCase, BinaryExpression[operator=/^[!=]==?$/]) > Literal[value=/^(inactive|active|created|configured|force-stop)$/]',
  'What a status or action means is in the lifecycle table. Ask the table.',
);
const unsafe = {
  patterns: [
    {
      regex: '^lit(-html)?/(directives/(unsafe-|style-map)|static)',
      message: 'These write markup or style attributes as text.',
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      'test/system/{docs,command}/.*/', // what their tests write while they run
      'dist',
      'frameworks',
      'examples/{angular,astro,next,react,solid,svelte,vue}',
      'test/system/{package/frameworks,examples/wrong}',
      'storybook-static',
      'coverage',
      'public',
      'node_modules',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, lit.configs['flat/recommended'], wc.configs['flat/recommended']],
    plugins: { jsdoc, 'lit-a11y': litA11y },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...litA11y.configs.recommended.rules,
      'lit-a11y/no-redundant-role': 'off', // Safari takes a list without bullets for no list, unless told its role
      'lit-a11y/no-autofocus': 'off', // a dialog says so where the focus goes when it opens
      eqeqeq: 'error',
      'no-restricted-imports': ['error', unsafe],
      'no-restricted-syntax': ['error', ...asText],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowRegExp: true }],
      // Lit calls listeners with the element as `this`, and ignores what they return.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['bin/**/*.ts', 'src/**/*.ts', 'mocks/**/*.ts'],
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSEnumDeclaration'],
          require: { ClassDeclaration: true, FunctionDeclaration: true },
        },
      ],
      'jsdoc/no-types': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', ...asText, notLogical] },
  },
  {
    files: ['src/{store,elements,provider,adapters}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...asText, notLogical, statusWord] },
  },
  {
    files: ['src/{elements,provider}/**/*.ts'],
    ignores: ['src/elements/shared/templates/html.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          ...unsafe,
          paths: [
            {
              name: 'lit',
              importNames: ['html'],
              message: 'Use the html of shared/templates: a page translator may replace the text nodes of a template.',
            },
          ],
        },
      ],
    },
  },
  {
    // Where a host's developer has to hear of a mistake that no `report` and no screen shows.
    files: [
      'src/store/**/*.ts',
      'src/provider/**/*.ts',
      'src/adapters/polling.ts',
      'src/i18n/localizer.ts',
      'src/elements/shared/base/define-element.ts',
      'src/elements/campaign-list/columns/column-texts.ts',
      'src/cdn/loader.ts',
    ],
    rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] },
  },
  {
    files: ['test/**/*.ts', 'stories/**/*.ts'],
    rules: {
      // Throwaway classes and deliberately odd input; chai's assertions are expressions; node:test gives promises nobody awaits.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'no-restricted-syntax': 'off',
      'wc/guard-super-call': 'off',
    },
  },
);
