const UNITS = ["", "K", "M", "G", "T", "P", "E"];

/** `1.5K`, `12M`: one decimal below ten (libbb/human_readable.c make_human_readable_str). */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const letter = UNITS[unit] ?? "";
  const tenths = Math.round(value * 10);
  if (tenths < 100) return `${String(Math.floor(tenths / 10))}.${String(tenths % 10)}${letter}`;
  return `${value.toFixed(1)}${letter}`;
}

/** ps shows sizes in KiB with a letter past five digits: `12345`, `99m` (procps/ps.c put_u). */
export function shortKibibytes(kibibytes: number): string {
  const whole = Math.round(kibibytes);
  return whole < 100_000 ? String(whole) : `${String(Math.round(whole / 1024))}m`;
}
