import type { Blocking } from "../../../shell/index.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { print } from "../program-io.js";
import { piDigits } from "./pi.js";
import { runUntilStopped } from "./run-until-stopped.js";

/** CPU time of bpi(1000) on a core of the simulated kind; it grows with the square of the digits. */
const PI_MS_PER_1000 = 1500;
const PI_DIGITS_AT_MOST = 20_000;

/** perl -e program, as far as manifests use it: print, sleep, exit, and bignum's bpi. Anything else runs until it is stopped. */
export const perlProgram: ImageProgram = function* (sys, argv) {
  const source = sourceOf(argv);
  if (source === null) return yield* runUntilStopped(sys);
  const endsLines = argv.some((word) => /^-[a-z]*l/.test(word));
  for (const statement of source.split(";").map((part) => part.trim())) {
    if (statement === "") continue;
    const code = yield* runStatement(sys, statement, endsLines);
    if (code !== null) return code;
  }
  return 0;
};

/** Null to go on with the next statement. */
function* runStatement(
  sys: ImageSys,
  statement: string,
  endsLines: boolean,
): Blocking<number | null> {
  const pi = /^print\s+bpi\((\d+)\)$/.exec(statement);
  const text = /^print\s+(?:"((?:[^"\\]|\\.)*)"|'([^']*)')$/.exec(statement);
  const sleep = /^sleep\s*\(?\s*(\d+)\s*\)?$/.exec(statement);
  const exit = /^exit\s*\(?\s*(\d*)\s*\)?$/.exec(statement);
  const end = endsLines ? "\n" : "";
  if (pi !== null) {
    const digits = Math.min(Number(pi[1]), PI_DIGITS_AT_MOST);
    yield* sys.compute(PI_MS_PER_1000 * (digits / 1000) ** 2);
    yield* print(sys, 1, piDigits(digits) + end);
  } else if (text !== null) {
    const value = text[2] ?? (text[1] ?? "").replaceAll("\\n", "\n").replaceAll("\\t", "\t");
    yield* print(sys, 1, value + end);
  } else if (sleep !== null) yield* sys.sleep(Number(sleep[1]) * 1000);
  else if (exit !== null) return Number(exit[1] === "" ? 0 : exit[1]);
  else return yield* runUntilStopped(sys);
  return null;
}

const sourceOf = (argv: readonly string[]): string | null => {
  for (let i = 1; i < argv.length; i += 1)
    if (/^-[a-zA-Z]*[eE]$/.test(argv[i] ?? "")) return argv[i + 1] ?? "";
  return null;
};
