import { quote } from "../meta/go-format.js";

const LAYOUT = "2006-01-02T15:04:05Z07:00";
const MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";

interface Element {
  /** As the layout spells it. */
  readonly text: string;
  readonly pattern: RegExp;
  readonly range?: readonly [name: string, minimum: number, maximum: number];
}

const literal = (text: string): Element => ({ text, pattern: new RegExp(`^${text}`) });
const twoDigits = (text: string, name: string, minimum: number, maximum: number): Element => ({
  text,
  pattern: /^\d{2}/,
  range: [name, minimum, maximum],
});

const DATE_AND_TIME: readonly Element[] = [
  { text: "2006", pattern: /^\d{4}/ },
  literal("-"),
  twoDigits("01", "month", 1, 12),
  literal("-"),
  twoDigits("02", "day", 1, 31),
  literal("T"),
  twoDigits("15", "hour", 0, 23),
  literal(":"),
  twoDigits("04", "minute", 0, 59),
  literal(":"),
  twoDigits("05", "second", 0, 59),
];
const MICROSECONDS: Element = { text: ".000000", pattern: /^[.,]\d{6}/ };
const ZONE: Element = { text: "Z07:00", pattern: /^(?:Z|[+-]\d{2}:\d{2})/ };

/** Why Go's time.Parse refuses a text, in its words; null when it only misses the calendar (a 30th of February). */
export function timeProblem(text: string, micro: boolean): string {
  const layout = micro ? MICRO_LAYOUT : LAYOUT;
  let rest = text;
  const elements = [...DATE_AND_TIME, ...(micro ? [MICROSECONDS] : []), ZONE];
  for (const element of elements) {
    // A fraction may follow the seconds although the layout has none.
    if (element === ZONE && !micro) rest = rest.replace(/^[.,]\d+/, "");
    const found = element.pattern.exec(rest)?.[0];
    if (found === undefined) {
      return `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element.text)}`;
    }
    const [name, minimum, maximum] = element.range ?? ["", 0, 0];
    if (name !== "" && (Number(found) < minimum || Number(found) > maximum)) {
      return `parsing time ${quote(text)}: ${name} out of range`;
    }
    rest = rest.slice(found.length);
  }
  return rest === ""
    ? `parsing time ${quote(text)}: day out of range`
    : `parsing time ${quote(text)}: extra text: ${quote(rest)}`;
}
