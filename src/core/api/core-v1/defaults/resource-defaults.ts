import type { ResourceRequirements } from "../../generated/core-v1.js";
import { formatQuantity, parseQuantity } from "../../meta/quantity.js";
import { changeField } from "./fill.js";

const MILLI_NANOS = 1_000_000n;

/** Amounts finer than a thousandth are rounded up. SetDefaults_ResourceList, 1.34 */
export function defaultResourceList(list: Record<string, string>): Record<string, string> {
  if (!Object.values(list).some((text) => MAY_BE_FINE.test(text))) return list;
  const entries = Object.entries(list);
  const rounded = entries.map(([name, text]): [string, string] => [name, roundUpToMilli(text)]);
  const unchanged = rounded.every(([, text], index) => text === entries[index]?.[1]);
  return unchanged ? list : Object.fromEntries(rounded);
}

export function defaultResources<T extends ResourceRequirements>(resources: T): T {
  const limited = changeField(resources, "limits", defaultResourceList);
  return changeField(limited, "requests", defaultResourceList);
}

/** Only these suffixes, a fraction or an exponent can say less than a thousandth. */
const MAY_BE_FINE = /[nuE.e]/;

function roundUpToMilli(text: string): string {
  const { nanos, format } = parseQuantity(text);
  const rest = nanos % MILLI_NANOS;
  if (rest === 0n) return text;
  const rounded = nanos - rest + (nanos > 0n ? MILLI_NANOS : -MILLI_NANOS);
  return formatQuantity({ nanos: rounded, format });
}
