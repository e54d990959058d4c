const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  k: 1024,
  K: 1024,
  m: 1_048_576,
  M: 1_048_576,
  G: 1_073_741_824,
  c: 1,
  kB: 1000,
  KB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
};

/** `10`, `4k`, `1M`; null when it is none. */
export function parseCount(text: string): number | null {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  const factor = SUFFIXES[match?.[2] ?? ""];
  return match === null || factor === undefined ? null : Number(match[1]) * factor;
}
