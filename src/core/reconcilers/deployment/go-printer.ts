import { formatQuantity, parseQuantity } from "../../api/index.js";
import { GO_LAYOUT } from "./go-layout.js";

type Fields = Readonly<Record<string, unknown>>;

interface GoField {
  readonly name: string;
  /** '' where the value is part of its parent. */
  readonly json: string;
  readonly type: string;
}

/**
 * A value as Go prints it with all its fields and their types: what hashes of objects are made of. pkg/util/hash/hash.go and apimachinery
 * pkg/util/dump/dump.go ForHash, 1.34, which is spew's `%#v` without methods. Empty lists and maps are nil, as they are once they were stored.
 */
export const printGo = (value: unknown, type: string): string => print(value, type, true);

const print = (value: unknown, type: string, showsType: boolean): string => {
  if (!type.startsWith("*")) return `${showsType ? `(${type})` : ""}${content(value, type)}`;
  if (value === undefined || value === null) return `${showsType ? `(${type})` : ""}<nil>`;
  return `${showsType ? `(${type})` : "<*>"}${print(value, type.slice(1), false)}`;
};

const content = (value: unknown, type: string): string => {
  if (type === "resource.Quantity") return quantity(String(value));
  if (type === "intstr.IntOrString") return intOrString(value as string | number | undefined);
  // Times in a template are never set.
  if (type === "v1.Time")
    return "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";
  const { structs, aliases } = layout();
  const fields = structs.get(type);
  if (fields !== undefined) return struct(fields, (value ?? {}) as Fields);
  const kind = aliases.get(type) ?? type;
  if (kind.startsWith("[]")) return list((value ?? []) as readonly unknown[], kind.slice(2));
  const map = /^map\[.*?\](.*)$/.exec(kind);
  if (map !== null) return entries((value ?? {}) as Fields, map[1] ?? "");
  return scalar(value, kind);
};

const struct = (fields: readonly GoField[], value: Fields): string =>
  `{${fields
    .map(
      ({ name, json, type }) => `${name}:${print(json === "" ? value : value[json], type, true)}`,
    )
    .join(" ")}}`;

const list = (elements: readonly unknown[], type: string): string =>
  elements.length === 0
    ? "<nil>"
    : `[${elements.map((element) => print(element, type, false)).join(" ")}]`;

const entries = (map: Fields, type: string): string => {
  const keys = Object.keys(map).sort();
  if (keys.length === 0) return "<nil>";
  return `map[${keys.map((key) => `${key}:${print(map[key], type, false)}`).join(" ")}]`;
};

const scalar = (value: unknown, kind: string): string => {
  switch (kind) {
    case "string":
    case "types.UID":
      return typeof value === "string" ? value : "";
    case "bool":
      return value === true ? "true" : "false";
    case "int32":
    case "int64":
      return typeof value === "number" ? String(value) : "0";
    default:
      throw new Error(`no way to print ${kind}`);
  }
};

const intOrString = (value: string | number = 0): string =>
  typeof value === "string"
    ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
    : `{Type:(intstr.Type)0 IntVal:(int32)${value} StrVal:(string)}`;

const EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_EXPONENTS: Readonly<Record<string, number>> = {
  Ki: 10,
  Mi: 20,
  Gi: 30,
  Ti: 40,
  Pi: 50,
  Ei: 60,
};
const WORD_BITS = 64n;

/** How apimachinery keeps a quantity that it has parsed: pkg/api/resource/quantity.go ParseQuantity, 0.34, from its canonical text. */
const quantity = (text: string): string => {
  const parsed = parseQuantity(text);
  const canonical = formatQuantity(parsed);
  const { format } = parsed;
  const [, sign = "", digits = "0", suffix = ""] = /^(-?)(\d+)(.*)$/.exec(canonical) ?? [];
  if (canonical === "0") return quantityFields("0", 0, "0", "DecimalSI");
  const binary = BINARY_EXPONENTS[suffix];
  if (binary !== undefined) {
    if (15 - digits.length - Math.trunc(binary * 0.3) - 1 < 0)
      return bigQuantity(parsed.nanos, format);
    const value = BigInt(sign + digits) << BigInt(binary);
    const isKept = BigInt(digits) % 8n !== 0n;
    return quantityFields(String(value), 0, isKept ? canonical : "", format);
  }
  if (digits.length > 18) return bigQuantity(parsed.nanos, format);
  const scale = EXPONENTS[suffix] ?? Number(suffix.slice(1));
  const isKept = scale % 3 === 0 && !digits.endsWith("000");
  return quantityFields(sign + digits, scale, isKept ? canonical : "", format);
};

const quantityFields = (value: string, scale: number, text: string, format: string): string =>
  `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} ` +
  `d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`;

const bigQuantity = (nanos: bigint, format: string): string => {
  const words: bigint[] = [];
  for (let rest = nanos < 0n ? -nanos : nanos; rest > 0n; rest >>= WORD_BITS)
    words.push(BigInt.asUintN(Number(WORD_BITS), rest));
  const dec = `(*inf.Dec){unscaled:(big.Int){neg:(bool)${nanos < 0n} abs:(big.nat)[${words.join(" ")}]} scale:(inf.Scale)9}`;
  return (
    `{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} ` +
    `d:(resource.infDecAmount){Dec:${dec}} s:(string) Format:(resource.Format)${format}}`
  );
};

interface Layout {
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  readonly aliases: ReadonlyMap<string, string>;
}

let known: Layout | null = null;

/** Read when the first template is hashed: most clusters never need it. */
const layout = (): Layout => (known ??= readLayout());

const readLayout = (): Layout => {
  const structs = new Map<string, readonly GoField[]>();
  const aliases = new Map<string, string>();
  for (const line of GO_LAYOUT.trim().split("\n")) {
    const [type = "", ...rest] = line.split(" ");
    if (rest[0] === "=") aliases.set(type, rest[1] ?? "");
    else structs.set(type, rest.map(fieldOf));
  }
  return { structs, aliases };
};

const fieldOf = (text: string): GoField => {
  const [, name = "", json = "", type = ""] = /^(\w+)=([^:]*):(.*)$/.exec(text) ?? [];
  return { name, json, type };
};
