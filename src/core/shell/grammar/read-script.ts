import { parse, type Statement } from "unbash";
import { MAX_CACHED_SCRIPTS, MAX_CACHED_SCRIPT_CHARACTERS } from "../limits.js";
import { Conversion, UnexpectedToken } from "./conversion.js";
import { convertStatement, parsesCleanly } from "./convert-command.js";
import type { Dialect } from "./dialect.js";
import { describeProblem, problemAt } from "./syntax-problem.js";
import type { Command, Script, SyntaxProblem } from "./syntax.js";

const cache = new Map<string, Script>();
let cachedCharacters = 0;

/**
 * Reads a script, from the cache when the same text was read before: ten thousand containers with one command share one tree. A
 * script with a syntax error keeps the commands on the lines before it, which a shell has run by then.
 */
export function readScript(source: string, dialect: Dialect, firstLine = 1): Script {
  const key = `${dialect} ${String(firstLine)} ${source}`;
  const cached = cache.get(key);
  if (cached !== undefined) {
    // Most recently used last.
    cache.delete(key);
    cache.set(key, cached);
    return cached;
  }
  const script = convertScript(source, dialect, firstLine);
  remember(key, script);
  return script;
}

function remember(key: string, script: Script): void {
  cache.set(key, script);
  cachedCharacters += key.length;
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_CACHED_SCRIPTS && cachedCharacters <= MAX_CACHED_SCRIPT_CHARACTERS)
      return;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
}

function convertScript(source: string, dialect: Dialect, firstLine: number): Script {
  const parsed = parse(source);
  const conversion = new Conversion(source, dialect, firstLine, (nested, line) =>
    readScript(nested, dialect, line),
  );
  const problem = describeProblem(source, parsed.errors ?? [], (position) =>
    conversion.lineOf(position),
  );
  if (problem !== null) return broken(conversion, parsed.commands, problem);
  return convertAll(conversion, parsed.commands);
}

function convertAll(conversion: Conversion, statements: readonly Statement[]): Script {
  const { source } = conversion;
  const commands: Command[] = [];
  const units: number[] = [];
  let unit = 0;
  let lineStart = 0;
  for (const [index, statement] of statements.entries()) {
    const previous = statements[index - 1];
    if (previous !== undefined && source.slice(previous.end, statement.pos).includes("\n")) {
      lineStart = commands.length;
      unit += 1;
    }
    const problem = convertInto(commands, conversion, statement);
    units.push(unit);
    if (problem !== null) return { source, commands: commands.slice(0, lineStart), units, problem };
  }
  return { source, commands, units, problem: null };
}

function convertInto(
  commands: Command[],
  conversion: Conversion,
  statement: Statement,
): SyntaxProblem | null {
  try {
    commands.push(convertStatement(conversion, statement));
    return conversion.nestedProblem;
  } catch (error) {
    if (!(error instanceof UnexpectedToken)) throw error;
    const { token, position, expected, detail } = error;
    const line = conversion.lineOf(position);
    return problemAt(conversion.source, token, position, line, expected, detail);
  }
}

/** The lines before a syntax error, as many as stand by themselves. */
function broken(
  conversion: Conversion,
  statements: readonly Statement[],
  problem: SyntaxProblem,
): Script {
  const { source } = conversion;
  for (let count = statements.length; count > 0; count -= 1) {
    const last = statements[count - 1];
    if (last === undefined || last.end <= last.pos) continue;
    const lineEnd = source.indexOf("\n", last.end);
    if (lineEnd < 0 || !parsesCleanly(source.slice(0, lineEnd + 1))) continue;
    const next = statements[count];
    if (next !== undefined && next.pos <= lineEnd) continue;
    return { ...convertAll(conversion, statements.slice(0, count)), problem };
  }
  return { source, commands: [], units: [], problem };
}
