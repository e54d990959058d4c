import { MATCH_STEPS_PER_STEP, MAX_MATCH_STEPS } from "../limits.js";
import { noteWork } from "../work.js";
import { readBracket } from "./character-class.js";

/** bash's `?(…) *(…) +(…) @(…) !(…)`: backtracking, with a bound on its steps instead of a promise of linear time. */
export function hasExtendedGlob(pattern: string): boolean {
  // The second look is dear, and most patterns have none.
  return /[?*+@!]\(/.test(pattern) && /[?*+@!]\(/.test(pattern.replace(/\\./gs, ""));
}

/** Steps left for one expansion; when there are none, nothing matches. */
export interface Budget {
  steps: number;
}

export const newBudget = (): Budget => ({ steps: MAX_MATCH_STEPS });

export function matchesExtended(pattern: string, text: string, budget = newBudget()): boolean {
  const before = budget.steps;
  const matches = matchHere(pattern, text, budget, (rest) => rest === "");
  noteWork((before - budget.steps) / MATCH_STEPS_PER_STEP);
  return matches;
}

type Continuation = (rest: string) => boolean;

function matchHere(pattern: string, text: string, budget: Budget, then: Continuation): boolean {
  budget.steps -= 1;
  if (budget.steps < 0) return false;
  if (pattern === "") return then(text);
  const operator = pattern.charAt(0);
  if (pattern.charAt(1) === "(" && "?*+@!".includes(operator)) {
    const group = readGroup(pattern);
    if (group !== null) return matchGroup(operator, group, text, budget, then);
  }
  if (operator === "*") return matchStar(pattern.slice(1), text, budget, then);
  const length = matchOne(pattern, text);
  if (length === 0) return false;
  return matchHere(pattern.slice(length), text.slice(1), budget, then);
}

function matchStar(rest: string, text: string, budget: Budget, then: Continuation): boolean {
  for (let taken = 0; taken <= text.length; taken += 1) {
    if (matchHere(rest, text.slice(taken), budget, then)) return true;
    if (budget.steps < 0) return false;
  }
  return false;
}

/** Length of the pattern piece that matches the first byte of `text`; 0 when it does not. */
function matchOne(pattern: string, text: string): number {
  if (text === "") return 0;
  const character = pattern.charAt(0);
  if (character === "?") return 1;
  if (character === "[") {
    const bracket = readBracket(pattern, 1, "!^", true);
    if (bracket !== null) return bracket.set[text.charCodeAt(0)] === 1 ? bracket.next : 0;
  }
  if (character === "\\" && pattern.length > 1) return pattern.charAt(1) === text.charAt(0) ? 2 : 0;
  return character === text.charAt(0) ? 1 : 0;
}

interface Group {
  readonly alternatives: readonly string[];
  readonly rest: string;
}

function readGroup(pattern: string): Group | null {
  const alternatives: string[] = [];
  let depth = 0;
  let start = 2;
  for (let index = 2; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === "\\") index += 1;
    else if (character === "(") depth += 1;
    else if (character === "|" && depth === 0) {
      alternatives.push(pattern.slice(start, index));
      start = index + 1;
    } else if (character === ")") {
      if (depth === 0) {
        alternatives.push(pattern.slice(start, index));
        return { alternatives, rest: pattern.slice(index + 1) };
      }
      depth -= 1;
    }
  }
  return null;
}

function matchGroup(
  operator: string,
  group: Group,
  text: string,
  budget: Budget,
  then: Continuation,
): boolean {
  const rest: Continuation = (left) => matchHere(group.rest, left, budget, then);
  const once = (from: string, next: Continuation): boolean =>
    group.alternatives.some((alternative) => matchHere(alternative, from, budget, next));
  const repeat = (from: string): boolean =>
    rest(from) || once(from, (left) => left.length < from.length && repeat(left));
  switch (operator) {
    case "@":
      return once(text, rest);
    case "?":
      return rest(text) || once(text, rest);
    case "*":
      return repeat(text);
    case "+":
      return once(text, repeat);
    default:
      return matchExcept(group, text, budget, rest);
  }
}

/** `!(…)`: any stretch that none of the alternatives matches whole. */
function matchExcept(group: Group, text: string, budget: Budget, rest: Continuation): boolean {
  for (let length = text.length; length >= 0; length -= 1) {
    const piece = text.slice(0, length);
    const isMember = group.alternatives.some((alternative) =>
      matchHere(alternative, piece, budget, (left) => left === ""),
    );
    if (!isMember && rest(text.slice(length))) return true;
    if (budget.steps < 0) return false;
  }
  return false;
}
