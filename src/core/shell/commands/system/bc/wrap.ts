const LINE_CHARACTERS = 70;

/** Long numbers are broken with a backslash. */
export function wrapNumber(text: string): string {
  if (text.length < LINE_CHARACTERS) return text;
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += LINE_CHARACTERS - 2) {
    pieces.push(text.slice(at, at + LINE_CHARACTERS - 2));
  }
  return pieces.join("\\\n");
}
