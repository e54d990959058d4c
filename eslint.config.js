import tseslint from "typescript-eslint";

const pureGlobals = [
  ["Date", "Take virtual time from the engine; core/api/meta/time.ts formats it."],
  ["setTimeout", "Use engine.after."],
  ["setInterval", "Use engine.after."],
  ["setImmediate", "Use engine.soon."],
  ["queueMicrotask", "Use engine.soon."],
  ["process", "The core knows no host; pass values in."],
  ["fetch", "The core does no I/O; use the simulated network."],
  ["crypto", "Draw from a named stream of engine.random."],
  ["console", "The core does not print; return or record it."],
  ["performance", "Take virtual time from the engine."],
  ["structuredClone", "Objects are immutable: share them, build new ones with spreads."],
].map(([name, message]) => ({ name, message }));

const asynchronous = [
  [
    "FunctionDeclaration[async=true], FunctionExpression[async=true], ArrowFunctionExpression[async=true]",
    "The core is synchronous: write a generator process.",
  ],
  ["AwaitExpression", "The core is synchronous: yield a wait."],
  ["NewExpression[callee.name='Promise']", "The core is synchronous: yield a Signal."],
  [
    "MemberExpression[property.name='localeCompare']",
    "Order by code unit: the host's locale must not matter.",
  ],
].map(([selector, message]) => ({ selector, message }));

export default tseslint.config(
  { ignores: ["dist/**", "data/**", "src/core/api/generated/**"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 500 }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      // A switch is a table: it counts once, however many rows it has.
      complexity: ["error", { max: 15, variant: "modified" }],
      "max-depth": ["error", 4],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      "@typescript-eslint/require-array-sort-compare": ["error", { ignoreStringArrays: true }],
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["src/core/**/*.ts"],
    ignores: ["**/*.spec.ts"],
    rules: {
      "no-restricted-globals": ["error", ...pureGlobals],
      "no-restricted-properties": [
        "error",
        {
          object: "Math",
          property: "random",
          message: "Draw from a named stream of engine.random.",
        },
      ],
      "no-restricted-syntax": ["error", ...asynchronous],
    },
  },
  {
    files: ["src/core/api/meta/time.ts"],
    rules: {
      "no-restricted-globals": ["error", ...pureGlobals.filter(({ name }) => name !== "Date")],
    },
  },
  {
    files: ["**/*.spec.ts", "**/*.e2e.ts", "test/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
);
