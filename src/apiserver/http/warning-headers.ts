import { MAX_CUT_WARNING_CHARACTERS, MAX_WARNING_CHARACTERS } from "../limits.js";

/**
 * `Warning: 299 - "…"` values, each text once, cut when they are long altogether. endpoints/filters/warning.go and
 * apimachinery/pkg/util/net/http.go `NewWarningHeader`, 1.34.
 */
export function warningHeaders(warnings: readonly string[]): string[] {
  const texts = [...new Set(warnings)].filter((text) => text !== "" && !hasControl(text));
  const total = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
  if (total <= MAX_WARNING_CHARACTERS) return texts.map(header);
  const cut: string[] = [];
  let written = 0;
  for (const text of texts) {
    if (written >= MAX_WARNING_CHARACTERS) break;
    const characters = Array.from(text).slice(0, MAX_CUT_WARNING_CHARACTERS);
    written += characters.length;
    cut.push(header(characters.join("")));
  }
  return cut;
}

/** Node writes header characters as single bytes, so the UTF-8 bytes go in as characters. */
function header(text: string): string {
  const quoted = text.replace(/[\\"]/g, "\\$&");
  return Buffer.from(`299 - "${quoted}"`, "utf8").toString("latin1");
}

function hasControl(text: string): boolean {
  // A header can't carry these; Go refuses them too.
  return /[\u0000-\u001f\u007f]/.test(text);
}
