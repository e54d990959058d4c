const KEYWORDS: ReadonlySet<string> = new Set(
  "! case do done elif else esac fi for function if in then until while { }".split(" "),
);

/** Whether the grammar of every shell gives a meaning to this word where a command begins. */
export function isKeyword(name: string): boolean {
  return KEYWORDS.has(name);
}
