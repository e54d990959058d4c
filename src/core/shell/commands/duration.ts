const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** `10`, `1.5`, `2m`, `infinity` in milliseconds; null for none (coreutils/sleep.c, libbb/duration.c). */
export function parseDurationMs(text: string): number | null {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) return null;
  const [, number = "0", unit = ""] = match;
  return Number(number) * (UNITS[unit] ?? 1) * 1000;
}
