import { builtinNames, lookUpBuiltin } from "../builtins/registry.js";
import { appendParameter } from "../expansion/parameter-expansion.js";
import { execute } from "./execute.js";
import { runText } from "./script-run.js";
import type { Interpreter } from "./shell.js";
import { runWordsWith } from "./simple-command.js";
import { substitute, substituteProcess } from "./substitution.js";

/** The interpreter that shells are started with. */
export const interpreter: Interpreter = {
  execute,
  runText,
  substitute,
  substituteProcess,
  runWords: runWordsWith,
  appendParameter,
  findBuiltin: lookUpBuiltin,
  builtinNames,
};
