import type { Blocking } from "../../../shell/index.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { print } from "../program-io.js";

/** How a language writes what one-line programs in manifests do: the patterns capture what is printed, slept or ended with. */
export interface OneLinerGrammar {
  /** Options whose next word is the program. */
  readonly options: RegExp;
  readonly print: RegExp;
  /** Seconds. */
  readonly sleep: RegExp | null;
  readonly exit: RegExp;
  /** What does nothing that shows. */
  readonly silent: RegExp;
}

export const NODE_GRAMMAR: OneLinerGrammar = {
  options: /^(-e|--eval)$/,
  print: /^console\.log\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+))?\s*\)$/,
  sleep: null,
  exit: /^process\.exit\(\s*(\d*)\s*\)$/,
  silent: /^["']use strict["']$/,
};

export const PYTHON_GRAMMAR: OneLinerGrammar = {
  options: /^-u?c$/,
  print: /^print\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+))?\s*(?:,\s*flush\s*=\s*True\s*)?\)$/,
  sleep: /^time\.sleep\(\s*(\d+(?:\.\d+)?)\s*\)$/,
  exit: /^(?:sys\.)?exit\(\s*(\d*)\s*\)$/,
  silent: /^import\s+[\w., ]+$/,
};

type Step =
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "sleep"; readonly seconds: number }
  | { readonly kind: "exit"; readonly code: number };

/**
 * Runs a program of one line made of prints, sleeps and exits.
 * @returns its exit code; null when there is no such program or it does anything else
 */
export function* runOneLiner(
  sys: ImageSys,
  argv: readonly string[],
  grammar: OneLinerGrammar,
): Blocking<number | null> {
  const at = argv.findIndex((word) => grammar.options.test(word));
  const steps = at < 0 ? null : stepsOf(argv[at + 1] ?? "", grammar);
  if (steps === null) return null;
  for (const step of steps) {
    if (step.kind === "exit") return step.code;
    if (step.kind === "sleep") yield* sys.sleep(step.seconds * 1000);
    else yield* print(sys, 1, `${step.text}\n`);
  }
  return 0;
}

const stepsOf = (source: string, grammar: OneLinerGrammar): readonly Step[] | null => {
  const steps: Step[] = [];
  for (const statement of source.split(/[;\n]/).map((part) => part.trim())) {
    if (statement === "" || grammar.silent.test(statement)) continue;
    const printed = grammar.print.exec(statement);
    const slept = grammar.sleep?.exec(statement) ?? null;
    const ended = grammar.exit.exec(statement);
    if (printed !== null)
      steps.push({ kind: "print", text: printed[1] ?? printed[2] ?? printed[3] ?? "" });
    else if (slept !== null) steps.push({ kind: "sleep", seconds: Number(slept[1]) });
    else if (ended !== null) steps.push({ kind: "exit", code: Number(ended[1]) % 256 });
    else return null;
  }
  return steps;
};
